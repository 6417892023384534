"""Files on disk: what would happen to each is planned first, then done all or nothing.

`plan` only reads; `apply` is the one thing that writes.  A file that somebody changed is never
overwritten, and a migration is never rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path
from typing import Literal

from schemawalk.schema.dialects.notations import NOTATIONS
from schemawalk.writers.output_apply import Edit, Progress, write
from schemawalk.writers.output_memory import (
    MEMORY,
    Fingerprint,
    Memory,
    dumped,
    fingerprint,
    program_version,
    remembered,
    unfinished,
)
from schemawalk.writers.output_places import (
    HOME,
    MixedError,
    OutputError,
    place,
    refuse_collisions,
)
from schemawalk.writers.work import Files

__all__ = ["Action", "Entry", "MixedError", "OutputError", "Plan", "apply", "describe", "plan"]

Action = Literal["create", "update", "same", "beside", "kept", "stale"]

_RESTART = "a migration is written once; `write --restart` makes it anew while nobody has run it"
_LEFT_MIGRATION = "a migration stays; `write --restart` removes it while nobody has run it"


@dataclass(frozen=True, slots=True)
class Entry:
    """What would happen to one file, and why."""

    path: str
    action: Action
    detail: str = ""
    refused: bool = False
    """Whether the design asks for something that the rules forbid: a migration rewritten."""
    foreign: str = ""
    """The database that a migration is for, when that is another one than is written for now."""


@dataclass(frozen=True)
class Plan:
    """What a write would do under a root; nothing of it has been done."""

    root: Path
    entries: tuple[Entry, ...]
    """One for each output in its order, then those that are outputs no more."""
    edits: tuple[Edit, ...]
    """What is to be written or removed, the program's memory last."""
    unfinished: bool = False
    """Whether an earlier write was cut off and left something to clean up."""

    @property
    def refused(self) -> tuple[Entry, ...]:
        """Migrations that would differ now and stay as they are."""
        return tuple(entry for entry in self.entries if entry.refused)

    @property
    def mixed(self) -> str:
        """Why it cannot be done: what lies there is for another database.  Empty when it can."""
        foreign = [entry for entry in self.entries if entry.foreign]
        if not foreign:
            return ""
        others = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        are = "are" if others else "is"
        return (
            f"{foreign[0].path}{others} {are} for {foreign[0].foreign}: nothing was written. "
            "`write --restart` writes the migrations anew and takes away what is left over, while "
            "nobody has run them; `write --to` writes to another folder."
        )

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not self.edits and not self.unfinished


def plan(
    files: Files,
    root: Path,
    *,
    once: Iterable[str] = (),
    restart: bool = False,
    clean: bool = False,
    complete: bool = True,
    database: str = "",
) -> Plan:
    """What writing `files` under `root` would do; reads the disk and changes nothing.

    `once` are patterns of migrations (`*` stands for `/` too); `restart` lets them be written anew.
    `complete` says that there are no other outputs, so that a file written earlier and not among
    them is left over; `clean` removes such files, and `restart` such migrations too.  `database`
    is what the migrations are for: those for another one stand in the way.  Raises OutputError
    when a path leads outside the root, is blocked, or the memory of earlier writes cannot be read.
    """
    planning = _Planning(files, root, tuple(once), restart, clean or restart, database)
    for path, text in files.items():
        planning.decide(path, _encoded(path, text))
    if complete:
        planning.decide_stale()
    else:
        planning.keep_others()
    return planning.plan()


def apply(plan: Plan, progress: Progress | None = None) -> None:
    """Do what the plan says, all or nothing.

    Raises OutputError, with everything as it was, when that cannot be done or a file has changed
    since the plan was made, and MixedError when files for two databases would lie side by side.
    """
    if plan.mixed:
        raise MixedError(plan.mixed)
    if not plan.idle:
        write(plan.root, plan.edits, progress)


def describe(plan: Plan) -> list[tuple[str, str, str]]:
    """Action, path and detail of each file, for display."""
    return [(entry.action, entry.path, entry.detail) for entry in plan.entries]


