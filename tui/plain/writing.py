"""The end of the plain prompts: the plan, the files, and the proof, with lines of progress."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from schemawalk.cli import UNUSABLE, echo
from schemawalk.printable import one_line
from tui.plain.shown import finding
from tui.plain.spoken import Pager, Progress, sentence

if TYPE_CHECKING:
    from schemawalk.delivery import Delivery
    from schemawalk.design.model import Design
    from schemawalk.engines.proof import Proof
    from tui.session import Session

_WRITE: Final = re.compile(r"write(?: on (.+))?", re.IGNORECASE)

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
    from tui.writing import counted

    left = "Nothing is left to write" if delivery.plan.idle else "Nothing is written yet"
    lines = [f"{len(entries)} files: {counted(entries)}. {left}."]
    for entry in entries:
        detail = f", {one_line(entry.detail)}" if entry.detail else ""
        lines.append(f"{_ACTIONS.get(entry.action, entry.action)}: {one_line(entry.path)}{detail}")
    pager.show(lines)
    if delivery.plan.mixed:
        echo(sentence(delivery.plan.mixed))
    return not delivery.plan.mixed


def write(delivery: Delivery, session: Session) -> None:
    """Write all of the plan, or nothing; raises OutputError."""
    from schemawalk.writers.output import apply

    apply(delivery.plan, Progress("Writing"))
    echo(f"Written to {session.folder}.")


def databases_said(design: Design, said: str) -> tuple[str, ...] | None:
    """The databases of "write on sqlite, mariadb", the usual ones of "write"; None for others.

    Raises AnswerError when a name is none of those that are here.
    """
    from schemawalk import proving
    from wizard_steps.asking.question import AnswerError

    found = _WRITE.fullmatch(said)
    if found is None:
        return None
    names = tuple(re.findall(r"[a-z]+", (found[1] or "").lower().replace(" and ", " ")))
    here = proving.possible_databases(design)
    if unknown := [name for name in names if name not in here]:
        raise AnswerError(f"There is no {unknown[0]} to prove on here; there is {listed(here)}.")
    return names or proving.usual_databases(design)


def say_where(design: Design) -> None:
    """Say where it is proven unless somebody chooses, and how to choose."""
    from schemawalk import proving

    usual = listed(proving.usual_databases(design))
    echo(f'"write" proves it on {usual} afterwards; "write on sqlite" only there.')


def prove(design: Design, databases: Sequence[str]) -> int:
    """Prove the schema on some databases; gives the exit code."""
    from schemawalk import proving

    echo(f"Proving on {listed(databases)}.")
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


def listed(databases: Sequence[str]) -> str:
    """Databases by their titles: "SQLite and MariaDB"."""
    *others, last = map(_title, databases)
    return f"{', '.join(others)} and {last}" if others else last


def _say_proof(proof: Proof) -> None:
    from schemawalk.proofs_shown import by_cause, more

    title = _title(proof.engine)
    for first, others in by_cause(proof.checks):
        echo(f"Failed: {sentence(f'{first.name}: {first.detail}')}")
        if others:
            echo(sentence(more(others)))
    held = sum(item.ok for item in proof.checks)
    said = "Proven" if proof.ok else "Not proven"
    echo(f"{said} on {title} {proof.version}: {held} of {len(proof.checks)} checks hold.")
