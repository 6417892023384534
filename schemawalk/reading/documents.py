"""Finds the documents of a project, tells what each is, and reads them all."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from schemawalk.design.model import Step
from schemawalk.design.whole import Source
from schemawalk.reading.headings import REQUIREMENT
from schemawalk.reading.journey import Journey, Section, read_journey
from schemawalk.reading.names import unused
from schemawalk.reading.stack import MOST_CHARACTERS, Fact, read_stack
from schemawalk.reading.text import ReadingError, decode, looks_like_text, read_bytes

Kind = Literal["journey", "tech-stack", "architecture", "backlog"]

KINDS: tuple[Kind, ...] = ("journey", "tech-stack", "architecture", "backlog")

NAMES: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("backlog", ("backlog",)),
    ("tech-stack", ("tech-stack", "techstack", "technology-stack", "stack", "technologies")),
    ("journey", ("journey",)),
    ("architecture", ("architecture", "system-design", "system-overview")),
    ("journey", ("user-stor", "userstor", "scenario", "use-case")),
    ("journey", ("spec", "prd", "product-requirements", "requirements")),
    ("tech-stack", ("plan",)),
)
"""By the words of a file's name, better names first; `plan` is where spec-kit keeps its stack."""

_EXACT = frozenset(("spec", "prd", "plan", "stack", "requirements"))
"""Words that must be the whole name: many other files carry them as a part."""

CONTENTS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("tech-stack", re.compile(r"^#{1,3} .{0,40}(?:tech|technology) stack", re.I | re.M)),
    ("journey", re.compile(r"user action|^#{1,3} .{0,40}user (?:journey|stor)", re.I | re.M)),
    (
        "journey",
        re.compile(r"^\W{0,6}as an? .{2,60}[,\n].{0,40}\bi(?:'d like| want| need)", re.I | re.M),
    ),
    ("backlog", re.compile(r"^#{1,3} .{0,40}backlog|story points", re.I | re.M)),
    (
        "journey",
        re.compile(
            rf"(?:^(?:#{{2,6}}|[-*+]|\d{{1,3}}[.)]) \W{{0,4}}{REQUIREMENT.pattern}.*?){{3}}",
            re.M | re.S,
        ),
    ),
    ("architecture", re.compile(r"^#{1,2} .{0,40}architecture", re.I | re.M)),
    (
        "journey",
        re.compile(r"(?:\busers? (?:can|may|must|should be able to)\b.*?){3}", re.I | re.S),
    ),
)
"""By what a file says in its beginning, when its name says nothing."""

FOLDERS = ("", "product-guidelines", "docs", "specs")
"""Where documents are looked for, below the folder of a project."""

SUFFIXES = frozenset((".md", ".markdown", ".mdx", ".txt", ".rst", ".adoc", ""))
DEEPEST = 3
MOST_FILES = 2000
BEGINNING = 20_000

_PASSED_OVER = frozenset(("node_modules", "venv", "vendor", "dist", "build", "target"))
_NUMBERING = re.compile(r"^\d{1,4}[-_. ]+")


@dataclass(frozen=True)
class Reading:
    """What a set of documents says."""

    journeys: tuple[str, ...] = ()
    """Names of the journey files, relative to the folder."""
    steps: tuple[Step, ...] = ()
    sections: tuple[Section, ...] = ()
    """The parts of the journeys that are no steps."""
    facts: tuple[Fact, ...] = ()
    sources: tuple[Source, ...] = ()
    problems: tuple[str, ...] = ()
    """One sentence for each document that could not be used, or not wholly."""


