"""Rules as MongoDB keeps them in a validator: `$expr` over the fields of a document.

Days and moments are dates, lengths of time are seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import (
    Arithmetic,
    Call,
    Compare,
    Expression,
    In,
    IsNull,
    Literal,
    Matches,
    Name,
    Value,
)
from schemawalk.schema.language.matching import pieces
from schemawalk.schema.language.sorts import DAY, MOMENT, Meanings, sort_of
from schemawalk.schema.rendering import NotRenderedError
from schemawalk.schema.rendering.certain import (
    Absent,
    Certain,
    Every,
    Opposite,
    Some,
    Test,
    accepts,
)

Operator: TypeAlias = dict[str, Any]

_COMPARISONS: Final[Mapping[str, str]] = {
    "=": "$eq", "<>": "$ne", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte",
}  # fmt: skip
_ARITHMETIC: Final[Mapping[str, str]] = {
    "+": "$add", "-": "$subtract", "*": "$multiply", "/": "$divide",
}  # fmt: skip
_DAY: Final = 86_400_000


def _times(number: Any, unit: int) -> Any:
    return {"$multiply": [number, unit]}


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "length": lambda text: {"$strLenCP": text},
    "lower": lambda text: {"$toLower": text},
    "blank": lambda text: {"$eq": [{"$trim": {"input": text, "chars": " "}}, ""]},
    "concat": lambda *texts: {"$concat": list(texts)},
    "exactly": lambda text: text,
    "wide": lambda number: number,
    "whole": lambda number: {"$trunc": [number]},
    "date": lambda text: {"$toDate": text},
    "moment": lambda text: {"$toDate": text},
    "lasting_seconds": lambda number: number,
    "lasting_minutes": lambda number: _times(number, 60),
    "lasting_hours": lambda number: _times(number, 3_600),
    "lasting_days": lambda number: _times(number, 86_400),
    "days_between": lambda one, other: {"$divide": [{"$subtract": [one, other]}, _DAY]},
    "time_between": lambda one, other: {"$divide": [{"$subtract": [one, other]}, 1_000]},
    "day_plus": lambda day, days: {"$add": [day, _times(days, _DAY)]},
    "day_minus": lambda day, days: {"$subtract": [day, _times(days, _DAY)]},
    "moment_plus": lambda at, seconds: {"$add": [at, _times(seconds, 1_000)]},
    "moment_minus": lambda at, seconds: {"$subtract": [at, _times(seconds, 1_000)]},
    "year": lambda day: {"$year": day},
    "month": lambda day: {"$month": day},
    "year_of_moment": lambda at: {"$year": at},
    "month_of_moment": lambda at: {"$month": at},
    "day": lambda at: {"$dateTrunc": {"date": at, "unit": "day"}},
}
"""By function, the operator that it is, made of its operands."""


def mongo(rule: Expression, known: Meanings, required: Collection[str] = ()) -> Operator:
    """A query that finds the documents that a CHECK would take, as plain values for JSON.

    Raises NotRenderedError for SQL of one database.
    """
    told = accepts(explicit(rule, known), required)
    return {"$expr": Writing(known).condition(told)}


def matched(pattern: str) -> str:
    """The pattern for PCRE with the option `s`: there `$` may stand before a last line break."""
    return "".join("(?!.)" if piece == "$" else piece for piece in pieces(pattern))


class Writing:
    """One rule on its way to what stands under `$expr`."""

    def __init__(self, known: Meanings) -> None:
        self.known = known

    def condition(self, told: Certain) -> Any:
        match told:
            case Every(parts):
                return {"$and": [self.condition(part) for part in parts]} if parts else True
            case Some(parts):
                return {"$or": [self.condition(part) for part in parts]} if parts else False
            case Absent(column):
                return {"$eq": [{"$ifNull": [f"${column}", None]}, None]}
            case Opposite(part):
                return {"$not": [self.condition(part)]}
            case Test(rule):
                return self.test(rule)

    def test(self, rule: Expression) -> Any:
        match rule:
            case Compare(sign, left, right):
                return {_COMPARISONS[sign]: [self.side(left, right), self.side(right, left)]}
            case In(operand, values):
                return {"$in": [self.value(operand), [self.side(v, operand) for v in values]]}
            case Matches(operand, pattern):
                match = {"input": self.value(operand), "regex": matched(pattern), "options": "s"}
                return {"$regexMatch": match}
            case _:
                return self.value(rule)

    def side(self, side: Expression, other: Expression) -> Any:
        """One side of a comparison, a constant in quotes as a date where the other side is one."""
        timed = sort_of(other, self.known) in (DAY, MOMENT)
        if timed and isinstance(side, Literal) and isinstance(side.value, str):
            return {"$toDate": side.value}
        return self.value(side)

    def value(self, expression: Expression) -> Any:
        match expression:
            case Name(name):
                return f"${name}"
            case Literal(value):
                return _constant(value)
            case Arithmetic(sign, left, right):
                return {_ARITHMETIC[sign]: [self.value(left), self.value(right)]}
            case Call("present", arguments):
                return {"$add": [self.counted(argument) for argument in arguments]}
            case Call("coalesce", (first, *others)):
                rest = [self.side(other, first) for other in others]
                return self.first_known([first, *others], [self.value(first), *rest])
            case Call(function, arguments) if function in FUNCTIONS:
                return FUNCTIONS[function](*map(self.value, arguments))
            case Call(function, _):
                raise NotRenderedError(f"{function}() means nothing outside a database")
            case _:
                return self.condition(accepts(expression))

    def counted(self, argument: Expression) -> Operator:
        return {"$cond": [self.condition(accepts(IsNull(argument))), 0, 1]}

    def first_known(self, arguments: list[Expression], values: list[Any]) -> Any:
        if len(arguments) == 1:
            return values[0]
        absent = self.condition(accepts(IsNull(arguments[0])))
        return {"$cond": [absent, self.first_known(arguments[1:], values[1:]), values[0]]}


def _constant(value: Value) -> Any:
    if isinstance(value, Decimal):
        return {"$toDecimal": format(value, "f")}
    # A text that begins with a dollar would be the name of a field.
    return {"$literal": value} if isinstance(value, str) and value.startswith("$") else value
