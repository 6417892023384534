"""The answers file: TOML or JSON, read with the place of every mistake, written in walk order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, get_args

from schemawalk.design.choices import Author
from schemawalk.design.model import Design, Note
from schemawalk.printable import one_line
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps import review, walk
from wizard_steps.asking.answers import Entry
from wizard_steps.asking.given import Given, can_be_given
from wizard_steps.asking.question import Question
from wizard_steps.asking.spots import Spot, spots

KEYS: Final = frozenset(("value", "why", "unknown", "source", "look_again", "by"))
"""What the table of one answer can hold."""
SHAPE: Final = (
    "a text in quotes, a whole number, true or false, a list of them, or a table such as "
    '{ value = "sqlite", why = "one file" } or { unknown = true }'
)
"""What an answer looks like."""

_HEADER: Final = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_KEY: Final = re.compile(
    r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*[=:]"""
)


class AnswersError(ValueError):
    """An answers file that cannot be used; `problems` has a sentence for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# Reading


def read(text: str, name: str) -> tuple[Entry, ...]:
    """The answers of a file, in its order; `name` is what errors call it.

    Questions may stand by their whole id (`"stack.database" = …`) or in tables (`[stack]`).  A
    value of null in JSON is no answer.  Raises AnswersError for what is neither TOML nor JSON,
    for what is no answer, and for two answers to one question.
    """
    pairs = list(_flat(_parsed(text, name)))
    lines = _lines(text)
    problems, entries = [], {}
    for question_id, value in pairs:
        line = lines.get(question_id, 0)
        where = f"{name}:{line}" if line else name
        said = one_line(question_id)
        if question_id in entries:
            problems.append(f"{where}: {said} is answered twice.")
        made = _entry(question_id, value, line)
        if made is None:
            problems.append(f"{where}: {said} is no answer: write {SHAPE}.")
        else:
            entries[question_id] = made
    if problems:
        raise AnswersError(problems)
    return tuple(entries.values())


def _parsed(text: str, name: str) -> Mapping[str, Any]:
    import tomllib

    try:
        if text.lstrip().startswith(("{", "[]")):
            data = json.loads(text, object_pairs_hook=_once)
        else:
            data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise AnswersError([f"{name} is neither TOML nor JSON: {one_line(str(error))}."]) from None
    return data if isinstance(data, dict) else {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, in which no key stands twice; raises ValueError."""
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{next(key for key in keys if keys.count(key) > 1)} stands there twice")
    return made


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Values by full id: `[stack] database = "sqlite"` and `"stack.database" = "sqlite"` alike."""
    for key, value in data.items():
        if isinstance(value, dict) and not _is_answer(value):
            yield from _flat(value, f"{prefix}{key}.")
        elif value is not None:
            yield f"{prefix}{key}", value


def _is_answer(table: Mapping[str, Any]) -> bool:
    """Whether a table is one answer, and not a part of an id."""
    scalars = not any(isinstance(value, dict) for value in table.values())
    return scalars and table.keys() <= KEYS and bool(table.keys() & {"value", "unknown"})


def _entry(question_id: str, value: Any, line: int) -> Entry | None:
    table = value if isinstance(value, dict) else {"value": value}
    texts = {key: table.get(key, "") for key in ("why", "source", "look_again", "by")}
    unknown = table.get("unknown", False)
    values = _texts(table.get("value", []))
    if values is None or not isinstance(unknown, bool):
        return None
    if not all(isinstance(text, str) for text in texts.values()):
        return None
    if texts["by"] not in ("", *get_args(Author)):
        return None
    given = Given(values, texts["why"], unknown)
    return Entry(question_id, given, texts["source"], texts["look_again"], texts["by"], line)


def _texts(value: Any) -> tuple[str, ...] | None:
    """The values of an answer as text; None when they are none."""
    values = value if isinstance(value, list) else [value]
    if any(isinstance(v, dict | list | date | datetime | time) or v is None for v in values):
        return None
    return tuple({True: "yes", False: "no"}[v] if isinstance(v, bool) else str(v) for v in values)


def _lines(text: str) -> dict[str, int]:
    """The line of each id, counted from 1, as far as single lines tell."""
    found: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            prefix = f"{_plain(header[1])}."
        elif key := _KEY.match(line):
            found.setdefault(prefix + _plain(key[1]), number)
    return found


def _plain(key: str) -> str:
    """A key of TOML without its quotes and blanks."""
    return re.sub(r"""["']|\s*(?=\.)|(?<=\.)\s*""", "", key).strip()


