"""From answers about being forgotten to routines that delete a person's rows, or empty them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from schemawalk.design.choices import Forget
from schemawalk.design.model import Entity
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
from schemawalk.schema.sentences import many, one
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.things import Asserted, Sealed

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

_EMPTY: Final = ("json", "list")
"""Types of which an empty value lets nobody in."""
_TEXTS: Final = (("*", 64), ("*", 32), ("$2a$10$*", 53))
_RANDOM: Final[Mapping[TypeName, tuple[tuple[str, int], ...]]] = {
    "text": _TEXTS,
    "varchar": _TEXTS,
    "uuid": (("*", 32),),
    "bytes": (("*", 64),),
}
"""What a secret becomes, by type: `*` stands for so many random hexadecimal digits, the last text
being what bcrypt could have made.  A number is not there: all of them are soon guessed."""

_KEYS: Final = ("00000000-0000-4000-8000-000000000000", "1")
"""What a row's key may look like in a text."""


def add_forgets(context: Context) -> None:
    """A routine for each table that tells about people; a person's own calls those of the rest."""
    persons = {entity.id for entity in context.lookup.of_archetype("person")}
    drafts = (context.drafts[each] for each in persons)
    people = {draft.name: draft.key_columns[0] for draft in drafts}
    called: dict[str, list[str]] = {}
    for entity in sorted(context.lookup.tables, key=lambda entity: entity.id in persons):
        draft = context.drafts[entity.id]
        way = _way(context, entity, draft)
        if way is None:
            continue
        key = "" if entity.id in persons else _key_to(draft, people)
        if way == "anonymise" and _goes_along(context, entity, draft, key):
            way = "delete"
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


def _key_to(draft: Draft, people: Mapping[str, str]) -> str:
    """The column by which a row belongs to a person; empty when it belongs to none.

    `people` are the keys of the tables of people, by their names.
    """
    for key in draft.foreign_keys:
        for own, theirs in key.pairs():
            if people.get(key.references) == theirs:
                return own
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
        if column.name == key and not _stays(context, draft, key):
            found.append(Cleared(column.name, None))
        elif column.sensitivity in TOLD and column.name != key and column.generated is None:
            values = list(_instead(context, draft, column))
            if not values:
                context.problem(
                    "forget-not-possible", entity.id,
                    f"{draft.name}.{column.name} tells about a person, and nothing neutral may "
                    "stand in its place: the row cannot be made anonymous.",
                    "Make it optional, loosen its rule, or let the row be deleted instead.",
                    "warning",
                )  # fmt: skip
                return None
            found.append(values[0])
    return tuple(found) or None


def _instead(context: Context, draft: Draft, column: Column) -> Iterator[Cleared]:
    """What may stand in the column's place, the best first.

    A secret becomes what nobody knows: whoever knows the word that stands there could sign in.
    """
    attribute = context.lookup.attributes.get(column.source)
    hashed = attribute is not None and attribute.protection == "hash"
    secret = column.sensitivity == "secret" or hashed
    for value in _neutral(context, draft, column):
        if not secret or value is None or column.type.name in _EMPTY:
            yield Cleared(column.name, value)
    if secret:
        yield from _unknown(context, draft, column)


def _unknown(context: Context, draft: Draft, column: Column) -> Iterator[Cleared]:
    """Random values that break no rule of the column's own."""
    rules = _rules_on(context, draft, column.name)
    if any(column.name in key.columns for key in draft.foreign_keys):
        return
    for shape, digits in _RANDOM.get(column.type.name, ()):
        tried = [shape.replace("*", digit * digits) for digit in "0f"]
        short = column.type.precision is None or len(tried[0]) <= column.type.precision
        if short and all(_obeys(rule, column.name, tried) for rule in rules):
            yield Cleared(column.name, shape, digits)


def _stays(context: Context, draft: Draft, key: str) -> bool:
    """Whether a row must have its key, itself or by a rule: it stays, and leads to nobody."""
    nullable = any(column.name == key and column.nullable for column in draft.every_column())
    wanted = any(_wants_presence(rule, key) for rule in _rules_on(context, draft, key))
    return wanted or not nullable


def _goes_along(context: Context, entity: Entity, draft: Draft, key: str) -> bool:
    """Whether its rows cannot stay, as they must have a person whose row goes; a finding then."""
    person = context.lookup.home(_owner_id(context, draft, key))
    if person is None or not _stays(context, draft, key):
        return False
    if _way(context, person, context.drafts[person.id]) != "delete":
        return False
    context.problem(
        "forget-takes-along", entity.id,
        f"{many(entity)} are to stay without telling about anybody, yet each must have its "
        f"{one(person)}, whose row goes and takes them along.",
        f"Let {many(entity)} go too, or let {many(person)} stay and tell nothing.", "warning",
    )  # fmt: skip
    return True


def _owner_id(context: Context, draft: Draft, key: str) -> str | None:
    """The entity that the key refers to, if its rows take this one's along."""
    for each in draft.foreign_keys if key else ():
        if key in each.columns and each.on_delete == "CASCADE":
            owners = (i for i, other in context.drafts.items() if other.name == each.references)
            return next(owners, None)
    return None


def _rules_on(context: Context, draft: Draft, column: str) -> list[Expression]:
    """What CHECKs and triggers of the table demand of the column."""
    rules = [check.expression for check in draft.checks]
    rules += [
        thing.rule
        for thing in context.around
        if isinstance(thing, Asserted) and thing.table == draft.name
    ]
    return [rule for rule in rules if column in names(rule)]


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
    rules = _rules_on(context, draft, column.name)
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
    return _obeys(rule, column, _texts(value) if isinstance(value, str) else (value,))


def _obeys(rule: Expression, column: str, tried: Iterable[Value]) -> bool:
    """Whether none of the values makes the rule false."""
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
