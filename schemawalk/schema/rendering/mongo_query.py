"""Rules as queries of MongoDB: of fields where there are words for it, and `$expr` where not.

A query of a field can use an index, and is what somebody who knows MongoDB would write; `$expr`
compares fields with one another, and computes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import (
    Call,
    Compare,
    Expression,
    In,
    Literal,
    Matches,
    Name,
)
from schemawalk.schema.language.sorts import Meanings
from schemawalk.schema.rendering.certain import (
    Absent,
    Certain,
    Every,
    Opposite,
    Some,
    Test,
    accepts,
    shows,
)
from schemawalk.schema.rendering.mongo import Writing, matched
from schemawalk.schema.rendering.mongo_filter import Filter, UnsayableError, constant

_SIGNS: Final[Mapping[str, str]] = {
    "=": "$eq", "<>": "$ne", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte",
}  # fmt: skip
_OPPOSITE: Final[Mapping[str, str]] = {
    "=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<",
}  # fmt: skip
_TURNED: Final[Mapping[str, str]] = {
    "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip
_MANY: Final = frozenset(("list", "json"))
"""Types whose value may be an array: a query of the field would ask each of its members."""
_NOT_BLANK: Final = "[^ ]"
_THERE: Final[Filter] = {"$ne": None}
_ALSO_ABSENT: Final = frozenset(("$ne", "$nin", "$not"))
"""Operators that find the documents without the field, too."""


def accepted(rule: Expression, known: Meanings, required: Collection[str] = ()) -> Filter:
    """A query for the documents that a CHECK would take: the rule is true of them, or unknown.

    `required` are the fields that always have a value.  Raises NotRenderedError for SQL of one
    database.
    """
    return _Asking(known).asked(accepts(explicit(rule, known), required))


def shown(rule: Expression, known: Meanings, required: Collection[str] = ()) -> Filter:
    """A query for the documents of which the rule is true; otherwise as `accepted`."""
    return _Asking(known).asked(shows(explicit(rule, known), required))


def only_computed(query: Filter) -> Any:
    """What stands under `$expr`, where the query is nothing else; else None."""
    return query["$expr"] if list(query) == ["$expr"] else None


class _Asking:
    """One rule on its way."""

    def __init__(self, known: Meanings) -> None:
        self.known = known

    def asked(self, told: Certain) -> Filter:
        match told:
            case Every(parts):
                return self.every([(part, self.asked(part)) for part in parts])
            case Some(parts):
                return self.some([(part, self.asked(part)) for part in parts])
        try:
            return self.field(told)
        except UnsayableError:
            return self.computed(told)

    def computed(self, told: Certain) -> Filter:
        return {"$expr": Writing(self.known).condition(told)}

    def every(self, parts: list[tuple[Certain, Filter]]) -> Filter:
        found: Filter = {}
        apart: list[Filter] = []
        computed = [part for part, query in parts if only_computed(query) is not None]
        for _, query in parts:
            if only_computed(query) is not None:
                continue
            if (both := _both(found, query)) is None:
                apart.append(query)
            else:
                found = both
        if computed:
            found |= self.computed(Every(tuple(computed)) if computed[1:] else computed[0])
        if not apart:
            return found
        return {"$and": [found, *apart]}

    def some(self, parts: list[tuple[Certain, Filter]]) -> Filter:
        computed = tuple(part for part, query in parts if only_computed(query) is not None)
        if len(computed) == len(parts):
            return self.computed(Some(computed))
        # What is not some value is also what has none.
        said = {name for _, query in parts if len(query) == 1 for name, how in query.items()
                if _takes_absent(how)}  # fmt: skip
        ways = [query for part, query in parts if only_computed(query) is None
                and not (isinstance(part, Absent) and part.column in said)]  # fmt: skip
        ways += [self.computed(Some(computed) if computed[1:] else computed[0])] if computed else []
        return {"$or": ways} if ways[1:] else ways[0]

    # One field

    def field(self, told: Certain) -> Filter:
        match told:
            case Absent(name):
                return {self.plain(name): None}
            case Opposite(Absent(name)):
                return {self.plain(name): dict(_THERE)}
            case Test(rule):
                return self.test(rule, so=True)
            case Opposite(Test(rule)):
                return self.test(rule, so=False)
            case _:
                raise UnsayableError

    def test(self, rule: Expression, *, so: bool) -> Filter:
        """A condition on what has a value, or its opposite."""
        match rule:
            case Compare(sign, Literal(value), side):
                return self.compared(_bare(side), _TURNED[sign], value, so=so)
            case Compare(sign, side, Literal(value)):
                return self.compared(_bare(side), sign, value, so=so)
            case In(Name(name), values):
                type_ = self.known[self.plain(name)].type
                listed = [constant(each.value, type_) for each in values]
                return {name: {"$in" if so else "$nin": listed}}
            case Matches(Name(name), pattern):
                said = {"$regex": matched(pattern), "$options": "s"}
                return {self.plain(name): said if so else {"$not": said}}
            case Call("blank", (Name(name),)):
                said = {"$regex": _NOT_BLANK}
                return {self.plain(name): {"$not": said} if so else said}
            case Name(name):
                return {self.plain(name): so}
            case _:
                raise UnsayableError

    def compared(self, side: Expression, sign: str, value: Any, *, so: bool) -> Filter:
        if not isinstance(side, Name):
            raise UnsayableError
        said = constant(value, self.known[self.plain(side.name)].type)
        sign = sign if so else _OPPOSITE[sign]
        return {side.name: said if sign == "=" else {_SIGNS[sign]: said}}

    def plain(self, name: str) -> str:
        """The field, where a query of it asks nothing but its value; raises UnsayableError."""
        if name not in self.known or self.known[name].type.name in _MANY:
            raise UnsayableError
        return name


def _bare(side: Expression) -> Expression:
    """What is compared; MongoDB compares texts exactly, and numbers of any width."""
    match side:
        case Call("exactly" | "wide", (inner,)):
            return inner
        case _:
            return side


def _both(one: Filter, other: Filter) -> Filter | None:
    """Two queries in one; None where they ask a field in ways that do not go together."""
    found = dict(one)
    for name, how in other.items():
        said = _both_of_one(found[name], how) if name in found else how
        if said is None and (name in found or name.startswith("$")):
            return None
        found[name] = said
    return found


def _both_of_one(one: Any, other: Any) -> Any:
    """What is asked of one field, twice."""
    for first, second in ((one, other), (other, one)):
        if first == _THERE and second is not None:
            return _there(second)
    if not (_asks(one) and _asks(other)) or one.keys() & other.keys():
        return None
    return {**one, **other}


def _there(how: Any) -> Any:
    """What is asked of a field that must have a value, besides."""
    if not _asks(how) or not how.keys() & _ALSO_ABSENT:
        return how
    match how:
        case {"$ne": value, **rest} if not rest:
            return {"$nin": [None, value]} if value is not None else how
        case {"$nin": list(values), **rest} if not rest:
            return {"$nin": [None, *(each for each in values if each is not None)]}
        case _ if "$ne" not in how:
            return {**_THERE, **how}
        case _:
            return None


def _takes_absent(how: Any) -> bool:
    """Whether what is asked of a field is so where there is none."""
    there = _asks(how) and (how == _THERE or None in how.get("$nin", ()))
    return _asks(how) and how.keys() <= _ALSO_ABSENT and not there


def _asks(how: Any) -> bool:
    """Whether it is operators, and no value."""
    return isinstance(how, dict)
