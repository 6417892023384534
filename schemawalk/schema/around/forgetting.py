"""From answers about being forgotten to routines that delete a person's rows, or empty them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemawalk.design.model import Entity, Forget
from schemawalk.schema.language.evaluation import evaluate
from schemawalk.schema.language.expression import (
    Call,
    Expression,
    IsNull,
    Literal,
    Name,
    Value,
    names,
    walk,
)
from schemawalk.schema.model import Column, TypeName
from schemawalk.schema.routine import Cleared, Routine
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.things import Sealed

TOLD: Final = ("personal", "secret")
"""Sensitivities of what tells about a person, or lets somebody act as them."""

NEUTRAL: Final[Mapping[TypeName, tuple[Value, ...]]] = {
    "text": ("forgotten", "forgotten-*", "forgotten-*@example.org", "*", "*@example.org",
             "+0000000", "https://example.org/forgotten", "https://example.org/*", "-", "0", ""),
    "uuid": ("00000000-0000-4000-8000-000000000000", "*"),
    "integer": (0, 1),
    "bigint": (0, 1),
    "numeric": (0, 1),
    "interval": (0, 1),
    "boolean": (False, True),
    "date": ("1900-01-01",),
    "timestamptz": ("1900-01-01T00:00:00.000Z",),
    "json": ("{}", "[]"),
    "list": ("[]",),
    "bytes": ("",),
    "inet": ("0.0.0.0",),
}  # fmt: skip
"""Values that tell nothing about anybody, by type; `*` stands for the row's own key, which keeps
them apart."""

_KEYS: Final = ("00000000-0000-4000-8000-000000000000", "1")
"""What a row's key may look like in a text."""


def add_forgets(context: Context) -> None:
    """A routine for each table that tells about people; a person's own calls those of the rest."""
    people = [e for e in context.lookup.tables if context.lookup.archetype(e).id == "person"]
    called: dict[str, list[str]] = {}
    others = [entity for entity in context.lookup.tables if entity not in people]
    for entity in (*others, *people):
        draft = context.drafts[entity.id]
        way = _way(context, entity, draft)
        if way is None:
            continue
        key = "" if entity in people else _key_to(draft, [context.drafts[p.id] for p in people])
        cleared = _cleared(context, entity, draft, key) if way == "anonymise" else ()
        if cleared is None or _is_sealed(context, entity, draft, cleared):
            continue
        name = context.taken.take(f"{draft.name}_forget")
        column = key or draft.key_columns[0]
        history = _of_history(context, entity, column, name, cleared)
        context.around.extend(history)
        owner = _referred(draft, key)
        if owner:
            called.setdefault(owner, []).append(name)
        context.around.append(
            Routine(name, "forget", draft.name, column, cleared=cleared,
                    before_it=tuple(called.get(draft.name, ())),
                    after_it=tuple(routine.name for routine in history),
                    because=_because(entity, way, owner), source=entity.id)
        )  # fmt: skip


def _way(context: Context, entity: Entity, draft: Draft) -> Forget | None:
    """What becomes of its rows; None when nothing does: nobody said so, or they tell of nobody."""
    personal = any(column.sensitivity == "personal" for column in draft.every_column())
    way = entity.forget or (context.design.keeping.forget if personal else None)
    return None if way == "keep" else way


def _because(entity: Entity, way: Forget, owner: str) -> str:
    if way == "delete":
        what = f"{many(entity)} go"
    else:
        what = f"{many(entity)} stay, and tell nothing about anybody,"
    whose = f"the key in {owner}" if owner else "its own key"
    return f"{what} when a person asks to be forgotten: to be called with {whose}"


def _key_to(draft: Draft, people: list[Draft]) -> str:
    """The column by which a row belongs to a person; empty when it belongs to none."""
    names = {person.name: person.key_columns[0] for person in people}
    for key in draft.foreign_keys:
        pairs = dict(zip(key.referenced_columns, key.columns, strict=True))
        if key.references in names and names[key.references] in pairs:
            return pairs[names[key.references]]
    return ""


def _referred(draft: Draft, column: str) -> str:
    """The table that the column refers to; empty when it refers to none."""
    keys = (key.references for key in draft.foreign_keys if column in key.columns)
    return next(keys, "") if column else ""


