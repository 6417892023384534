"""A rule told with true and false alone: what is absent is asked for by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from schemawalk.schema.language.expression import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Expression,
    Fragment,
    In,
    IsNull,
    Literal,
    Logic,
    Matches,
    Name,
    Not,
    children,
)
from schemawalk.schema.rendering import NotRenderedError


@dataclass(frozen=True, slots=True)
class Absent:
    """The column has no value."""

    column: str


@dataclass(frozen=True, slots=True)
class Test:
    """A condition all of whose operands are there."""

    condition: Compare | In | Matches | Call | Name | Literal


@dataclass(frozen=True, slots=True)
class Opposite:
    """What is asked is not so."""

    part: Certain


@dataclass(frozen=True, slots=True)
class Every:
    """All parts are so; of no parts that is true."""

    parts: tuple[Certain, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part is so; of no parts that is false."""

    parts: tuple[Certain, ...] = ()


Certain: TypeAlias = Absent | Test | Opposite | Every | Some

YES = Every()
NO = Some()
_CONDITIONS = (Compare, Logic, Not, IsNull, In, Between, Matches)


def accepts(rule: Expression, required: Collection[str] = ()) -> Certain:
    """Whether a CHECK takes the row: the rule is true, or unknown.

    `required` are the columns that always have a value.
    """
    return _Telling(frozenset(required)).told(rule, unknown=True)


def shows(rule: Expression, required: Collection[str] = ()) -> Certain:
    """Whether a query shows the row: the rule is true; otherwise as `accepts`."""
    return _Telling(frozenset(required)).told(rule, unknown=False)


class _Telling:
    """One rule on its way; `unknown` is what counts as the answer where there is none."""

    def __init__(self, required: frozenset[str]) -> None:
        self.required = required

    def told(self, rule: Expression, *, unknown: bool) -> Certain:
        match rule:
            case Logic("and", parts):
                return _every(*(self.told(part, unknown=unknown) for part in parts))
            case Logic(_, parts):
                return _some(*(self.told(part, unknown=unknown) for part in parts))
            case Not(operand):
                return _opposite(self.told(operand, unknown=not unknown))
            case IsNull(operand, negated):
                absent = self.absent(operand)
                return _opposite(absent) if negated else absent
            case Between(operand, low, high):
                both = (Compare(">=", operand, low), Compare("<=", operand, high))
                return self.told(Logic("and", both), unknown=unknown)
            case Compare(sign, left, right) if _is_condition(left) or _is_condition(right):
                return self.same(sign, left, right, unknown=unknown)
            case In(operand, values) if any(value.value is None for value in values):
                known = tuple(value for value in values if value.value is not None)
                return YES if unknown else self.asked(In(operand, known), operand, unknown=False)
            case Compare() | In() | Matches() | Call() | Name() | Literal():
                return self.asked(rule, rule, unknown=unknown)
            case Fragment(database, _):
                raise NotRenderedError(f"the rule is written in {database}'s own SQL")
            case _:
                raise NotRenderedError(f"{rule} is no condition")

    def asked(
        self,
        rule: Compare | In | Matches | Call | Name | Literal,
        of: Expression,
        *,
        unknown: bool,
    ) -> Certain:
        """The condition itself, where what it is `of` is there."""
        absent = self.absent(of)
        if unknown:
            return _some(absent, Test(rule))
        return _every(_opposite(absent), Test(rule))

    def same(self, sign: str, left: Expression, right: Expression, *, unknown: bool) -> Certain:
        """Two conditions compared: both are so, or both are not."""
        if sign not in ("=", "<>"):
            raise NotRenderedError("conditions have no order")
        if unknown:
            differs = "=" if sign == "<>" else "<>"
            return _opposite(self.same(differs, left, right, unknown=False))
        one, other = self.told(left, unknown=False), self.told(right, unknown=False)
        no, neither = (_opposite(self.told(each, unknown=True)) for each in (left, right))
        if sign == "=":
            return _some(_every(one, other), _every(no, neither))
        return _some(_every(one, neither), _every(no, other))

    def absent(self, value: Expression) -> Certain:
        """Whether the value is unknown."""
        match value:
            case Name(name):
                return NO if name in self.required else Absent(name)
            case Literal(constant):
                return YES if constant is None else NO
            case Call("present", _) | IsNull():
                return NO
            case Call("coalesce", arguments):
                return _every(*map(self.absent, arguments))
            case Arithmetic("/", left, right):
                zero = Test(Compare("=", right, Literal(0)))
                return _some(self.absent(left), self.absent(right), *self.zero(right, zero))
            case _ if isinstance(value, Logic | Not):
                yes, no = self.told(value, unknown=False), self.told(value, unknown=True)
                return _every(_opposite(yes), no)
            case _:
                return _some(*map(self.absent, children(value)))

    def zero(self, divisor: Expression, zero: Test) -> tuple[Certain, ...]:
        return () if isinstance(divisor, Literal) and divisor.value else (zero,)


def _is_condition(expression: Expression) -> bool:
    truth = isinstance(expression, Literal) and isinstance(expression.value, bool)
    return truth or isinstance(expression, _CONDITIONS)


def _every(*parts: Certain) -> Certain:
    flat = [p for part in parts for p in (part.parts if isinstance(part, Every) else (part,))]
    if NO in flat:
        return NO
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else Every(kept)


def _some(*parts: Certain) -> Certain:
    flat = [p for part in parts for p in (part.parts if isinstance(part, Some) else (part,))]
    if YES in flat:
        return YES
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else Some(kept)


def _opposite(part: Certain) -> Certain:
    match part:
        case Opposite(inner):
            return inner
        case Every(parts):
            return _some(*map(_opposite, parts))
        case Some(parts):
            return _every(*map(_opposite, parts))
        case _:
            return Opposite(part)
