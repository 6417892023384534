"""Proofs as lines for a terminal: each cause of a failure whole once, then how much held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from schemawalk.engines.verdict import Proof, ProofCheck

NAMED: Final = 3
"""Further checks of one cause that are named."""


def lines(proofs: Iterable[Proof]) -> Iterator[str]:
    """What failed, cause by cause, and how much held."""
    for proof in proofs:
        for first, others in by_cause(proof.checks):
            yield f"  ✗ {first.name}: {first.detail}"
            if others:
                yield f"    {more(others)}"
        held = sum(item.ok for item in proof.checks)
        mark = "✓" if proof.ok else "✗"
        yield f"{mark} {proof.engine} {proof.version}: {held} of {len(proof.checks)} checks hold"


def by_cause(checks: Iterable[ProofCheck]) -> list[tuple[ProofCheck, list[ProofCheck]]]:
    """The checks that do not hold: the first of each cause, with those that share it."""
    found: dict[str, tuple[ProofCheck, list[ProofCheck]]] = {}
    for check in checks:
        if check.ok:
            continue
        if check.detail in found:
            found[check.detail][1].append(check)
        else:
            found[check.detail] = (check, [])
    return list(found.values())


def more(others: list[ProofCheck]) -> str:
    """How many checks failed for a reason that was said, and the names of the first ones."""
    names = ", ".join(check.name for check in others[:NAMED])
    rest = ", …" if len(others) > NAMED else ""
    return f"and {len(others)} more for the same reason: {names}{rest}"
