"""The end of the plain prompts: the plan, the files, and the proof, with lines of progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemawalk.cli import UNUSABLE, echo
from schemawalk.printable import one_line
from tui.plain.shown import finding
from tui.plain.spoken import Pager, Progress, sentence

if TYPE_CHECKING:
    from schemawalk.delivery import Delivery
    from schemawalk.design.model import Design
    from schemawalk.engines.proof import Proof
    from tui.session import Session

_ACTIONS = {
    "create": "New", "update": "Changes", "same": "As it is", "kept": "Kept",
    "beside": "Yours stays, ours goes beside it", "stale": "No output any more",
}  # fmt: skip


def planned(session: Session) -> Delivery:
    """Everything that would be written; raises DeliveryError, WriterError, OutputError."""
    from schemawalk.delivery import deliver

    return deliver(session.design, session.folder, progress=Progress("Planning"))


def say_plan(delivery: Delivery, pager: Pager) -> bool:
    """Say what would be written, or what stands in the way; False when something does."""
    errors = [f for f in delivery.work.findings if f.severity == "error"]
    if errors:
        pager.show([finding(each) for each in errors])
        echo('Nothing is written before this is settled: "findings" leads there.')
        return False
    entries = delivery.plan.entries
    lines = [f"{len(entries)} files. Nothing was written so far."]
    for entry in entries:
        detail = f", {one_line(entry.detail)}" if entry.detail else ""
        lines.append(f"{_ACTIONS.get(entry.action, entry.action)}: {one_line(entry.path)}{detail}")
    pager.show(lines)
    return True


def write(delivery: Delivery, session: Session) -> None:
    """Write all of the plan, or nothing; raises OutputError."""
    from schemawalk.writers.output import apply

    apply(delivery.plan, Progress("Writing"))
    echo(f"Written to {session.folder}.")


def prove(design: Design) -> int:
    """Prove the schema on every database at hand; gives the exit code."""
    from schemawalk import proving

    databases = proving.usual_databases(design)
    echo(f"Proving on {_listed(databases)}.")
    together = proving.Together(databases, Progress("Proving"))
    proven = proving.prove(design, databases, progress=together)
    for database, why in proven.skipped:
        echo(f"{_title(database)} was not tried: {sentence(why)}")
    proofs = proven.proofs
    for proof in proofs:
        _say_proof(proof)
    if not proofs:
        return UNUSABLE
    echo("The walk is at its end; the same command opens it again.")
    return 0 if all(proof.ok for proof in proofs) else 1


def _title(database: str) -> str:
    from schemawalk.schema.dialects.notations import NOTATIONS

    return NOTATIONS[database].title


def _listed(databases: Sequence[str]) -> str:
    *others, last = map(_title, databases)
    return f"{', '.join(others)} and {last}" if others else last


def _say_proof(proof: Proof) -> None:
    title = _title(proof.engine)
    failed: Sequence[str] = [
        f"Failed: {sentence(f'{item.name}: {item.detail}')}" for item in proof.checks if not item.ok
    ]
    for line in failed:
        echo(line)
    held = len(proof.checks) - len(failed)
    said = "Proven" if proof.ok else "Not proven"
    echo(f"{said} on {title} {proof.version}: {held} of {len(proof.checks)} checks hold.")
