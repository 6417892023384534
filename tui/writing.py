"""The last step: from the plan to the files, and from the files to the proofs."""

from __future__ import annotations

import posixpath
import threading
from collections import Counter
from collections.abc import Callable, Sequence
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
    from schemawalk.writers.output import Entry
    from wizard_steps.asking.steps import Step

Phase = Literal["ready", "planned", "written", "proven"]
Tell = Callable[[int, int, str], None]
"""Told how much is done, how much there is, and what is at hand."""

DRIVER: Final = "pip install 'schemawalk[postgresql]'"

_ACTIONS: Final[dict[str, tuple[str, Role, str, str, str]]] = {
    "create": ("+", "good", "new", "new", "new"),
    "update": ("~", "accent", "changes", "to change", "to change"),
    "same": ("·", "muted", "as it is", "as it is", "as they are"),
    "kept": ("·", "muted", "kept", "kept", "kept"),
    "beside": ("!", "warn", "yours stays", "beside yours", "beside yours"),
    "stale": ("-", "warn", "no output any more", "no output any more", "no output any more"),
}  # fmt: skip
"""What happens to a file: mark, colour, words; and the words after a count of one, and of many."""
_DONE: Final = {"create": "written", "update": "written anew", "beside": "written beside yours"}
"""The words for a file after it was written."""
_IN_MEMORY: Final = "a database in memory"
_ON_A_SERVER: Final = "a server that is started for it and thrown away afterwards"
_ON: Final = "on."
"""Begins the ids of the lines of databases."""


class CancelledError(Exception):
    """Somebody pressed the key that stops the work."""


class Writing:
    """One way from a design to its files; lives as long as the design is the same."""

    def __init__(self, design: Design, folder: Path, chosen: Sequence[str] | None = None) -> None:
        """`chosen` are the databases to prove on, if somebody chose."""
        self.design = design
        self.databases = proving.possible_databases(design)
        """All that can be proven on here."""
        usual = proving.usual_databases(design) if chosen is None else chosen
        self.chosen = tuple(name for name in self.databases if name in usual)
        """Those of them that are proven on."""
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

    @property
    def mixed(self) -> str:
        """Why nothing is written beside files for another database; empty when none are there."""
        return self.delivery.plan.mixed if self.delivery and self.phase == "planned" else ""

    @property
    def is_idle(self) -> bool:
        """Whether the plan has nothing to write."""
        return self.delivery is not None and self.delivery.plan.idle

    def toggle(self, line_id: str) -> bool:
        """Prove on the database of a line, or not; False when it is the line of none."""
        name = line_id.removeprefix(_ON)
        if not line_id.startswith(_ON) or name not in self.databases:
            return False
        wanted = set(self.chosen) ^ {name}
        self.chosen = tuple(each for each in self.databases if each in wanted)
        return True

    def cancel(self) -> None:
        """Stop at the next chance."""
        self._stop.set()

    def run(self, tell: Tell, written: Callable[[], object] = lambda: None) -> None:
        """Do what comes next: the plan, or the files and then the proofs.  Blocks; cancellable.

        `written` is called when the files are there, before the first proof.
        """
        self._stop.clear()
        self.problem = ""
        try:
            self._next(self._stoppable(tell), written)
        except CancelledError:
            self.problem = f"Stopped while {self.busy}."
        except (delivery.DeliveryError, WriterError, OutputError) as error:
            self.problem = str(error)
        except Exception as error:  # the screen must not wait for ever for a thread that is gone
            self.problem = f"Something unforeseen happened ({type(error).__name__}: {error})."
        finally:
            self.busy = ""

    def _next(self, tell: Tell, written: Callable[[], object]) -> None:
        match self.phase:
            case "ready":
                self._plan(tell)
            case "planned" if not self.blocked:
                self._write(tell)
                written()
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
        if not self.chosen:
            return
        self.busy = "proving"
        self.proofs, self.skipped = [], []
        together = proving.Together(self.chosen, tell)
        together.start()
        proven = proving.prove(self.design, self.chosen, progress=together)
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
        "written": _written_headline(writing),
        "proven": _proof_headline(writing),
    }
    lines = _plan_lines(writing) if writing.phase != "proven" else _proof_lines(writing)
    lines = (*lines, *_database_lines(writing))
    intro = step.intro if writing.phase in ("ready", "planned") else ""
    return View("write", step.title, intro, prompt=prompts[writing.phase],
                note=_next_words(writing), lines=lines)  # fmt: skip


