"""Undo and redo: the designs of the last answers, kept in `.schemawalk/history.jsonl`.

The file is a log: a first design, then one line for each change, undo and redo.  A line is only
ever added; what a kill leaves half-written is passed over.  Nothing here is needed to open the
design: a history that cannot be read starts anew, and one that cannot be written goes on in
memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from schemawalk.design.atomic import replace
from schemawalk.design.lock import STATE, state_folder
from schemawalk.design.model import FORMAT, Design
from schemawalk.design.patch import Patch, diff, patched
from schemawalk.design.spelling import Data, from_file, to_file

LIMIT = 200
"""Designs that are kept."""

NAME = "history.jsonl"
OUTSIDE = "Changed outside Schemawalk"


@dataclass(slots=True)
class _Entry:
    """A design in the line of designs, and the change that led to it."""

    label: str
    patch: Patch
    data: Data
    design: Design | None = None

    def opened(self) -> Design:
        if self.design is None:
            fields, _ = from_file(self.data)
            self.design = Design.model_validate(fields, strict=True)
        return self.design


class History:
    """The line of designs and the place in it; one writer at a time, under the design's lock."""

    def __init__(self, folder: Path, design: Design) -> None:
        """Go on with the history of a folder, at `design`.

        When the design is not the one that the history ends with (somebody edited the file by
        hand), it is added as a change of its own, which can be undone.
        """
        self._folder = folder
        self._entries: list[_Entry] = []
        self._at = 0
        self._lines = 0
        self._sound = False
        self._read()
        data = to_file(design)
        if not self._entries:
            self._entries = [_Entry("", {}, data, design)]
        elif self._entries[self._at].data != data:
            self.push(design, OUTSIDE)

    @property
    def can_undo(self) -> bool:
        """Whether there is a design before this one."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was undone and nothing changed since."""
        return self._at + 1 < len(self._entries)

    @property
    def undo_label(self) -> str | None:
        """What an undo would take back."""
        return self._entries[self._at].label if self.can_undo else None

    @property
    def redo_label(self) -> str | None:
        """What a redo would do again."""
        return self._entries[self._at + 1].label if self.can_redo else None

    def push(self, design: Design, label: str) -> None:
        """Add a design after this one; what was undone is gone.  No change adds nothing."""
        here = self._entries[self._at]
        patch = diff(here.data, to_file(design))
        if not patch:
            return
        del self._entries[self._at + 1 :]
        self._entries.append(_Entry(label, patch, patched(here.data, patch), design))
        self._at += 1
        del self._entries[: max(0, len(self._entries) - LIMIT)]
        self._at = len(self._entries) - 1
        self._log({"label": label, "patch": patch})

    def undo(self) -> Design | None:
        """The design before this one, or None when there is none."""
        return self._move(-1) if self.can_undo else None

    def redo(self) -> Design | None:
        """The design that was undone last, or None when there is none."""
        return self._move(1) if self.can_redo else None

    def _move(self, by: int) -> Design | None:
        try:
            design = self._entries[self._at + by].opened()
        except ValidationError:
            self._forget(by)
            return None
        self._at += by
        self._log({"move": by})
        return design

    def _forget(self, by: int) -> None:
        """Drop what lies in one direction: it holds a design that this program cannot open."""
        if by < 0:
            del self._entries[: self._at]
            self._at = 0
        else:
            del self._entries[self._at + 1 :]
        self._sound = False

    def _log(self, record: dict[str, Any]) -> None:
        """Add a line, or write the whole log anew when it is damaged or twice its length."""
        with suppress(OSError):
            path = state_folder(self._folder) / NAME
            if self._sound and self._lines < 2 * LIMIT and path.exists():
                with path.open("ab") as file:
                    file.write(_line(record))
                self._lines += 1
            else:
                self._rewrite(path)

    def _rewrite(self, path: Path) -> None:
        records = list(self._records())
        replace(path, b"".join(map(_line, records)), durable=False)
        self._lines = len(records)
        self._sound = True

    def _records(self) -> Iterable[dict[str, Any]]:
        first = self._entries[0]
        yield {"format": FORMAT, "first": first.data}
        for entry in self._entries[1:]:
            yield {"label": entry.label, "patch": entry.patch}
        if back := self._at - len(self._entries) + 1:
            yield {"move": back}

    def _read(self) -> None:
        """Replay the log up to the first line that makes no sense."""
        try:
            lines = (self._folder / STATE / NAME).read_bytes().splitlines(keepends=True)
        except OSError:
            return
        self._sound = all(self._replayed(line) for line in lines) and bool(self._entries)
        self._lines = len(lines)
        spare = max(0, len(self._entries) - LIMIT)
        spare = min(spare, self._at)
        del self._entries[:spare]
        self._at -= spare

    def _replayed(self, line: bytes) -> bool:
        if not line.endswith(b"\n"):
            return False
        try:
            self._replay(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            return False
        return True

    def _replay(self, record: dict[str, Any]) -> None:
        if not self._entries:
            if record["format"] != FORMAT:
                raise ValueError("a history of another format")
            self._entries = [_Entry("", {}, {**record["first"]})]
        elif "move" in record:
            self._replay_move(int(record["move"]))
        else:
            data = patched(self._entries[self._at].data, record["patch"])
            del self._entries[self._at + 1 :]
            self._entries.append(_Entry(str(record["label"]), record["patch"], data))
            self._at += 1

    def _replay_move(self, by: int) -> None:
        if not 0 <= self._at + by < len(self._entries):
            raise IndexError(by)
        self._at += by


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
