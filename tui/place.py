"""Remembers where somebody is in the walk, so that the next start begins there."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from schemawalk.design.atomic import replace
from schemawalk.design.lock import STATE, state_folder

NAME = "place.json"


@dataclass(frozen=True, slots=True)
class Place:
    """A step, and within it a row of its proposal or a question."""

    step: str
    question: str = ""
    """Empty while the step's proposal is shown."""
    row: str = ""
    """Id of the row at hand."""
    without: tuple[str, ...] = ()
    """Ids of rows that are left out of the proposal, not taken yet."""
    origin: str = ""
    """The step that led to the question, when it is another one: the review."""


def save_place(folder: Path, place: Place) -> None:
    """Keep the place; a disk that refuses costs only the memory of it."""
    with suppress(OSError):
        content = json.dumps(asdict(place)).encode()
        replace(state_folder(folder) / NAME, content, durable=False)


def load_place(folder: Path) -> Place | None:
    """The place kept last, or None when there is no readable one."""
    try:
        match json.loads((folder / STATE / NAME).read_bytes()):
            case {
                "step": str(step),
                "question": str(question),
                "row": str(row),
                "without": list(without),
                "origin": str(origin),
            }:
                return Place(step, question, row, tuple(map(str, without)), origin)
    except (OSError, ValueError, RecursionError):
        pass
    return None
