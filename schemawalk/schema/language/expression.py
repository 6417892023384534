"""Expressions of rules as a tree, and ways to walk it.

`grammar.parse` makes one from text, `evaluation.evaluate` says what it is for a row, and a dialect
writes it as SQL.  As in SQL, an unknown operand makes the result unknown; an unknown rule holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import is_
from typing import Literal as OneOf
from typing import TypeAlias


class ExpressionError(ValueError):
    """The text is not an expression; the message says where and why."""


Value: TypeAlias = str | int | Decimal | bool | None
CompareOperator = OneOf["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Name:
    """A column, or before naming an attribute, of the row at hand."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: Value


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared."""

    operator: CompareOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Logic:
    """Several conditions, joined by one operator."""

    operator: OneOf["and", "or"]
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class IsNull:
    """Absent, or with `negated` present."""

    operand: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """One of a list of constants."""

    operand: Expression
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """From low to high, both included."""

    operand: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class Matches:
    """Matches a POSIX extended regular expression somewhere."""

    operand: Expression
    pattern: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, difference, product or quotient."""

    operator: OneOf["+", "-", "*", "/"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language, or one that only the program itself writes (`now`, `uuid`…)."""

    function: str
    arguments: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Fragment:
    """SQL of one database alone, in the user's own words, with the columns that it speaks of."""

    database: str
    parts: tuple[str | Name, ...]


Expression: TypeAlias = (
    Name
    | Literal
    | Compare
    | Logic
    | Not
    | IsNull
    | In
    | Between
    | Matches
    | Arithmetic
    | Call
    | Fragment
)


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside."""
    match expression:
        case Name() | Literal():  # by far the most, so asked first
            return ()
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Logic(_, parts):
            return parts
        case Not(operand) | IsNull(operand, _) | Matches(operand, _):
            return (operand,)
        case In(operand, values):
            return (operand, *values)
        case Between(operand, low, high):
            return (operand, low, high)
        case Call(_, arguments):
            return arguments
        case Fragment(_, parts):
            return tuple(part for part in parts if isinstance(part, Name))
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything inside it, outermost first."""
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(children(part)))


def names(expression: Expression) -> tuple[str, ...]:
    """Names that it mentions, each once, in order."""
    return tuple(dict.fromkeys(e.name for e in walk(expression) if isinstance(e, Name)))


def weighed(expression: Expression) -> frozenset[str]:
    """Names whose value counts, and not only whether there is one."""
    if isinstance(expression, Name):
        return frozenset((expression.name,))
    inside = children(expression)
    present = isinstance(expression, Call) and expression.function == "present"
    if present or isinstance(expression, IsNull):
        inside = tuple(each for each in inside if not isinstance(each, Name))
    return frozenset[str]().union(*map(weighed, inside))


def renamed(expression: Expression, new: Mapping[str, str]) -> Expression:
    """The same expression with names replaced; names that `new` lacks stay."""
    if isinstance(expression, Name):
        return Name(new[expression.name]) if expression.name in new else expression
    return rebuilt(expression, lambda inner: renamed(inner, new))


def rebuilt(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The same expression with everything directly inside it changed, constants of lists apart.

    Itself where nothing is.
    """
    inside = (expression.operand,) if isinstance(expression, In) else children(expression)
    made = tuple(map(change, inside))
    return expression if all(map(is_, made, inside)) else _of(expression, made)


def _piece(piece: str | Name, made: Iterator[Expression]) -> str | Name:
    """What stands there in a fragment over other names: its words stay."""
    name = piece if isinstance(piece, str) else next(made)
    return name if isinstance(name, str | Name) else piece


def _of(expression: Expression, inside: tuple[Expression, ...]) -> Expression:
    """An expression like that one over others, as many as it has directly inside."""
    match expression:
        case Compare(operator):
            return Compare(operator, *inside)
        case Arithmetic(sign):
            return Arithmetic(sign, *inside)
        case Logic(word):
            return Logic(word, inside)
        case Not():
            return Not(*inside)
        case IsNull(_, negated):
            return IsNull(inside[0], negated)
        case Matches(_, pattern):
            return Matches(inside[0], pattern)
        case In(_, values):
            return In(inside[0], values)
        case Between():
            return Between(*inside)
        case Call(function):
            return Call(function, inside)
        case Fragment(database, pieces):
            made = iter(inside)
            return Fragment(database, tuple(_piece(piece, made) for piece in pieces))
        case _:
            return expression
