"""Writing many files as one: all of them, or none, whatever fails or dies on the way.

New contents are first written and synced beside their targets, old ones get a second name, and a
journal names both.  Then everything is renamed.  A failure renames the old ones back; after a crash
each file is old or new, and the journal tells the next write what to clean.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from schemawalk.writers.output_disk import (
    keep,
    make_folders,
    remove_empty,
    remove_folders,
    sentence,
    sync_folder,
    write_synced,
)
from schemawalk.writers.output_memory import (
    JOURNAL,
    MEMORY,
    Journal,
    dumped,
    fingerprint,
    unfinished,
)
from schemawalk.writers.output_places import HOME, OutputError, inside, place

Progress = Callable[[int, int, str], None]
"""Called with how many files are done, how many there are, and the path of the next."""

_MARK: Final = ".schemawalk-"
"""How the names of temporary files begin."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One file to be written, or with no content to be removed."""

    path: str
    content: bytes | None
    before: str | None
    """SHA-256 of what it replaces; None when nothing is there."""


@dataclass(frozen=True, slots=True)
class _Staged:
    """An edit with its files: where it goes, the new content, the old content's second name."""

    edit: Edit
    target: Path
    new: Path
    old: Path


def write(root: Path, edits: tuple[Edit, ...], progress: Progress | None = None) -> None:
    """Do all edits under `root` or none, and clean up what a write that died has left.

    Raises OutputError in one sentence, with every file as it was before.
    """
    made: list[Path] = []
    try:
        make_folders(root / HOME, made)
        place(root, JOURNAL)
        with _alone(root):
            _Writing(root, edits, progress or _unwatched).run()
    except BaseException as error:
        remove_folders(made)
        if isinstance(error, OSError):
            raise OutputError(sentence(error, f"{root / HOME}")) from error
        raise