def _next_words(writing: Writing) -> str:
    if writing.blocked:
        return "The review found errors: enter leads to them"
    if writing.mixed:
        return f"Not to be written so: {writing.mixed}"
    on = _listed(writing.chosen)
    none = "no database is chosen to prove it on"
    after = f"then proves it on {on}; esc stops the proof" if on else none
    return {
        "ready": "Enter shows what would be written where",
        "planned": f"Nothing is left to write: enter proves it on {on or 'nothing'}; esc stops that"
        if writing.is_idle
        else f"Nothing is written yet. Enter writes all of it or nothing, {after}",
        "written": f"Enter proves it on {on}; esc stops that" if on else none.capitalize(),
        "proven": f"Enter proves it again on {on}; q leaves" if on else none.capitalize(),
    }[writing.phase]


def _listed(databases: Sequence[str]) -> str:
    *others, last = map(_title, databases) if databases else ("",)
    return f"{', '.join(others)} and {last}" if others else last


def counted(entries: Sequence[Entry]) -> str:
    """How many files become what: "2 new, 10 as they are"."""
    found = Counter[str](entry.action for entry in entries)
    return ", ".join(f"{count} {one if count == 1 else many}"
                     for action, (*_, one, many) in _ACTIONS.items()
                     if (count := found[action]))  # fmt: skip


def _plan_headline(writing: Writing) -> str:
    if writing.delivery is None:
        return ""
    entries = writing.delivery.plan.entries
    return f"{_files(entries)}: {counted(entries)}"


def _written_headline(writing: Writing) -> str:
    entries = writing.delivery.plan.entries if writing.delivery else ()
    done = sum(entry.action in _DONE for entry in entries)
    return f"{_files(entries)}: {done} written" if done else _plan_headline(writing)


def _files(entries: Sequence[Entry]) -> str:
    folder = _shared_folder([entry.path for entry in entries]).strip("/")
    several = "file" if len(entries) == 1 else "files"
    return f"{len(entries)} {several}{f' in {folder}' if folder else ''}"


def _plan_lines(writing: Writing) -> tuple[Line, ...]:
    """Files by folder, each with what would happen to it."""
    entries = writing.delivery.plan.entries if writing.delivery else ()
    shared = _shared_folder([entry.path for entry in entries])
    folders: dict[str, list[Line]] = {}
    for entry in entries:
        folder, _, name = entry.path.rpartition("/")
        inside = f"{folder}/".removeprefix(shared).rstrip("/")
        mark, role, words = _said(entry, writing.phase)
        detail = f"{words}: {entry.detail}" if entry.detail else words
        line = Line(entry.path, name, detail, entry.path, mark=mark, role=role)
        folders.setdefault(inside, [Line("", inside, heading=True)] if inside else []).append(line)
    return tuple(line for inside in sorted(folders) for line in folders[inside])


def _said(entry: Entry, phase: Phase) -> tuple[str, Role, str]:
    """Mark, colour and words of a file: what would happen to it, or what has happened."""
    if phase == "written" and entry.action in _DONE:
        return "✓", "good", _DONE[entry.action]
    return _ACTIONS[entry.action][:3]


def _database_lines(writing: Writing) -> tuple[Line, ...]:
    """Where it is proven, to be chosen."""
    if writing.phase == "ready" and not writing.databases:
        return ()
    head = "Proven on" if writing.phase == "proven" else "To be proven on"
    lines = [Line("", head, heading=True)]
    for name in writing.databases:
        mark: tuple[str, Role] = ("●", "good") if name in writing.chosen else ("○", "muted")
        detail = "the design's own" if name == writing.databases[0] else "beside it"
        words = detail if name in writing.chosen else "not chosen"
        where = _IN_MEMORY if name == "sqlite" else _ON_A_SERVER
        lines.append(Line(f"{_ON}{name}", _title(name), words, where, *mark))
    return tuple(lines)


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
