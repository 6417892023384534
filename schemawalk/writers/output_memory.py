"""What was written before: fingerprints on disk, and the journal of a write under way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from schemawalk.writers.output_places import HOME, OutputError, checked, place

MEMORY: Final = f"{HOME}/written.json"
JOURNAL: Final = f"{HOME}/writing.json"


class Fingerprint(BaseModel):
    """What a file held when it was written."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    version: str = ""
    """Version of the program that wrote it."""
    once: bool = False
    """Whether it is a migration, which is never rewritten."""
    database: str = ""
    """The database that a migration is for; empty where an older program wrote it."""


class Memory(BaseModel):
    """Everything that was written under a root and not taken away again."""

    model_config = ConfigDict(frozen=True)

    files: dict[str, Fingerprint] = {}


class Journal(BaseModel):
    """A write under way: what it leaves behind when it is cut off."""

    model_config = ConfigDict(frozen=True)

    files: dict[str, tuple[str, ...]] = {}
    """By path, the SHA-256 of what this write and those cut off before it may have put there."""
    temporary: tuple[str, ...] = ()
    """Its temporary files."""
    folders: tuple[str, ...] = ()
    """Folders that it makes or empties, outermost first."""


Model = TypeVar("Model", bound=BaseModel)


def fingerprint(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@cache
def program_version() -> str:
    """The version of this program; empty when it runs without having been installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("schemawalk")
    except PackageNotFoundError:
        return ""


def remembered(root: Path) -> Memory:
    """What was written; empty for a new folder.  Raises OutputError when it cannot be read."""
    memory = _read(root, MEMORY, Memory) or Memory()
    for path in memory.files:
        checked(path)
    return memory


def unfinished(root: Path) -> Journal | None:
    """The journal of a write that was cut off; None when there was none."""
    journal = _read(root, JOURNAL, Journal)
    for path in (*journal.temporary, *journal.folders) if journal else ():
        checked(path)
    return journal


def _read(root: Path, path: str, model: type[Model]) -> Model | None:
    try:
        return model.model_validate_json(place(root, path).read_bytes())
    except FileNotFoundError:
        return None
    except (ValidationError, OSError) as error:
        raise OutputError(
            f"{root / path} cannot be read ({_reason(error)}): delete it; files that differ will "
            "then be written beside yours as .new."
        ) from error


def _reason(error: ValidationError | OSError) -> str:
    if isinstance(error, ValidationError):
        return str(error.errors()[0]["msg"])
    return error.strerror or str(error)


def dumped(model: BaseModel) -> bytes:
    """A memory or journal as stable, readable JSON."""
    data: Mapping[str, object] = model.model_dump()
    return (json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
