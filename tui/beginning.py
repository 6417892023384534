"""How a session begins: the documents of a new design are read, those of an old one compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from schemawalk.design.file import DesignFile
from schemawalk.design.model import Design

Tell = Callable[[str], None]

CHANGED: Final = "Changed since it was read"
"""How the sentence begins that says which documents changed."""


def begin(folder: Path, file: DesignFile, tell: Tell) -> str:
    """Read the documents of a new design, or see whether those of an old one changed.

    Returns one sentence to show: what went wrong, or what changed; empty when neither did.
    """
    if file.design.steps or file.design.sources:
        return _changed(file.design, folder, tell)
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


def _changed(design: Design, folder: Path, tell: Tell) -> str:
    """Which documents differ from what was read, and what they tell otherwise."""
    from schemawalk.reading.text import ReadingError
    from wizard_steps.asking.changed import changed_documents, reread

    changed = changed_documents(design, folder)
    if not changed:
        return ""
    tell("Reading the documents that changed …")
    try:
        _, news = reread(design, folder)
    except ReadingError as error:
        news = (str(error),)
    said = "; ".join(news) or "nothing that the design is built on"
    return f"{CHANGED}: {', '.join(changed)}: {said}."
