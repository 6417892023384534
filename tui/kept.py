"""The design as it is kept on disk while one walks: its file, its history, the text being typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from schemawalk.design.draft import clear_draft, load_draft, save_draft
from schemawalk.design.file import DesignFile
from schemawalk.design.history import History
from schemawalk.design.model import Design

Make = Callable[[Design], Design]


class Kept:
    """One folder's design: every change is on disk before `change` returns."""

    def __init__(self, folder: Path, file: DesignFile) -> None:
        self.folder = folder
        self._file = file
        self._history = History(folder, file.design)
        self._pending: tuple[Make, str] | None = None
        draft = load_draft(folder)
        self._drafts: dict[str, str] = dict([draft]) if draft else {}

    @property
    def design(self) -> Design:
        """The design as it is on disk."""
        return self._file.design

    def close(self) -> None:
        """Let others write; everything is on disk already."""
        self._file.close()

    # Changing

    def change(self, make: Make, label: str) -> None:
        """Save a changed design; raises DesignChanged, and keeps the change for `reload`."""
        self._pending = (make, label)
        changed = make(self.design)
        if changed != self.design:
            self._file.save(changed)
            self._history.push(changed, label)
        self._pending = None

    def undo(self) -> str | None:
        """Take the last change back; its label, or None when there is none."""
        label = self._history.undo_label
        return self._restored(self._history.undo(), label)

    def redo(self) -> str | None:
        """Make the change again that was undone last; its label, or None when there is none."""
        label = self._history.redo_label
        return self._restored(self._history.redo(), label)

    def _restored(self, design: Design | None, label: str | None) -> str | None:
        if design is None or label is None:
            return None
        self._file.save(design)
        return label

    def reload(self) -> None:
        """Go on from what is on disk now, with the change that could not be saved made on it.

        Raises DesignError when the file is no design any more; AnswerError when the change does
        not fit it.
        """
        pending = self._pending
        self._file.close()
        self._file = DesignFile.open(self.folder)
        self._history = History(self.folder, self._file.design)
        self._pending = None
        if pending:
            self.change(*pending)

    # Drafts

    def draft(self, question_id: str) -> str | None:
        """The text typed for a question and not taken yet."""
        return self._drafts.get(question_id)

    def keep_draft(self, question_id: str, text: str) -> None:
        """Keep the text being typed, on disk."""
        self._drafts[question_id] = text
        save_draft(self.folder, question_id, text)

    def forget_draft(self, question_id: str) -> None:
        """The text was taken, or is not wanted any more."""
        if self._drafts.pop(question_id, None) is not None:
            clear_draft(self.folder)
