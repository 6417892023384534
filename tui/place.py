"""Remembers where somebody is in the walk, so that the next start begins there."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

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
    why: str = ""
    """The reason typed for an answer that is not given yet."""
    taught: bool = False
    """Whether every question is asked one by one, rather than a step's proposal taken whole."""


def save_place(folder: Path, place: Place) -> None:
    """Keep the place; a disk that refuses costs only the memory of it."""
    with suppress(OSError):
        content = json.dumps(asdict(place)).encode()
        replace(state_folder(folder) / NAME, content, durable=False)


def load_place(folder: Path) -> Place | None:
    """The place kept last, or None when there is no readable one."""
    try:
        read = json.loads((folder / STATE / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return _place(read) if isinstance(read, dict) else None


def _place(read: dict[str, Any]) -> Place | None:
    """A place of its parts, the missing ones as they are at first; None when one is wrong."""
    kept = {each.name: read[each.name] for each in fields(Place) if each.name in read}
    without = kept.get("without", [])
    if not isinstance(without, list) or not all(isinstance(row, str) for row in without):
        return None
    kept["without"] = tuple(without)
    for name in ("step", "question", "row", "origin", "why"):
        if not isinstance(kept.get(name, ""), str):
            return None
    if not isinstance(kept.get("taught", False), bool) or not kept.get("step"):
        return None
    return Place(**kept)
