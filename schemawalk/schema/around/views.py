"""From answers to views: without what is hidden, with sensitive facts masked, and summed up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.around.access import holds_secret, is_masked, roles_of
from schemawalk.schema.kinds import is_hidden, kind_of, values_of
from schemawalk.schema.language.expression import (
    Call,
    Compare,
    Expression,
    IsNull,
    Literal,
    Logic,
    Name,
)
from schemawalk.schema.names import fitted, snake
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lifetime import hidden_by
from schemawalk.schema.things import Policy, View, ViewColumn

MASKS: Final = {"email": "mask_email", "phone": "mask_phone"}
"""Function that shows part of a value, by kind of fact."""
_NAMES: Final = ("name", "first_name", "last_name", "full_name", "display_name", "surname")
"""Facts of which the first letter may be seen."""


OFF: Final = frozenset((
    "cancelled", "canceled", "called-off", "void", "voided", "rejected", "declined", "refused",
    "withdrawn", "failed",
))  # fmt: skip
"""States in which something is no longer counted as having happened."""
KEPT_ROWS: Final = ": kept as rows, since adding up all of them at each visit is slow"
_ADDED: Final = {
    "integer": "sum", "bigint": "sum", "numeric": "sum", "interval": "sum_time",
}  # fmt: skip
"""By type whose values can be added up, the function that does."""
ADDED_UP: Final = ": added up at each read, so never out of date"


def add_views(context: Context) -> None:
    """The views of every entity's table; policies are there already, grants come later."""
    policies = {thing.table: thing for thing in context.around if isinstance(thing, Policy)}
    inside = _inside(context)
    readers = roles_of(context.design, context.lookup) == "program-and-readers"
    for entity in context.lookup.tables:
        draft = context.drafts[entity.id]
        policy = policies.get(draft.name)
        context.around += _live(context, draft, entity, policy)
        if any(is_masked(e) or (readers and holds_secret(e)) for e in inside[entity.id]):
            context.around += _masked(context, draft, inside[entity.id], policy)
        context.around += _summary(context, draft, entity, policy)


def _inside(context: Context) -> dict[str, list[Entity]]:
    """By the id of each entity with a table, what lives in that table, itself included."""
    found: dict[str, list[Entity]] = {entity.id: [] for entity in context.lookup.tables}
    for entity in context.design.entities:
        home = context.lookup.home(entity.id)
        if home is not None and context.lookup.persists(entity):
            found[home.id].append(entity)
    return found


def _rule(policy: Policy | None) -> Expression | None:
    return policy.rule if policy else None


def told_as_fitted(view: View) -> View:
    """The view with a reason that fits whether its rows are kept."""
    if view.materialised or not view.because.endswith(KEPT_ROWS):
        return view
    return replace(view, because=view.because.removesuffix(KEPT_ROWS) + ADDED_UP)


# Rows that were not taken out of sight


def _live(context: Context, draft: Draft, entity: Entity, policy: Policy | None) -> Iterator[View]:
    """The rows that nobody deleted or archived: queries that forget the condition show the rest."""
    column = hidden_by(draft)
    if not column:
        return
    done = "archived" if column.startswith("archived") else "deleted"
    yield View(
        context.taken.take(f"{draft.name}_live"), draft.name,
        tuple(ViewColumn(c.name, Name(c.name)) for c in draft.every_column()),
        predicate=IsNull(Name(column)), within=_rule(policy), source=entity.id,
        because=f"{many(entity)} that were not {done}: for reading, so that no query forgets the "
        "condition; what is written goes to the table",
    )  # fmt: skip


# Facts that are shown in part


def _masked(
    context: Context, draft: Draft, inside: list[Entity], policy: Policy | None
) -> Iterator[View]:
    """What readers see of a table with masked facts, or, where there are readers, with secrets."""
    entity = context.lookup.entities[draft.table.source]
    if policy is not None and policy.rule is None:
        context.problem(
            "mask-not-possible", entity.id,
            f"{draft.name} cannot be masked: a view of it shows what its owner sees, and the table "
            "has no column that says whose a row is.", "Say of the table that its rows belong to "
            "one group each.",
        )  # fmt: skip
        return
    facts = {draft.columns_of[a.id]: a for e in inside for a in e.attributes
             if a.id in draft.columns_of}  # fmt: skip
    of = {column: fact for columns, fact in facts.items() for column in columns}
    yield View(
        context.taken.take(f"{draft.name}_masked"), draft.name,
        tuple(ViewColumn(c.name, shown) for c in draft.every_column()
              if (shown := _shown(c.name, of.get(c.name))) is not None),
        within=_rule(policy), rights="owner", purpose="masked", source=entity.id,
        because=f"{many(entity)} for those who need not see everything: what is sensitive is shown "
        "in part, secrets not at all",
    )  # fmt: skip


def _shown(column: str, attribute: Attribute | None) -> Expression | None:
    """What a masked view shows in place of a column; None leaves it out."""
    if attribute is None:
        return Name(column)
    kind = kind_of(attribute)
    if is_hidden(attribute) or attribute.sensitivity == "secret" or kind.id == "secret":
        return None
    if attribute.protection != "mask":
        return Name(column)
    if kind.type.name != "text" or kind.id == "one-of":
        return Literal(None)
    plain = "mask_name" if snake(attribute.name) in _NAMES else "mask_text"
    return Call(MASKS.get(kind.id, plain), (Name(column),))


# Many rows summed up