# Writing


@dataclass(frozen=True, slots=True)
class _Line:
    """One question, and what the file says of it."""

    asked: Question
    value: Any
    """None while it is open, or when its answer is none of its options any more."""


def as_json(design: Design) -> dict[str, Any]:
    """The answers by id, in walk order: null where a question is open."""
    return {line.asked.id: line.value for line in _answers(design)}


def as_toml(design: Design) -> str:
    """An answers file that gives the same design, with each question as its comment.

    What is open stands there as a comment, with what is recommended.
    """
    parts = [_head(design)]
    step = ""
    for line in _answers(design):
        if line.asked.step != step:
            step = line.asked.step
            parts.append(f"\n# ==== {walk.step(step).title} ====\n")
        parts.append(_told(line))
    return "\n".join(parts)


def _answers(design: Design) -> Iterator[_Line]:
    notes = {note.id: note for note in design.notes}
    called = walk.by_id(design)
    trees = (tree for step in walk.WALK for tree in step.trees)
    every = spots(trees, Lookup(design), aside=True)
    for spot, asked in zip(every, walk.questions(design, aside=True), strict=True):
        if spot.id not in called and not _is_said(spot):
            continue
        open_one = asked.tree == review.TREE.id and review.is_undecided(design, asked.subject)
        given = asked.answer is not None and not open_one and can_be_given(spot)
        yield _Line(asked, _value(spot, asked, notes.get(asked.id)) if given else None)


def _is_said(spot: Spot) -> bool:
    """Whether somebody answered what nothing asked for."""
    held = getattr(spot.scene.subject, spot.node.field, None)
    return spot.answer is not None and held not in (None, (), "")


def _value(spot: Spot, asked: Question, note: Note | None) -> Any:
    """What the file says: a value, a list, or a table where there is more to say.

    Ids of one's own things mean nothing to a new design: they stand as one would type them.
    """
    typed = spot.node.typed or (lambda _, value: value)
    said = tuple(typed(spot.scene, each) for each in asked.answer or ())
    value = _plain_value(asked, said)
    more: dict[str, Any] = {}
    if note and note.why and not (note.unknown and asked.because.startswith(note.why)):
        more["why"] = note.why
    if note and note.source:
        more["source"] = note.source
    if note and note.look_again:
        more["look_again"] = note.look_again
    usual = asked.answer == asked.recommended
    if note and note.by == "user" and usual and not more:
        more["by"] = "user"
    if (note.by if note else "default") == "default" and not usual:
        more["by"] = "default"
    if note and note.unknown:
        return {"unknown": True, **more}
    return {"value": value, **more} if more else value


def _plain_value(asked: Question, values: tuple[str, ...]) -> Any:
    if asked.form == "several":
        return list(values)
    value = values[0] if values else ""
    return int(value) if asked.form == "number" and value.isdecimal() else value


def _head(design: Design) -> str:
    product = one_line(design.product.name) or "a design"
    return (
        f"# The answers of {product}, in the order of the walk.\n"
        "# With the same documents they make the same design: schemawalk answer --answers FILE\n"
        f"# An answer is {SHAPE}.\n"
        "# A line that begins with #? is open, and shows what is recommended.\n"
    )


def _told(line: _Line) -> str:
    """One question as comments, and its answer."""
    from schemawalk.design.toml import item_text, key_text, value_text

    asked = line.asked
    about = f"{one_line(asked.about)}. " if asked.about else ""
    lines = [f"# {about}{one_line(asked.prompt)}"]
    lines += [_option(asked, o.value, f"{o.label}: {o.leads_to}") for o in asked.options]
    if asked.recommended and not asked.options:
        lines.append(f"#   recommended: {one_line(', '.join(asked.recommended))}")
    if asked.because:
        lines.append(f"#   because: {one_line(asked.because)}")
    key = key_text(asked.id)
    if line.value is None:
        open_value = item_text(_plain_value(asked, asked.recommended))
        lines.append(f"#? {key} = {open_value}")
    else:
        lines.append(f"{key} = {value_text(line.value)}")
    return "\n".join(lines) + "\n"


def _option(asked: Question, value: str, words: str) -> str:
    best = " (recommended)" if value in asked.recommended else ""
    return f"#   {one_line(value)} = {one_line(words)}{best}"