@dataclass
class _Gathered:
    texts: dict[Kind, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    sources: list[Source] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def find_documents(folder: Path) -> dict[Kind, tuple[Path, ...]]:
    """Return the documents below a folder by kind; a kind that is not there has none.

    Raises ReadingError when the folder is missing or is a file.
    """
    if not folder.is_dir():
        raise ReadingError(f"{folder}: there is no such folder; check the path.")
    files = list(_text_files(folder))
    found = {kind: _by_name(kind, files) for kind in KINDS}
    named = {path for paths in found.values() for path in paths}
    for path in files:
        kind = None if path in named or all(found.values()) else _kind_of_content(path)
        if kind is not None and (not found[kind] or found[kind][0] not in named):
            found[kind] = (*found[kind], path)
    return found


def _text_files(folder: Path) -> Iterator[Path]:
    left = MOST_FILES
    for name in FOLDERS:
        for path in _below(folder / name, 0 if not name else DEEPEST):
            left -= 1
            if left < 0:
                return
            yield path


def _below(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _PASSED_OVER:
            continue
        path = Path(entry.path)
        if entry.is_file() and path.suffix.lower() in SUFFIXES:
            yield path
        elif _is_entered(entry, depth):
            yield from _below(path, max(depth - 1, 0))


def _is_entered(entry: os.DirEntry[str], depth: int) -> bool:
    """Folders are entered down to a depth; a numbered or named one holds a single document."""
    if not entry.is_dir(follow_symlinks=False) or entry.name in FOLDERS:
        return False
    return depth > 0 or "backlog" in entry.name.lower()


def _by_name(kind: Kind, files: Sequence[Path]) -> tuple[Path, ...]:
    for named, words in NAMES:
        if named == kind and (found := [path for path in files if _is_named(path, words)]):
            return tuple(found)
    return ()


def _is_named(path: Path, words: Sequence[str]) -> bool:
    name = bare_name(path)
    return any(name == word if word in _EXACT else word in name for word in words)


def bare_name(path: Path) -> str:
    """Return a file's name in lower case, without suffix and leading number, with hyphens."""
    stem = path.stem.lower().replace("_", "-").replace(" ", "-")
    return _NUMBERING.sub("", stem)


def _kind_of_content(path: Path) -> Kind | None:
    if path.suffix.lower() not in {".md", ".markdown", ".mdx"}:
        return None
    try:
        beginning = decode(read_bytes(path)[:BEGINNING])
    except ReadingError:
        return None
    return kind_of_text(beginning)


def kind_of_text(text: str) -> Kind | None:
    """Return what a text looks like by its beginning, or None."""
    beginning = text[:BEGINNING]
    return next((kind for kind, pattern in CONTENTS if pattern.search(beginning)), None)


def kind_of(path: Path, text: str) -> Kind:
    """Return what a document is by its name, then by its content; a journey when neither tells."""
    by_name = next((kind for kind, words in NAMES if _is_named(path, words)), None)
    return by_name or kind_of_text(text) or "journey"


def read_documents(
    paths: Sequence[Path], root: Path | None = None, kind: Kind | None = None
) -> Reading:
    """Read files, and the documents found in folders.

    `root` is what names are relative to: the first folder, or that of the first file, when absent.
    `kind` says what the files are, when the caller knows.  Raises ReadingError for a path that
    does not exist; every other trouble becomes a sentence in `problems`.
    """
    base = root or _base(paths)
    gathered = _Gathered()
    for path, known in _expanded(paths, kind):
        _take(gathered, path, base, known)
    return _reading(gathered)


def _base(paths: Sequence[Path]) -> Path:
    first = paths[0] if paths else Path()
    return first if first.is_dir() else first.parent


def _expanded(paths: Sequence[Path], kind: Kind | None) -> Iterator[tuple[Path, Kind | None]]:
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise ReadingError(f"{path}: there is no such file or folder; check the path.")
        inside = find_documents(path).items() if path.is_dir() else ((kind, (path,)),)
        for known, files in inside:
            yield from ((file, known) for file in files if file.resolve() not in seen)
            seen.update(file.resolve() for file in files)


def _take(gathered: _Gathered, path: Path, base: Path, known: Kind | None) -> None:
    name = _relative(path, base)
    try:
        data = read_bytes(path)
    except ReadingError as error:
        gathered.problems.append(str(error))
        return
    text = decode(data)
    if not looks_like_text(data):
        gathered.problems.append(f"{name}: is not text; give it as Markdown or plain text.")
    elif not text.strip():
        gathered.problems.append(f"{name}: is empty; write it, or leave it out.")
    else:
        kind = known or kind_of(path, text)
        gathered.texts[kind][name] = text
        digest = hashlib.sha256(data).hexdigest()
        gathered.sources.append(Source(kind=kind, path=name, sha256=digest))


def _relative(path: Path, base: Path) -> str:
    try:
        return path.resolve().relative_to(base.resolve()).as_posix()
    except ValueError:
        return path.name


def _reading(gathered: _Gathered) -> Reading:
    journeys = {name: read_journey(text, name) for name, text in gathered.texts["journey"].items()}
    silent = [name for name, journey in journeys.items() if not journey.steps]
    problems = [
        f"{name}: no steps were found; give each step a heading, or type the steps in."
        for name in silent
    ]
    problems += [_too_long(name) for texts in gathered.texts.values() for name in _long(texts)]
    return Reading(
        journeys=tuple(journeys),
        steps=_all_steps(list(journeys.values())),
        sections=tuple(part for journey in journeys.values() for part in journey.sections),
        facts=read_stack(_in_order_of_trust(gathered)),
        sources=tuple(gathered.sources),
        problems=(*gathered.problems, *problems),
    )


def _long(texts: dict[str, str]) -> list[str]:
    return [name for name, text in texts.items() if len(text) > MOST_CHARACTERS]


def _too_long(name: str) -> str:
    return (
        f"{name}: is very long; its steps are kept whole, but the stack and the candidates "
        "come from the beginning of each part; split it if something is missed."
    )


def _all_steps(journeys: Sequence[Journey]) -> tuple[Step, ...]:
    used: dict[str, int] = {}
    steps = [step for journey in journeys for step in journey.steps]
    return tuple(step.model_copy(update={"id": unused(step.id, used)}) for step in steps)


def _in_order_of_trust(gathered: _Gathered) -> dict[str, str]:
    """Of two choices stated alike, that of the document made for choices wins."""
    order: tuple[Kind, ...] = ("tech-stack", "architecture", "backlog", "journey")
    return {name: text for kind in order for name, text in gathered.texts[kind].items()}
