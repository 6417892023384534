"""Random rules that fit their columns, and random rows for them, NULLs among their values."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from schemawalk.schema.language.expression import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Expression,
    In,
    IsNull,
    Literal,
    Logic,
    Name,
    Not,
    Value,
)
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.typing_rules import Meaning
from schemawalk.schema.model import Type, TypeName

COLUMNS: dict[str, TypeName] = {
    "size": "integer", "count": "integer", "large": "bigint", "price": "numeric",
    "name": "text", "title": "text", "born_on": "date", "due_on": "date",
    "begun_at": "timestamptz", "ended_at": "timestamptz", "lasted": "interval",
    "active": "boolean",
}  # fmt: skip
KNOWN = {name: Meaning(Type(kind)) for name, kind in COLUMNS.items()}

_DAYS = (
    st.dates(min_value=date(2024, 2, 20), max_value=date(2024, 3, 10))
    | st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
).map(date.isoformat)
"""Most of them close to each other, so that a day more or less matters."""
_NIGHT = datetime(2024, 3, 31)
"""The one in which clocks change in much of Europe."""
_MOMENTS = (
    st.integers(-20, 20).map(lambda n: _NIGHT + timedelta(minutes=30 * n))
    | st.integers(-20, 20).map(lambda n: _NIGHT + timedelta(days=n))
    | st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 12, 31))
).map(lambda at: at.isoformat(timespec="milliseconds") + "Z")
TEXTS = st.text(alphabet="abzABZ 09'%_-", max_size=6)
_WHOLE = st.integers(-9, 9)
_QUARTERS = st.integers(-40, 40).map(lambda n: Decimal(n) / 4)
"""Numbers that SQLite's floating point holds exactly."""
_VALUES: dict[TypeName, st.SearchStrategy[Value]] = {
    "integer": _WHOLE, "bigint": _WHOLE, "numeric": _QUARTERS, "text": TEXTS, "date": _DAYS,
    "timestamptz": _MOMENTS, "interval": st.integers(0, 9_000), "boolean": st.booleans(),
}  # fmt: skip
ROWS = st.fixed_dictionaries({n: st.none() | _VALUES[kind] for n, kind in COLUMNS.items()})


def _named(*kinds: TypeName) -> st.SearchStrategy[Expression]:
    return st.sampled_from([Name(name) for name, kind in COLUMNS.items() if kind in kinds])


def _call(function: str, *arguments: st.SearchStrategy[Expression]) -> Any:
    return st.tuples(*arguments).map(lambda given: Call(function, given))


def _computed(signs: str, left: Any, right: Any) -> st.SearchStrategy[Expression]:
    return st.builds(Arithmetic, st.sampled_from(list(signs)), left, right)


_TEXT = st.recursive(
    _named("text") | TEXTS.map(Literal),
    lambda inner: _call("lower", inner) | _call("concat", inner, inner)
    | _call("coalesce", _named("text"), inner),
    max_leaves=3,
)  # fmt: skip
_LENGTH = (
    _named("interval")
    | st.sampled_from(["seconds", "minutes", "hours", "days"]).flatmap(
        lambda unit: st.integers(0, 8).map(lambda n: Call(f"lasting_{unit}", (Literal(n),)))
    )
    | st.just(parse("ended_at - begun_at"))
)
_DAY = st.recursive(
    _named("date") | _call("date", _DAYS.map(Literal)) | _call("day", _named("timestamptz")),
    lambda inner: _computed("+-", inner, st.integers(0, 12).map(Literal) | _named("integer"))
    | _call("coalesce", _named("date"), inner),
    max_leaves=2,
)  # fmt: skip
_MOMENT = st.recursive(
    _named("timestamptz") | _call("moment", _MOMENTS.map(Literal)),
    lambda inner: _computed("+-", inner, _LENGTH) | _call("coalesce", _named("timestamptz"), inner),
    max_leaves=2,
)
NUMBERS = st.recursive(
    _named("integer", "bigint", "numeric") | (_WHOLE | _QUARTERS).map(Literal),
    lambda inner: (
        _computed("+-*", inner, inner)
        | _call("length", _TEXT)
        | st.tuples(_DAY, _DAY).map(lambda two: Arithmetic("-", *two))
        | st.sampled_from(["year", "month"]).flatmap(lambda f: _call(f, _DAY | _MOMENT))
        | _call("coalesce", _named("integer", "numeric"), inner)
        | _call("present", _TEXT, _DAY)
    ),
    max_leaves=4,
)
_SIGNS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_SAME = st.sampled_from(["=", "<>"])
_LEAVES = st.one_of(
    *(st.builds(Compare, _SIGNS, each, each) for each in (NUMBERS, _TEXT, _DAY, _MOMENT, _LENGTH)),
    st.builds(Compare, _SIGNS, _DAY, _DAYS.map(Literal)),
    st.builds(Compare, _SIGNS, _MOMENT, _MOMENTS.map(Literal)),
    st.builds(Compare, _SAME, _named("boolean"), st.booleans().map(Literal)),
    *(st.builds(Between, each, each, each) for each in (NUMBERS, _TEXT, _DAY)),
    st.builds(IsNull, NUMBERS | _TEXT | _DAY | _MOMENT | _LENGTH, st.booleans()),
    st.builds(In, NUMBERS, st.lists(_WHOLE.map(Literal), min_size=1, max_size=3).map(tuple)),
    st.builds(In, _DAY, st.lists(_DAYS.map(Literal), min_size=1, max_size=3).map(tuple)),
    _call("blank", _TEXT),
    _named("boolean"),
)
RULES: st.SearchStrategy[Expression] = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(
            Logic,
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=3).map(tuple),
        ),
        st.builds(Compare, _SAME, inner, inner),
    ),
    max_leaves=6,
)
PATTERNS = st.lists(
    st.sampled_from(["a", "[ab]+", "[^ ]", "z?", ".", "(a|b)", "[0-9]{1,2}", "[+]", r"\."]),
    min_size=1,
    max_size=3,
).map("".join).flatmap(lambda p: st.sampled_from([p, f"^{p}", f"{p}$", f"^{p}$"]))  # fmt: skip