def _encoded(path: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise OutputError(
            f"{path} would hold half a character ({error.object[error.start]!a}): "
            "retype the answer that it comes from."
        ) from error


class _Planning:
    """One pass over the outputs; collects entries, edits and what to remember."""

    def __init__(
        self, files: Files, root: Path, once: tuple[str, ...], restart: bool, clean: bool,
        database: str,
    ) -> None:  # fmt: skip
        refuse_collisions(files)
        self.files, self.root = files, root
        self.once, self.restart, self.clean, self.database = once, restart, clean, database
        self.before = remembered(root)
        self.journal = unfinished(root)
        self.cut_off = self.journal.files if self.journal else {}
        self.after: dict[str, Fingerprint] = {}
        self.entries: list[Entry] = []
        self.edits: list[Edit] = []
        self.claimed: dict[Path, str] = {}

    def plan(self) -> Plan:
        """Everything that was decided, with the memory of it as the last edit."""
        memory = dumped(Memory(files=self.after))
        found = self.content(MEMORY)
        if memory != found and (self.after or found is not None):
            self.edit(MEMORY, memory, found)
        return Plan(
            self.root, tuple(self.entries), tuple(self.edits), unfinished=self.journal is not None
        )

    def decide(self, path: str, ours: bytes) -> None:
        """Say what happens to one output."""
        found = self.claim(path)
        if found == ours:
            self.remember(path, ours)
            self.entry(path, "same")
        elif found is None:
            self.put(path, ours, None)
            self.entry(path, "create")
        elif self.fixed(path) and self.known(path) and not self.restart:
            self.keep(path, ours, found)
        elif self.mine(path, found):
            self.put(path, ours, found)
            self.entry(path, "update")
        else:
            self.beside(path, ours)

    def keep(self, path: str, ours: bytes, found: bytes) -> None:
        """Leave a migration as it is; that is a refusal when the design now says otherwise."""
        written = self.before.files.get(path)
        if written:
            self.after[path] = written
        if written and written.sha256 == fingerprint(ours):
            self.entry(path, "kept", "you changed it, and the design still says what it said")
            return
        changed = "" if self.mine(path, found) else "you changed it; "
        foreign = self.foreign(written)
        meant = f"it is for {foreign}; " if foreign else ""
        self.entries.append(Entry(path, "kept", changed + meant + _RESTART, True, foreign))

    def beside(self, path: str, ours: bytes) -> None:
        """Put ours next to a file that is somebody else's."""
        if written := self.before.files.get(path):
            self.after[path] = written
        why = "you changed it" if self.known(path) else "it was there before"
        for number in count(1):
            name = f"{path}.new" + (str(number) if number > 1 else "")
            found = None if name in self.files else self.claim(name)
            if name not in self.files and (found in (None, ours) or self.mine(name, found)):
                break
        if found == ours:
            self.remember(name, ours)
        else:
            self.put(name, ours, found)
        self.entry(path, "beside", f"{why}: ours is in {name}")

    def decide_stale(self) -> None:
        """Say what was written and is an output no more; take it away where that is asked for."""
        for path in dict.fromkeys((*self.before.files, *self.cut_off)):
            if path in self.after or path in self.files:
                continue
            written = self.before.files.get(path)
            fixed = written.once if written else self.fixed(path)
            if fixed and not self.restart:
                self.leave_migration(path, written)
            else:
                self.leave_or_remove(path)

    def leave_migration(self, path: str, written: Fingerprint | None) -> None:
        """Go on remembering a migration that no output makes any more, while it is there."""
        if written is None or not (self.root / path).exists():
            return
        self.after[path] = written
        foreign = self.foreign(written)
        meant = f"it is for {foreign}; " if foreign else ""
        detail = f"no output any more: {meant}{_LEFT_MIGRATION}"
        self.entries.append(Entry(path, "stale", detail, bool(foreign), foreign))

    def leave_or_remove(self, path: str) -> None:
        try:
            found = self.content(path)
        except OutputError:
            self.entry(path, "stale", "no output any more, but something else is there: left")
            return
        if found is None:
            return
        written = self.before.files.get(path)
        beside = path.rpartition(".new")[0] in self.files
        if not self.mine(path, found):
            self.entry(path, "stale", "no output any more, but you changed it: left")
        elif written and not (self.clean or beside):
            self.after[path] = written
            self.entry(path, "stale", "no output any more: left; `write --clean` removes it")
        else:
            self.edit(path, None, found)
            self.entry(path, "stale", "no output any more: removed")

    def keep_others(self) -> None:
        """Go on remembering files that this write is not about."""
        for path, written in self.before.files.items():
            self.after.setdefault(path, written)

    def known(self, path: str) -> bool:
        """Whether this program has put something there before."""
        return path in self.before.files or path in self.cut_off

    def fixed(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self.once)

    def foreign(self, written: Fingerprint | None) -> str:
        """The database that a migration is for, in its own spelling, when that is another one."""
        meant = written.database if written else ""
        if not meant or not self.database or meant == self.database:
            return ""
        return NOTATIONS[meant].title if meant in NOTATIONS else meant

    def mine(self, path: str, found: bytes | None) -> bool:
        """Whether the content at a path is what this program put there."""
        if found is None:
            return False
        sha256 = fingerprint(found)
        written = self.before.files.get(path)
        return sha256 in self.cut_off.get(path, ()) or (
            written is not None and written.sha256 == sha256
        )

    def claim(self, path: str) -> bytes | None:
        """What a path holds now; raises OutputError when another output goes to the same file."""
        if path.split("/")[0].casefold() == HOME:
            raise OutputError(f"{path} lies in the program's own folder: rename the output.")
        real = place(self.root, path)
        if self.claimed.setdefault(real, path) != path:
            raise OutputError(
                f"{path} and {self.claimed[real]} lead to the same file: remove the link."
            )
        return self.content(path)

    def content(self, path: str) -> bytes | None:
        try:
            return place(self.root, path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutputError(
                f"{path} cannot be read ({error.strerror}): move it away, or allow it."
            ) from error

    def put(self, path: str, ours: bytes, found: bytes | None) -> None:
        self.edit(path, ours, found)
        self.remember(path, ours)

    def edit(self, path: str, content: bytes | None, found: bytes | None) -> None:
        self.edits.append(Edit(path, content, None if found is None else fingerprint(found)))

    def remember(self, path: str, ours: bytes) -> None:
        fixed = self.fixed(path)
        made = Fingerprint(
            sha256=fingerprint(ours), version=program_version(), once=fixed,
            database=self.database if fixed else "",
        )  # fmt: skip
        written = self.before.files.get(path)
        if written and written.sha256 == made.sha256:
            made = made.model_copy(update={"version": written.version})
        self.after[path] = made

    def entry(self, path: str, action: Action, detail: str = "") -> None:
        self.entries.append(Entry(path, action, detail))
