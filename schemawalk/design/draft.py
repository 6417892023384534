"""Keeps the text that is being typed, so that a dropped line costs no word of it."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from schemawalk.design.atomic import replace
from schemawalk.design.lock import STATE, state_folder

NAME = "draft.json"


def save_draft(folder: Path, question_id: str, text: str) -> bool:
    """Keep the text typed so far for a question; returns whether that worked.

    Quick enough for every key: renamed into place but not synced, so a kill loses nothing and a
    power cut may lose the last words.
    """
    try:
        content = json.dumps({"question": question_id, "text": text}).encode()
        replace(state_folder(folder) / NAME, content, durable=False)
    except OSError:
        return False
    return True


def load_draft(folder: Path) -> tuple[str, str] | None:
    """The question's id and the text, or None when no readable draft is kept."""
    try:
        match json.loads((folder / STATE / NAME).read_bytes()):
            case {"question": str(question_id), "text": str(text)}:
                return question_id, text
    except (OSError, ValueError, RecursionError):
        pass
    return None


def clear_draft(folder: Path) -> None:
    """Forget the draft, if there is one."""
    with suppress(OSError):
        (folder / STATE / NAME).unlink()
