"""Facts that always follow from others: their expression, their type, and when they are unknown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import reduce

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import (
    Arithmetic,
    Call,
    Expression,
    Fragment,
    IsNull,
    Literal,
    Name,
    children,
    names,
    renamed,
    walk,
)
from schemawalk.schema.language.sorts import (
    DAY,
    ID,
    LENGTH,
    MOMENT,
    NUMBER,
    TEXT,
    TRUTH,
    Meaning,
    Meanings,
    sort_of,
)
from schemawalk.schema.language.typing_rules import unsteady, value_misfit
from schemawalk.schema.model import Column, Type
from schemawalk.schema.tables.draft import Context, Draft

NOW_AND_THEN = "now-and-then"
"""The answer that a job writes the fact."""
_TYPES = {
    TEXT: Type("text"), TRUTH: Type("boolean"), DAY: Type("date"), MOMENT: Type("timestamptz"),
    LENGTH: Type("interval"), ID: Type("uuid"),
}  # fmt: skip
_DIGITS = {"integer": 10, "bigint": 19}
_MOST_DIGITS = 38
"""More than every database keeps in a decimal is of no use."""
QUOTIENT = Type("numeric", 18, 6)
"""What a quotient is kept as: its decimal places never end."""


def is_generated(attribute: Attribute) -> bool:
    """Whether the database computes the fact whenever its row is written."""
    told = attribute.computed
    return told not in (None, "", NOW_AND_THEN) and kind_of(attribute).id == "computed"


def generate_columns(context: Context) -> None:
    """Turn each computed fact with an expression into a generated column.

    All columns of the tables are there; what cannot be generated becomes a finding, and the column
    stays one that a job writes.
    """
    for entity in context.design.entities:
        home = context.lookup.home(entity.id)
        if home is not None and context.lookup.persists(entity):
            for attribute in filter(is_generated, entity.attributes):
                _generate(context, context.drafts[home.id], entity, attribute)


def _generate(context: Context, draft: Draft, entity: Entity, attribute: Attribute) -> None:
    told = attribute.computed or ""
    expression = context.parsed(told, attribute.id, "rule")
    if expression is None:
        return
    meant = renamed(expression, context.meant(draft, entity))
    columns = {each.name: each for each in draft.every_column()}
    known = {name: Meaning(each.type) for name, each in columns.items()}
    column = draft.columns_of[attribute.id][0]
    unknown = context.unknown_names(draft, entity, expression)
    why = f"{draft.name} has no {' and no '.join(unknown)}" if unknown else ""
    if why := why or obstacle(meant, column, _generated(context, draft), known):
        context.problem(
            "broken-rule", attribute.id,
            f"What {attribute.id} is computed from, {told!r}, cannot be: {why}.",
            "Compute it from other columns of the row, or let a job write it now and then.",
        )  # fmt: skip
        return
    made = generated(meant, columns[column], columns, known)
    draft.facts = [made if each.name == column else each for each in draft.facts]


def _generated(context: Context, draft: Draft) -> frozenset[str]:
    """The table's columns that follow from others: none may follow from one of them."""
    facts = context.lookup.attributes
    return frozenset(
        columns[0]
        for each, columns in draft.columns_of.items()
        if each in facts and is_generated(facts[each])
    )


def obstacle(
    expression: Expression, fact: str, computed: Collection[str], known: Meanings
) -> str:  # fmt: skip
    """Why no database can generate the fact so; empty when it can.

    `computed` are names of generated columns, `known` all that the expression may speak of.
    """
    if isinstance(expression, Fragment):
        return f"of {expression.database}'s own SQL nobody else knows the type"
    if fact in names(expression):
        return f"it speaks of {fact} itself"
    for name in names(expression):
        if name in computed:
            return f"{name} is computed as well: no database computes one from another"
    if why := value_misfit(expression, known) or unsteady(expression):
        return why
    if type_of_value(expression, known) is None:
        return "nobody knows of which type it is"
    return ""


def generated(
    expression: Expression, column: Column, columns: dict[str, Column], known: Meanings
) -> Column:  # fmt: skip
    """The column as the database will keep it; unknown where what it follows from is."""
    type_ = type_of_value(expression, known) or column.type
    empty = frozenset(name for name, each in columns.items() if each.nullable)
    rule = explicit(expression, known)
    if type_.name == "interval":
        rule = Call("whole", (rule,))
    because = f"follows from {', '.join(names(expression))}"
    return replace(
        column, type=type_, generated=rule, nullable=may_be_null(expression, empty),
        default=None, because=because,
    )  # fmt: skip


def may_be_null(expression: Expression, empty: Collection[str]) -> bool:
    """Whether the value can be unknown, where the columns `empty` can be."""
    match expression:
        case Name(name):
            return name in empty
        case Literal(value):
            return value is None
        case IsNull() | Call("present", _):
            return False
        case Call("coalesce", arguments):
            return all(may_be_null(argument, empty) for argument in arguments)
        case Arithmetic("/", left, right):
            safe = isinstance(right, Literal) and bool(right.value)
            return not safe or may_be_null(left, empty)
        case _:
            return any(may_be_null(inner, empty) for inner in children(expression))


def type_of_value(expression: Expression, known: Meanings) -> Type | None:
    """The type that holds every value of the expression; None when nobody can tell."""
    if isinstance(expression, Name):
        type_ = known[expression.name].type if expression.name in known else None
        return Type("text") if type_ and type_.name == "varchar" else type_
    if any(isinstance(part, Fragment) for part in walk(expression)):
        return None
    sort = sort_of(expression, known)
    return _number(expression, known) if sort == NUMBER else _TYPES.get(sort)


def _number(expression: Expression, known: Meanings) -> Type:
    match expression:
        case Name(name):
            return known[name].type
        case Literal(int(value)):
            return Type("integer") if -(2**31) <= value < 2**31 else Type("bigint")
        case Literal(value):
            digits = format(value, "f").lstrip("-").partition(".")
            return Type("numeric", len(digits[0]) + len(digits[2]), len(digits[2]))
        case Arithmetic("/", _, _):
            return QUOTIENT
        case Arithmetic("*", left, right):
            return _product(_number(left, known), _number(right, known))
        case Arithmetic(_, left, right) if sort_of(left, known) == NUMBER:
            return _sum(_number(left, known), _number(right, known))
        case Call("coalesce", arguments):
            return reduce(_wider, (_number(argument, known) for argument in arguments))
        case _:
            return Type("integer")


def _size(type_: Type) -> tuple[int, int]:
    """Digits before and after the point."""
    scale = type_.scale or 0
    return (_DIGITS.get(type_.name) or (type_.precision or 18)) - scale, scale


def _decimal(before: int, after: int) -> Type:
    after = min(after, 12)
    return Type("numeric", min(before + after, _MOST_DIGITS), after)


def _product(left: Type, right: Type) -> Type:
    if {left.name, right.name} <= _DIGITS.keys():
        return Type("bigint")
    (before, after), (more, places) = _size(left), _size(right)
    return _decimal(before + more, after + places)


def _sum(left: Type, right: Type) -> Type:
    wider = _wider(left, right)
    if wider.name in _DIGITS:
        return wider
    before, after = _size(wider)
    return _decimal(before + 1, after)


def _wider(left: Type, right: Type) -> Type:
    if {left.name, right.name} <= _DIGITS.keys():
        return left if left.name == "bigint" else right
    (before, after), (more, places) = _size(left), _size(right)
    return _decimal(max(before, more), max(after, places))
