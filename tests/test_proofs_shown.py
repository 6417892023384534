"""A proof that fails says each cause once, whole, and how often it struck."""

from __future__ import annotations

from schemawalk.engines.verdict import Proof, ProofCheck
from schemawalk.proofs_shown import lines

WHY = "no row of rooms could be made: currency is not there"


def test_checks_that_fail_for_one_reason_are_told_together() -> None:
    """The first whole, the others by name, and what fails for another reason on its own."""
    checks = (
        *(ProofCheck(f"check {n}", False, WHY, made=False) for n in range(1, 6)),
        ProofCheck("up", True),
        ProofCheck("index", False, "it is not used"),
    )
    assert list(lines([Proof("sqlite", "3.40", checks)])) == [
        f"  ✗ check 1: {WHY}",
        "    and 4 more for the same reason: check 2, check 3, check 4, …",
        "  ✗ index: it is not used",
        "✗ sqlite 3.40: 1 of 7 checks hold",
    ]


def test_a_proof_that_holds_takes_one_line() -> None:
    """Nothing but how much was tried."""
    proof = Proof("sqlite", "3.40", (ProofCheck("up", True),))
    assert list(lines([proof])) == ["✓ sqlite 3.40: 1 of 1 checks hold"]