def _cleared(
    context: Context, entity: Entity, draft: Draft, key: str
) -> tuple[Cleared, ...] | None:
    """What overwrites each column that tells; None, and a finding, when one cannot be."""
    found = []
    for column in draft.every_column():
        if column.name == key and column.nullable:
            found.append(Cleared(column.name, None))
        elif column.sensitivity in TOLD and column.name != key and column.generated is None:
            values = list(_neutral(context, draft, column))
            if not values:
                context.problem(
                    "forget-not-possible", entity.id,
                    f"{draft.name}.{column.name} tells about a person, and nothing neutral may "
                    "stand in its place: the row cannot be made anonymous.",
                    "Make it optional, loosen its rule, or let the row be deleted instead.",
                    "warning",
                )  # fmt: skip
                return None
            found.append(Cleared(column.name, values[0]))
    return tuple(found) or None


def _of_history(
    context: Context, entity: Entity, column: str, name: str, cleared: tuple[Cleared, ...]
) -> list[Routine]:
    """The routine for the earlier versions of the table, where there are any."""
    kept = context.drafts.get(f"history:{entity.id}")
    if kept is None:
        return []
    told = [c for c in kept.every_column() if c.sensitivity == "personal" and c.name != column]
    values = tuple(Cleared(c.name, next(_neutral(context, kept, c), None)) for c in told)
    because = f"earlier versions of {many(entity)} tell nothing about anybody either"
    wanted = context.taken.take(f"{name.removesuffix('_forget')}_history_forget")
    return [Routine(wanted, "forget", kept.name, column, cleared=values if cleared else (),
                    because=because, source=entity.id)]  # fmt: skip


def _is_sealed(
    context: Context, entity: Entity, draft: Draft, cleared: tuple[Cleared, ...]
) -> bool:
    """Whether a trigger keeps the row as it is; a finding then."""
    event = "UPDATE" if cleared else "DELETE"
    columns = {each.column for each in cleared}
    seals = (
        thing
        for thing in context.around
        if isinstance(thing, Sealed) and thing.table == draft.name and event in thing.events
    )
    if not any(not seal.columns or columns & set(seal.columns) for seal in seals):
        return False
    context.problem(
        "forget-what-is-sealed", entity.id,
        f"{draft.name} tells about people, and a trigger refuses to change or delete what it "
        "says: nobody in it can be forgotten.",
        "Say who is meant by a key to another table alone, or write down which duty keeps it.",
        "warning",
    )  # fmt: skip
    return True


def _neutral(context: Context, draft: Draft, column: Column) -> Iterator[Value]:
    """Values for the column that break no rule of its own, the best first."""
    rules = [check.expression for check in draft.checks if column.name in names(check.expression)]
    referring = any(column.name in key.columns for key in draft.foreign_keys)
    if column.nullable and not any(_wants_presence(rule, column.name) for rule in rules):
        yield None
    if referring:
        return
    alone = _is_unique(draft, column.name)
    key = column.name == draft.key_columns[0]
    for value in _candidates(context, column, rules):
        apart = isinstance(value, str) and "*" in value and not key
        if (apart or not alone) and all(_holds(rule, column.name, value) for rule in rules):
            yield value


def _candidates(context: Context, column: Column, rules: list[Expression]) -> Iterator[Value]:
    if column.type.name == "enum":
        enums = (enum for enum in context.enums if enum.name == column.type.enum)
        yield from next(enums).values
        return
    kind: TypeName = "text" if column.type.name == "varchar" else column.type.name
    longest = column.type.precision if column.type.name == "varchar" else None
    said = [part.value for rule in rules for part in walk(rule) if isinstance(part, Literal)]
    for value in (*NEUTRAL[kind], *(value for value in said if value is not None)):
        fits = type(value) in {type(each) for each in NEUTRAL[kind]}
        if fits and (longest is None or all(len(text) <= longest for text in _texts(value))):
            yield value


def _texts(value: Value) -> tuple[str, ...]:
    """The value as it will be for some keys."""
    return tuple(str(value).replace("*", key) for key in _KEYS)


def _holds(rule: Expression, column: str, value: Value) -> bool:
    """Whether no key makes the rule false."""
    tried = _texts(value) if isinstance(value, str) else (value,)
    try:
        return all(evaluate(rule, {column: each}) is not False for each in tried)
    except (TypeError, ValueError, ArithmeticError):
        return True


def _wants_presence(rule: Expression, column: str) -> bool:
    """Whether the rule speaks of the column's being there at all."""
    return any(
        (isinstance(part, IsNull) and part.operand == Name(column))
        or (
            isinstance(part, Call) and part.function == "present" and Name(column) in part.arguments
        )
        for part in walk(rule)
    )


def _is_unique(draft: Draft, column: str) -> bool:
    keys = [draft.key_columns, *(unique.columns for unique in draft.uniques)]
    keys += [tuple(p.column for p in index.parts) for index in draft.indexes if index.unique]
    return any(column in key for key in keys)
