"""How a session begins: the documents of a new design are read, those of an old one compared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from schemawalk.design.file import DesignFile
from schemawalk.design.model import Design

Tell = Callable[[str], None]


def begin(folder: Path, file: DesignFile, tell: Tell) -> str:
    """Read the documents of a new design, or see whether those of an old one changed."""
    if file.design.steps or file.design.sources:
        return _changed_documents(folder, file.design)
    from schemawalk.reading.text import ReadingError
    from wizard_steps.sources import named, read_into

    tell("Reading the documents …")
    notice = ""
    try:
        design = read_into(file.design, folder)
    except ReadingError as error:
        design, notice = file.design, str(error)
    file.save(named(design, folder))
    return notice


def _changed_documents(folder: Path, design: Design) -> str:
    """One sentence naming the documents that differ from what was read; empty when none do."""
    changed = [s.path for s in design.sources if s.sha256 and not _same(folder / s.path, s.sha256)]
    if not changed:
        return ""
    return f"Changed since it was read: {', '.join(changed)}. The steps kept here are as they were."


def _same(path: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return True