def _unwatched(_done: int, _total: int, _path: str) -> None:
    """Progress that nobody looks at."""


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the root against other writes; the system lets go when the process dies."""
    import fcntl

    handle = os.open(root / HOME, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise OutputError(
            f"Another schemawalk is writing to {root}: wait until it is done."
        ) from error
    finally:
        os.close(handle)


@dataclass
class _Writing:
    """One write of many files."""

    root: Path
    edits: tuple[Edit, ...]
    progress: Progress
    staged: list[_Staged] = field(default_factory=list)
    begun: list[_Staged] = field(default_factory=list)
    """Those whose renaming has begun, and perhaps ended."""
    folders: list[Path] = field(default_factory=list)
    lost: list[Path] = field(default_factory=list)
    """Old contents that could not be put back: they must not be cleaned away."""
    at: str = HOME
    """Path of the file at hand, for the sentence when it fails."""

    def run(self) -> None:
        """Clean up after a write that died, then stage, rename and tidy."""
        earlier = _cleaned(self.root)
        try:
            self._name()
            self._announce(earlier)
            self._stage()
            self._rename()
        except BaseException as error:
            self._undo(earlier)
            if isinstance(error, OSError):
                raise OutputError(self._failure(error)) from error
            raise
        self._tidy()

    def _name(self) -> None:
        token = secrets.token_hex(4)
        for number, edit in enumerate(self.edits):
            self.at = edit.path
            target = place(self.root, edit.path)
            start = f"{_MARK}{token}-{number}"
            new, old = (target.with_name(f"{start}.{kind}") for kind in ("new", "old"))
            self.staged.append(_Staged(edit, target, new, old))

    def _announce(self, earlier: Journal) -> None:
        """Write the journal, which a later write needs when this one dies."""
        base = self.root.resolve()
        names = [name for each in self.staged for name in (each.new, each.old)]
        ours = {
            edit.path: (*earlier.files.get(edit.path, ()), fingerprint(edit.content))
            for edit in self.edits
            if edit.content is not None and edit.path != MEMORY
        }
        journal = Journal(
            files={**earlier.files, **ours},
            temporary=tuple(name.relative_to(base).as_posix() for name in names),
            folders=tuple(f.relative_to(base).as_posix() for f in self._passing(base)),
        )
        _write_journal(self.root, journal)

    def _passing(self, base: Path) -> list[Path]:
        """Folders that this write makes or empties, each after the one that it is in."""
        folders = {
            folder
            for each in self.staged
            for folder in each.target.parents
            if each.edit.content is None or not folder.exists()
        }
        return sorted(f for f in folders if f != base and f.is_relative_to(base))

    def _stage(self) -> None:
        total = len(self.staged)
        for done, each in enumerate(self.staged):
            self.at = each.edit.path
            self.progress(done, total, self.at)
            _refuse_changed(each)
            make_folders(each.target.parent, self.folders)
            if each.edit.before is not None:
                keep(each.target, each.old)
            if each.edit.content is not None:
                write_synced(each.new, each.edit.content, like=each.target)
        self.progress(total, total, "")

    def _rename(self) -> None:
        for each in self.staged:
            self.at = each.edit.path
            self.begun.append(each)
            if each.edit.content is None:
                each.target.unlink()
            else:
                each.new.replace(each.target)
        for folder in dict.fromkeys(each.target.parent for each in self.staged):
            sync_folder(folder)

    def _undo(self, earlier: Journal) -> None:
        """Put everything back as it was, as far as the disk lets."""
        for each in reversed(self.begun):
            try:
                _put_back(each)
            except OSError:
                self.lost.append(each.old)
        well = self._remove_temporary()
        remove_folders(self.folders)
        if well or self.lost:
            with suppress(OSError):
                _end_journal(self.root, earlier)

    def _tidy(self) -> None:
        """Remove what is needed no more; what cannot be removed is left to the next write."""
        well = self._remove_temporary()
        for each in self.staged:
            if each.edit.content is None:
                remove_empty(each.target.parent, self.root.resolve())
        if well:
            with suppress(OSError):
                (self.root / JOURNAL).unlink(missing_ok=True)

    def _remove_temporary(self) -> bool:
        """Remove all temporary files but lost ones; whether that went well."""
        well = True
        names = [name for each in self.staged for name in (each.new, each.old)]
        for name in names:
            try:
                if name not in self.lost:
                    name.unlink(missing_ok=True)
            except OSError:
                well = False
        return well

    def _failure(self, error: OSError) -> str:
        said = sentence(error, self.at)
        if not self.lost:
            return f"{said} Nothing was changed."
        kept = ", ".join(str(name) for name in self.lost)
        return f"{said} What was there before could not be put back and is kept in {kept}."


def _refuse_changed(each: _Staged) -> None:
    found = fingerprint(each.target.read_bytes()) if each.target.exists() else None
    if found != each.edit.before:
        raise OutputError(
            f"{each.edit.path} has changed since this was planned: look at the plan once more."
        )


def _put_back(each: _Staged) -> None:
    waiting = each.target if each.edit.content is None else each.new
    if os.path.lexists(waiting):
        return
    if each.edit.before is None:
        each.target.unlink(missing_ok=True)
    else:
        each.old.replace(each.target)


def _write_journal(root: Path, journal: Journal) -> None:
    target = root / JOURNAL
    new = target.with_name(f"{_MARK}journal.new")
    new.unlink(missing_ok=True)
    write_synced(new, dumped(journal))
    new.replace(target)
    sync_folder(target.parent)


def _end_journal(root: Path, earlier: Journal) -> None:
    """Forget this write; what earlier ones may have put in place is still to be known as ours."""
    (root / JOURNAL).with_name(f"{_MARK}journal.new").unlink(missing_ok=True)
    if earlier.files:
        _write_journal(root, Journal(files=earlier.files))
    else:
        (root / JOURNAL).unlink(missing_ok=True)


def _cleaned(root: Path) -> Journal:
    """The journal of a write that died, after removing what it left behind."""
    earlier = unfinished(root) or Journal()
    for path in earlier.temporary:
        if Path(path).name.startswith(_MARK):
            with suppress(FileNotFoundError, NotADirectoryError):
                inside(root, path).unlink()
    remove_folders([inside(root, path) for path in earlier.folders])
    return earlier
