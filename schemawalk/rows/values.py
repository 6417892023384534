"""Values that a column may be tried with: those of its type, and those that its rules speak of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from schemawalk.rows.patterns import sample
from schemawalk.schema.capability.fit import CAPABILITIES
from schemawalk.schema.language.evaluation import evaluate
from schemawalk.schema.language.expression import (
    Call,
    Expression,
    Fragment,
    Literal,
    Matches,
    Name,
    Value,
    names,
    walk,
)
from schemawalk.schema.model import Column, Schema

FAR: Final = "5000-01-01T00:00:00.000Z"
"""Stands for now() in rules: later than every made-up moment but the last, as now() is."""

TIMES: Final = frozenset(("date", "timestamptz"))
_FIRST_DAY: Final = date(2024, 1, 1)
_DAYS: Final = 200
"""Made-up moments begin again after so many days: all of them stay in the past."""
_LONG_BEFORE: Final = -1_000
"""In days, where rows find room that may not overlap with one that goes on for years."""
_MOMENT: Final = "%Y-%m-%dT%H:%M:%S.000Z"
_FURTHEST_DAYS: Final = 9_999
_FIRST_YEAR: Final = 1_000
_LONGEST: Final = 1_000_000
"""Longest text that is tried, in characters."""
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_CONSTANT: Final = re.compile(r"'((?:[^']|'')+)'|(?<![\w.'])(\d+)(?![\w.'])")
_RANGES: Final = {"integer": 2**31, "bigint": 2**63, "interval": 2**31}
_NO_MATCH: Final = ("", "!", " ", "\u00ac", "no match", "0", "a")
_INVALID: Final = {
    "valid_json": ("{",),
    "valid_list": ("{}",),
    "valid_date": ("2024-02-30",),
    "valid_moment": ("2024-02-30T00:00:00.000Z",),
    "valid_inet": ("nowhere!",),
}
"""By the function that stands for a type, texts that are no value of it."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What the rules of a table say about one of its columns."""

    numbers: tuple[int | Decimal, ...] = ()
    texts: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    seconds: tuple[int, ...] = ()
    """Lengths of time."""


def hints(column: str, rules: Iterable[Expression]) -> Hints:
    """The constants, patterns and functions of those rules that mention the column."""
    parts = [part for rule in rules if column in names(rule) for part in walk(rule)]
    constants = [part.value for part in parts if isinstance(part, Literal)]
    constants += [value for part in parts if isinstance(part, Fragment) for value in _said(part)]
    numbers = [v for v in constants if isinstance(v, int | Decimal) and not isinstance(v, bool)]
    return Hints(
        tuple(dict.fromkeys(numbers)),
        tuple(dict.fromkeys(v for v in constants if isinstance(v, str))),
        tuple(dict.fromkeys(part.pattern for part in parts if isinstance(part, Matches))),
        tuple(dict.fromkeys(part.function for part in parts if isinstance(part, Call))),
        tuple(dict.fromkeys(_lengths(parts))),
    )


def _said(own: Fragment) -> Iterator[Value]:
    """The constants in a database's own SQL, texts also with something behind them."""
    for piece in own.parts:
        if isinstance(piece, Name):
            continue
        for text, number in _CONSTANT.findall(piece):
            yield from (text, f"{text}1") if text else (int(number),)


def _lengths(parts: Iterable[Expression]) -> Iterator[int]:
    """The lengths of time among the parts of rules, in seconds."""
    for part in parts:
        if isinstance(part, Call) and part.function.startswith("lasting_"):
            yield int(str(evaluate(part, {})))


def candidates(
    column: Column, known: Hints, number: int, schema: Schema, database: str
) -> list[Value]:
    """Values to try, the most ordinary first; other numbers give other ones where the type allows.

    NULL comes last, and only for a column that may be NULL.
    """
    made = list(_values(column, known, number, schema, database))
    if column.nullable:
        made.append(None)
    return list({(type(value), value): value for value in made}.values())


def _values(
    column: Column, known: Hints, number: int, schema: Schema, database: str
) -> Iterator[Value]:
    match column.type.name:
        case "uuid":
            # The last one is smaller than all others: rules may compare ids.
            others = (identifier(number + 2**20), *known.texts, identifier(0))
            yield from (identifier(number), *others)
        case "text" | "varchar":
            yield from _texts_of(column, known, number)
        case "inet":
            yield from _addresses(known, number)
        case "integer" | "bigint" | "interval":
            yield from _integers(column, known, number)
        case "numeric":
            yield from _decimals(column, known, number)
        case "boolean":
            # Where a CHECK stands for the type, the column would take other numbers.
            yield from (True, False, *([2] if "boolean" in CAPABILITIES[database] else []))
        case "date" | "timestamptz":
            yield from _times(column, known, number)
        case "json":
            yield from (json.dumps({"n": number}), "{}", "[]", *_invalid(known))
        case "list":
            yield from (json.dumps([f"n{number}"]), "[]", *_invalid(known))
        case "bytes":
            yield str(number)
        case "enum":
            yield from schema.enum(column.type.enum or "").values


