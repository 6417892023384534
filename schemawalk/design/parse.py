"""Text of a design file → design, or one sentence that names the line and what to do about it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemawalk.design.choices import MEANT
from schemawalk.design.errors import DesignError, nearest, plain, shown
from schemawalk.design.layout import Table, layout, line_of
from schemawalk.design.model import FORMAT, Design, Waiver
from schemawalk.design.part import Part
from schemawalk.design.references import Astray, circles, lost
from schemawalk.design.spelling import (
    FILE_NAMES,
    Data,
    Path,
    from_file,
    held,
    key_of,
    place_in_file,
)
from schemawalk.design.upgrade import upgraded

_AT = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_DIGITS = re.compile(r"[0-9_]{4000,}")
_MOST = 50
"""Errors that are looked up in the text, to name the first; a file rarely has more."""


class Parsed(NamedTuple):
    """A design with the dictionaries that the text holds, before and after an upgrade."""

    design: Design
    written: Data
    data: Data


class _Fault(NamedTuple):
    path: Path
    what: str


def parse(text: str, name: str) -> Parsed:
    """Read the text of a design file.

    Raises:
        DesignError: the text is not TOML, is of a newer format, or is not a design; the sentence
            opens with `name` and the line.
    """
    try:
        return _parsed(text, name)
    except RecursionError:
        raise DesignError(f"{name}: nested too deeply to be a design; mend it by hand") from None


def _parsed(text: str, name: str) -> Parsed:
    written = _toml(text, name)
    _check_format(written, text, name)
    data = upgraded(written)
    faulty = _Faulty(text, name, data)
    return Parsed(_validated(data, faulty), written, data)


def checked(data: Data, name: str) -> None:
    """Make sure that what is about to be written can be read again.

    Raises:
        DesignError: it cannot.
    """
    _validated(data, _Faulty(None, name, data))


def _validated(data: Data, faulty: _Faulty) -> Design:
    fields, unknown = from_file(data)
    faults = [_Fault(path, _unknown(path)) for path in unknown]
    design = Design()
    try:
        design = Design.model_validate(fields, strict=True)
    except ValidationError as error:
        faults += [_fault(detail) for detail in error.errors(include_url=False)]
    if faults:
        raise faulty.first(faults)
    for first, again in _twice(data, Design, (), {}):
        raise faulty.twice(again, first)
    if astray := [*islice(chain(lost(data), circles(data)), _MOST)]:
        raise faulty.astray(astray)
    return design


def _toml(text: str, name: str) -> Data:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise DesignError(_syntax(str(error), text, name)) from None


def _syntax(message: str, text: str, name: str) -> str:
    if long := _DIGITS.search(text) if "integer string conversion" in message else None:
        line = text.count("\n", 0, long.start()) + 1
        return f"{name}:{line}: a number with {len(long[0])} digits is too large; shorten it"
    found = _AT.fullmatch(message)
    what = found[1] if found else message
    what = plain(what[:1].lower() + what[1:])
    if found and found[2]:
        return f"{name}:{found[2]}:{found[3]}: not valid TOML: {what}; mend this line"
    last = text.count("\n") + 1
    return f"{name}:{last}: not valid TOML: {what}; something before the end is not closed"


def _check_format(data: Data, text: str, name: str) -> None:
    found = data.get("format", 0)
    if type(found) is int and 0 <= found <= FORMAT:
        return
    at = f"{name}:{line_of(text, layout(_ended(text)), ('format',))}: "
    if type(found) is not int or found < 0:
        raise DesignError(f"{at}format must be a whole number, not {shown(found)}")
    raise DesignError(
        f"{at}written by a newer Schemawalk, format {found}; this one knows {FORMAT}: upgrade it"
    )


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


class _Faulty:
    """A text with something wrong in it, and the sentence that says what.

    Without a text it is a design that was about to be saved, and has no lines to name.
    """

    def __init__(self, text: str | None, name: str, data: Data) -> None:
        self._text = None if text is None else _ended(text)
        self._name = name
        self._data = data
        self._layout: Table | None = None

    def _line(self, path: Path) -> int:
        if self._text is None:
            return 0
        self._layout = self._layout or layout(self._text)
        return line_of(self._text, self._layout, path)

    def first(self, faults: list[_Fault]) -> DesignError:
        """The fault that stands first in the file."""
        fault = min(faults[:_MOST], key=lambda fault: self._line(fault.path))
        around = fault.path[:-2] if isinstance(fault.path[-1], int) else fault.path[:-1]
        subject = f"{self._subject(around)}: " if around else ""
        return DesignError(f"{self._where(fault.path)}: {subject}{fault.what}")

    def astray(self, found: list[Astray]) -> DesignError:
        """The name that stands first in the file of those that lead nowhere."""
        first = min(found, key=lambda each: self._line(each.path))
        return self.first([_Fault(first.path, first.sentence())])

    def twice(self, path: Path, first: Path) -> DesignError:
        """The same id for two parts of a kind."""
        before = "" if self._text is None else f", first on line {self._line(first)}"
        return DesignError(
            f"{self._where(path)}: {self._subject(path)} is there twice{before}; "
            f"{'remove one of them' if path[0] == 'waiver' else 'give one of them another id'}"
        )

    def _where(self, path: Path) -> str:
        if self._text is None:
            return f"{self._name}: not saved"
        return f"{self._name}:{self._line(path)}"

    def _subject(self, path: Path) -> str:
        """What a path leads to, as people say it: `entity "document", attribute "status"`."""
        words: list[str] = []
        value: Any = self._data
        for step in path:
            value = _inside(value, step)
            if isinstance(step, int):
                words[-1] += f" {_label(value, step)}"
            else:
                words.append(step.replace("_", " "))
        return ", ".join(words)


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(str(step))
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _label(part: Any, index: int) -> str:
    """What a part is called, or its number among its siblings when it has no name."""
    key = key_of(part) if isinstance(part, dict) else None
    return shown(key) if key else f"number {index + 1}"


def _twice(
    data: Data, model: type[Part], path: Path, seen: dict[tuple[str, str], Path]
) -> Iterator[tuple[Path, Path]]:
    """Where an id is used again, as (first, again); ids are permanent and so unique by kind."""
    for name, part in held(model).items():
        if not part or not isinstance(data.get(name), list):
            continue
        for index, item in enumerate(data[name]):
            here = (*path, name, index)
            own = item.get("id", key_of(item) if part is Waiver else None)
            if own is not None:
                key = (name, own.strip())
                if key in seen:
                    yield seen[key], here
                seen[key] = here
            yield from _twice(item, part, here, seen)


def _unknown(path: Path) -> str:
    model: type[Part] = Design
    for step in path[:-1]:
        model = held(model).get(str(step)) or model
    key = str(path[-1])
    close = nearest(key, held(model))
    hint = f'did you mean "{close}"?' if close else "remove it, or make it a comment"
    return f"unknown key {shown(key)}; {hint}"


def _fault(detail: ErrorDetails) -> _Fault:
    path = place_in_file(detail["loc"])
    words = [str(step) for step in path if isinstance(step, str)]
    key = words[-1] if words else "the file"
    if isinstance(path[-1], int):
        key = f"item {path[-1] + 1} of {key}"
    elif key in FILE_NAMES.values() and detail["type"] == "tuple_type":
        return _Fault(path, f"{key} must be written as [[{'.'.join(words)}]], for each of them")
    return _Fault(path, _what(key, detail))


def _what(key: str, detail: ErrorDetails) -> str:
    value = shown(detail["input"])
    match detail["type"]:
        case "missing":
            return f'{key} is missing; add a line {key} = "…"'
        case "string_too_short":
            return f"{key} must not be empty"
        case "literal_error":
            return _not_among(key, detail)
        case "greater_than_equal":
            return f"{key} must be {detail['ctx']['ge']} or more, not {value}"
        case "less_than_equal":
            return f"{key} must be at most {detail['ctx']['le']}, not {value}"
        case "string_pattern_mismatch":
            return f"{key} must be {_FORMS[key]}, not {value}"
        case "value_error":
            return f"{key}: {plain(str(detail['ctx']['error'])).rstrip('.')}"
        case "model_type":
            return f"{key} must be a table, not {value}"
        case other:
            return f"{key} must be {_WANTED.get(other) or plain(detail['msg'])}, not {value}"


def _not_among(key: str, detail: ErrorDetails) -> str:
    """A word that is not in its list: what it may be, or of a long list what was meant."""
    given, expected = detail["input"], detail["ctx"]["expected"]
    words = _QUOTED.findall(expected)
    if len(words) <= _FEW:
        said = expected.replace("'", '"')
        return f"{key} must be {said}, not {shown(given)}"
    if not isinstance(given, str):
        return f"{key} must be text in quotes, not {shown(given)}"
    also = {word: meant for word, meant in MEANT.items() if meant in words}
    close = nearest(given.strip().lower(), (*words, *also))
    close = also.get(close, close)
    hint = f"did you mean {shown(close)}?" if close else f"choose one of {', '.join(words)}"
    what = f"{key}: unknown word" if key.startswith("item ") else f"unknown {key}"
    return f"{what} {shown(given)}; {hint}"


_QUOTED = re.compile(r"'([^']*)'")
_FEW = 6
"""Words that a sentence can list."""
_FORMS = {
    "version": "numbers with points between them, such as 16 or 3.40",
    "currency": "a code of three capital letters, such as EUR, or per-row",
}
"""What is wanted of a text by its key, where a pattern says it."""
_WANTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "float_type": "a number",
    "tuple_type": "a list in square brackets",
}
