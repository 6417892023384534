"""The last step: from the plan to the files, and from the files to the proofs."""

from __future__ import annotations

import posixpath
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from schemawalk import delivery, proving
from schemawalk.design.model import Design
from schemawalk.schema.dialects.notations import NOTATIONS
from schemawalk.writers.output import OutputError, apply
from schemawalk.writers.registry import WriterError
from tui.views import Line, Role, View

if TYPE_CHECKING:
    from schemawalk.delivery import Delivery
    from schemawalk.engines.verdict import Proof, ProofCheck
    from wizard_steps.asking.steps import Step

Phase = Literal["ready", "planned", "written", "proven"]
Tell = Callable[[int, int, str], None]
"""Told how much is done, how much there is, and what is at hand."""

DRIVER: Final = "pip install 'schemawalk[postgresql]'"

_ACTIONS: Final[dict[str, tuple[str, Role, str]]] = {
    "create": ("+", "good", "new"),
    "update": ("~", "accent", "changes"),
    "same": ("·", "muted", "as it is"),
    "kept": ("·", "muted", "kept"),
    "beside": ("!", "warn", "yours stays"),
    "stale": ("-", "warn", "no output any more"),
}


class CancelledError(Exception):
    """Somebody pressed the key that stops the work."""


class Writing:
    """One way from a design to its files; lives as long as the design is the same."""

    def __init__(self, design: Design, folder: Path) -> None:
        self.design = design
        self.phase: Phase = "ready"
        self.busy = ""
        """What is being done, or empty."""
        self.problem = ""
        """Why it went no further."""
        self.delivery: Delivery | None = None
        self.proofs: list[Proof] = []
        self.skipped: list[tuple[str, str]] = []
        """Databases that could not be used, and why."""
        self._folder = folder
        self._stop = threading.Event()

    @property
    def blocked(self) -> bool:
        """Whether the review found an error that must go first."""
        made = self.delivery
        return made is not None and any(f.severity == "error" for f in made.work.findings)

    def cancel(self) -> None:
        """Stop at the next chance."""
        self._stop.set()

    def run(self, tell: Tell) -> None:
        """Do what comes next: the plan, or the files and then the proofs.  Blocks; cancellable."""
        self._stop.clear()
        self.problem = ""
        try:
            self._next(self._stoppable(tell))
        except CancelledError:
            self.problem = f"Stopped while {self.busy}."
        except (delivery.DeliveryError, WriterError, OutputError) as error:
            self.problem = str(error)
        finally:
            self.busy = ""

    def _next(self, tell: Tell) -> None:
        match self.phase:
            case "ready":
                self._plan(tell)
            case "planned" if not self.blocked:
                self._write(tell)
                self._prove(tell)
            case "written" | "proven":
                self._prove(tell)

    def _plan(self, tell: Tell) -> None:
        self.busy = "planning"
        self.delivery = delivery.deliver(self.design, self._folder, progress=tell)
        self.phase = "planned"

    def _write(self, tell: Tell) -> None:
        if self.delivery is None:
            return
        self.busy = "writing"
        apply(self.delivery.plan, tell)
        self.phase = "written"

    def _prove(self, tell: Tell) -> None:
        self.busy = "proving"
        self.proofs, self.skipped = [], []
        databases = proving.usual_databases(self.design)
        together = proving.Together(databases, tell)
        proven = proving.prove(self.design, databases, progress=together)
        self.proofs, self.skipped = list(proven.proofs), list(proven.skipped)
        self.phase = "proven"

    def _stoppable(self, tell: Tell) -> Tell:
        def told(done: int, total: int, name: str) -> None:
            if self._stop.is_set():
                raise CancelledError
            tell(done, total, name)

        return told