def _summary(
    context: Context, draft: Draft, entity: Entity, policy: Policy | None
) -> Iterator[View]:
    """How many rows there are, and their sums, for each parent, each day, or both."""
    keys = tuple(_keys(draft, entity, policy))
    if entity.summed in (None, "no") or not keys:
        return
    currencies = tuple(c for c in _currencies(draft, entity) if c not in [k.name for k in keys])
    made = [*(key.name for key in keys), *currencies]
    sums = list(_sums(context, draft, entity))
    named = [k.name for k in keys if policy is None or k.name != policy.column] or made
    words = [name.removesuffix("_id") for name in named]
    name = context.taken.take(f"{draft.name}_by_{'_and_'.join(words)}")
    counted = ViewColumn(_free(f"number_of_{draft.name}", made), Call("count"))
    off = tuple(_called_off(draft, entity))
    zone, kept = next(_zones(context, draft), ""), entity.summary != "asked"
    yield View(
        name, draft.name, (*keys, *(ViewColumn(c, Name(c)) for c in currencies), counted, *sums),
        within=_rule(policy), source=entity.id, predicate=_counting(draft, off),
        grouped_by=tuple(made), materialised=kept, purpose="summary",
        index=context.taken.take(f"ix_{name}"),
        because=f"how many {many(entity)} there are{' and their sums' * bool(sums)} for each "
        f"{' and '.join(words).replace('_', ' ')}{_said(keys, currencies, off, zone)}"
        f"{KEPT_ROWS if kept else ADDED_UP}",
    )  # fmt: skip


def _said(
    keys: tuple[ViewColumn, ...],
    currencies: tuple[str, ...],
    off: tuple[tuple[str, str], ...],
    zone: str,
) -> str:
    """What else a reader must know of the sums."""
    said = ", in each currency" if currencies else ""
    said += f", without those that are {' or '.join(state for _, state in off)}" if off else ""
    cut = any(isinstance(key.expression, Call) for key in keys)
    if not cut:
        return said
    return f"{said}; a day ends at midnight in UTC{f', whatever {zone} says' if zone else ''}"


def _zones(context: Context, draft: Draft) -> Iterator[str]:
    """Columns that say in which time zone something is, here or where the table's keys lead."""
    near = {draft.name, *(key.references for key in draft.foreign_keys)}
    for each in context.drafts.values():
        for column in each.every_column() if each.name in near else ():
            if column.name in ("time_zone", "timezone"):
                yield f"{each.name}.{column.name}"


def _currencies(draft: Draft, entity: Entity) -> Iterator[str]:
    """The columns that say in which currency the amounts of a row are: they cannot be added."""
    summed = {f"{entity.id}.{local}" for local in entity.sums or ()}
    money = [a for a in entity.attributes if a.id in summed and a.currency == "per-row"]
    own = {name for a in entity.attributes if snake(a.name) == "currency"
           for name in draft.columns_of.get(a.id, ())}  # fmt: skip
    for column in draft.every_column():
        beside = any(column.source == a.id and column.name.endswith("_currency") for a in money)
        if beside or (money and column.name in own):
            yield column.name


def _called_off(draft: Draft, entity: Entity) -> Iterator[tuple[str, str]]:
    """Columns with the states in which a row no longer counts."""
    for attribute in entity.attributes:
        if attribute.transitions or snake(attribute.name) in ("status", "state"):
            for column in draft.columns_of.get(attribute.id, ())[:1]:
                yield from ((column, value) for value in values_of(attribute) if value in OFF)


def _counting(draft: Draft, off: tuple[tuple[str, str], ...]) -> Expression | None:
    """What a row must be to count: neither hidden nor called off."""
    hidden = hidden_by(draft)
    nullable = {column.name for column in draft.every_column() if column.nullable}
    parts: list[Expression] = [IsNull(Name(hidden))] if hidden else []
    for column, state in off:
        other = Compare("<>", Name(column), Literal(state))
        parts.append(Logic("or", (IsNull(Name(column)), other)) if column in nullable else other)
    return Logic("and", tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _keys(draft: Draft, entity: Entity, policy: Policy | None) -> Iterator[ViewColumn]:
    """The columns that one line is made for: the tenant first, the parent, the day."""
    wanted = entity.summed or "no"
    parent = draft.columns_of.get(entity.summed_by or "", ())[:1] if "parent" in wanted else ()
    tenant = (policy.column,) if policy and policy.column else ()
    for column in dict.fromkeys((*tenant, *parent)):
        yield ViewColumn(column, Name(column))
    if "day" not in wanted:
        return
    moment = draft.columns_of.get(f"{entity.id}.{entity.summed_day}", ())[:1]
    for column in draft.every_column():
        if column.name in moment and column.type.name in ("date", "timestamptz"):
            own = Name(column.name)
            plain = column.type.name == "date"
            yield ViewColumn(
                _free("day", (*tenant, *parent)), own if plain else Call("day", (own,))
            )


def _sums(context: Context, draft: Draft, entity: Entity) -> Iterator[ViewColumn]:
    """The columns that are added up; a finding for what has none that can be."""
    types = {column.name: column.type.name for column in draft.every_column()}
    for local in entity.sums or ():
        own = draft.columns_of.get(f"{entity.id}.{local}", ())
        added = [column for column in own if types[column] in _ADDED]
        yield from (ViewColumn(c, Call(_ADDED[types[c]], (Name(c),))) for c in added)
        if not added:
            context.problem(
                "sum-not-possible", entity.id,
                f"{draft.name} is to be summed up with its {local}, which is no number and no "
                "length of time: the view counts its rows without it.",
                f"Leave {local} out, or make it a number.", "warning",
            )  # fmt: skip


def _free(name: str, taken: tuple[str, ...] | list[str]) -> str:
    return fitted(f"{name}_" if name in taken else name)