def identifier(number: int) -> str:
    """A UUID of the right form that no generator of random ones gives."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def _addresses(known: Hints, number: int) -> Iterator[str]:
    low, high = number % 256, number // 256 % 256
    yield from (f"10.0.{high}.{low}", f"10.1.{high}.{low}", f"2001:db8::{number:x}")
    yield from known.texts
    yield from _invalid(known)


def _invalid(known: Hints) -> Iterator[str]:
    for function in known.functions:
        yield from _INVALID.get(function, ())


def _texts_of(column: Column, known: Hints, number: int) -> Iterator[str]:
    """Texts as long as the type takes them."""
    most = column.type.precision
    if not most:
        yield from _texts(known, number)
        return
    longer = replace(known, numbers=(*known.numbers, most))
    yield from (text for text in _texts(longer, number) if len(text) <= most)


def _texts(known: Hints, number: int) -> Iterator[str]:
    lengths = sorted({int(n) + d for n in known.numbers for d in (-1, 0, 1)})
    lengths = [length for length in lengths if 0 <= length <= _LONGEST]
    for pattern in known.patterns:
        for length in (None, *lengths):
            if (text := sample(pattern, number, length)) is not None:
                yield text
    yield f"made up {number}"
    yield from known.texts
    word = _word(number)
    yield from (word[:length].ljust(length, "a") for length in reversed(lengths))
    yield from (" " * length for length in lengths)
    yield from (f"{text}?" for text in known.texts[:1])
    if "exactly" in known.functions:  # An order is asked for: one before others, one behind them.
        yield from (f"a made up {number}", f"z made up {number}")
    if "lower" in known.functions:
        yield from (f"MADE UP {number}", *(text.upper() for text in known.texts))
    if known.patterns or "blank" in known.functions:
        yield from _NO_MATCH
    yield from _invalid(known)


def _word(number: int) -> str:
    """The number in letters and digits, what changes most first: its start tells numbers apart."""
    word = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        word += _DIGITS[digit]
    return word


def _integers(column: Column, known: Hints, number: int) -> Iterator[int]:
    end = _RANGES[column.type.name]
    said = [int(n) for n in (*known.numbers, *known.seconds)]
    around = [n + d for d in (0, 1, -1) for n in said]
    spread = [n + number for n in said]
    tried = (number, *around, 0, 1, -1, number + 1, number - 1, *spread)
    yield from (n for n in tried if -end <= n < end)


def _decimals(column: Column, known: Hints, number: int) -> Iterator[Decimal]:
    scale = column.type.scale or 0 if column.type.precision else 2
    step = Decimal(1).scaleb(-scale)
    end = Decimal(1).scaleb((column.type.precision or 30) - scale)
    said = [Decimal(n) for n in known.numbers]
    around = [n + d for d in (0, step, -step) for n in said]
    own = number * step % end
    for value in (own, *around, Decimal(0), Decimal(1), Decimal(-1), own + step, own - step):
        try:
            fits = abs(value) < end and value == value.quantize(step)
        except InvalidOperation:
            continue
        if fits:
            yield value.quantize(step)


def _times(column: Column, known: Hints, number: int) -> Iterator[str]:
    day = _FIRST_DAY + timedelta(days=number % _DAYS)
    moment = datetime(day.year, day.month, day.day) + timedelta(seconds=number)
    form = "%Y-%m-%d" if column.type.name == "date" else _MOMENT
    for days in (0, 1, -1):
        yield (moment + timedelta(days=days)).strftime(form)
    yield from known.texts
    yield from _distant(moment, known, form)
    for days in (_LONG_BEFORE, _LONG_BEFORE + 1):
        yield (moment + timedelta(days=days)).strftime(form)
    # strftime writes no four digits for early years on every system.
    for date_ in ("0001-01-01", "9999-12-31"):
        yield date_ if column.type.name == "date" else f"{date_}T00:00:00.000Z"
    yield from _invalid(known)


def beside(column: Column, known: Hints, others: Iterable[Value]) -> Iterator[Value]:
    """Times as far from others of the same row as rules say; none of what is no time."""
    if column.type.name not in TIMES or not known.seconds:
        return
    form = "%Y-%m-%d" if column.type.name == "date" else _MOMENT
    for other in others:
        with suppress(TypeError, ValueError, OverflowError):  # a made-up time may be far away
            moment = datetime.fromisoformat(str(other))
            for seconds in (*known.seconds, *(-each for each in known.seconds)):
                near = moment + timedelta(seconds=seconds)
                if near.year >= _FIRST_YEAR:
                    yield near.strftime(form)


def _distant(moment: datetime, known: Hints, form: str) -> Iterator[str]:
    """Times that are as far from the usual one as rules say, or in a year that they name."""
    numbers = [int(n) for n in known.numbers if abs(int(n)) < _FURTHEST_DAYS]
    steps = [timedelta(days=n) for n in numbers]
    steps += [timedelta(seconds=s) for s in known.seconds if s < _FURTHEST_DAYS * 86_400]
    for step in steps:
        for more in (timedelta(0), timedelta(days=1), timedelta(days=-1)):
            yield (moment + step + more).strftime(form)
    if {"year", "year_of_moment", "month", "month_of_moment"} & set(known.functions):
        years = (n for n in numbers if n >= _FIRST_YEAR)
        yield from (datetime(year, 6, 15).strftime(form) for year in years)
        months = (n for n in numbers if 1 <= n <= 12)
        yield from (datetime(_FIRST_DAY.year, month, 15).strftime(form) for month in months)