def write_view(writing: Writing, step: Step, headline: str) -> View:
    """The plan, or the proofs, as lines."""
    prompts = {
        "ready": headline,
        "planned": _plan_headline(writing),
        "written": "Written",
        "proven": _proof_headline(writing),
    }
    lines = _plan_lines(writing) if writing.phase != "proven" else _proof_lines(writing)
    intro = step.intro if writing.phase in ("ready", "planned") else ""
    return View("write", step.title, intro, prompt=prompts[writing.phase],
                note=_next_words(writing), lines=lines)  # fmt: skip


def _next_words(writing: Writing) -> str:
    if writing.blocked:
        return "The review found errors: enter leads to them"
    return {
        "ready": "Enter shows what would be written where",
        "planned": "Enter writes it: all of it, or nothing",
        "written": "Enter proves it on real databases",
        "proven": "Enter proves it again; q leaves",
    }[writing.phase]


def _plan_headline(writing: Writing) -> str:
    if writing.delivery is None:
        return ""
    entries = writing.delivery.plan.entries
    counts = []
    for action, (_, _, words) in _ACTIONS.items():
        count = sum(entry.action == action for entry in entries)
        counts += [f"{count} {words}"] if count else []
    folder = _shared_folder([entry.path for entry in entries]).strip("/")
    return f"{len(entries)} files{f' in {folder}' if folder else ''}: {', '.join(counts)}"


def _plan_lines(writing: Writing) -> tuple[Line, ...]:
    """Files by folder, each with what would happen to it."""
    entries = writing.delivery.plan.entries if writing.delivery else ()
    shared = _shared_folder([entry.path for entry in entries])
    folders: dict[str, list[Line]] = {}
    for entry in entries:
        folder, _, name = entry.path.rpartition("/")
        inside = f"{folder}/".removeprefix(shared).rstrip("/")
        mark, role, words = _ACTIONS[entry.action]
        detail = f"{words}: {entry.detail}" if entry.detail else words
        line = Line(entry.path, name, detail, entry.path, mark=mark, role=role)
        folders.setdefault(inside, [Line("", inside, heading=True)] if inside else []).append(line)
    return tuple(line for inside in sorted(folders) for line in folders[inside])


def _shared_folder(paths: list[str]) -> str:
    """The folder that all paths lie in, with its slash; empty when there is none."""
    return posixpath.commonpath([posixpath.dirname(p) for p in paths]) + "/" if paths else ""


def _proof_headline(writing: Writing) -> str:
    said = []
    for proof in writing.proofs:
        held = sum(check.ok for check in proof.checks)
        mark = "✓" if proof.ok else "✗"
        said.append(f"{mark} {_title(proof.engine)}: {held} of {len(proof.checks)} checks hold")
    return "\n".join((*said, *(f"– {_title(name)}: not tried" for name, _ in writing.skipped)))


def _proof_lines(writing: Writing) -> tuple[Line, ...]:
    lines = [
        Line(name, f"{_title(name)} was not tried", _advice(name, why), mark="–", role="warn")
        for name, why in writing.skipped
    ]
    for proof in writing.proofs:
        lines.append(Line("", f"{_title(proof.engine)} {proof.version}", heading=True))
        ordered = sorted(proof.checks, key=lambda check: check.ok)
        lines += [_check_line(f"{proof.engine}.{i}", c) for i, c in enumerate(ordered)]
    return tuple(lines)


_OUTCOMES: Final[dict[tuple[bool, bool], tuple[str, Role, str]]] = {
    (True, True): ("✓", "good", "holds"),
    (False, True): ("✗", "bad", "does not hold"),
    (False, False): ("–", "warn", "not tried"),
}
"""By whether a check is ok, and was made: mark, colour, words."""


def _check_line(line_id: str, check: ProofCheck) -> Line:
    mark, role, words = _OUTCOMES[check.ok, check.made]
    because = f"{words}: {check.detail}" if check.detail else words
    return Line(line_id, check.name, because=because, mark=mark, role=role)


def _advice(database: str, why: str) -> str:
    if database == "postgresql" and "install" not in why:
        return f"{why} Its driver comes with: {DRIVER}"
    return why


def _title(database: str) -> str:
    return NOTATIONS[database].title if database in NOTATIONS else database
