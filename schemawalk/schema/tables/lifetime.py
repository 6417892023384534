"""From answers about keeping and states to columns, constraints, and uniqueness among live rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from schemawalk.design.choices import Keep
from schemawalk.design.model import Attribute, Design, Entity, Rule
from schemawalk.schema.language.expression import (
    Compare,
    Expression,
    IsNull,
    Literal,
    Logic,
    Name,
    renamed,
)
from schemawalk.schema.model import Column, Index, IndexPart, Type
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.tenancy import leading

GONE: Final[dict[Keep, tuple[str, str]]] = {
    "soft": ("deleted_at", "when it was deleted; it can be restored until it is cleaned up"),
    "archive": ("archived_at", "when it was archived; it is kept and no longer shown"),
}
"""Column that takes a row out of sight, and what it is for, by what deleting means."""


def deletion_of(entity: Entity, design: Design, lookup: Lookup) -> Keep:
    """What deleting one means: as answered of it, else as of the whole design.

    What is written once and never changed is not hidden by a rule for the whole design.
    """
    if entity.deletion:
        return entity.deletion
    mutable = lookup.archetype(entity).mutable
    return (design.keeping.deletion or "real") if mutable else "real"


def add_lifetime_columns(context: Context) -> None:
    """Give each entity's table the columns that hide a row and that count its versions."""
    for entity in context.lookup.tables:
        draft = context.drafts[entity.id]
        gone = GONE.get(deletion_of(entity, context.design, context.lookup))
        if gone:
            _add(draft, entity, gone[0], Column(
                gone[0], Type("timestamptz"), nullable=True, source=entity.id, purpose=gone[1],
                because=f"{many(entity)} are not lost at once", example="2026-03-14T09:26:53.589Z",
            ))  # fmt: skip
        if counts_changes(context, entity):
            _add(draft, entity, "version", Column(
                "version", Type("integer"), default=Literal(1), source=entity.id, example="1",
                purpose="counts its changes", because="two people cannot overwrite each other "
                "unseen: an update names the version that it read",
            ))  # fmt: skip


def counts_changes(context: Context, entity: Entity) -> bool:
    """Whether a column of its table counts how often a row was changed."""
    whole = context.design.keeping.locking == "version" and entity.locking is None
    mutable = context.lookup.archetype(entity).mutable
    return entity.locking == "version" or (whole and mutable)


def _add(draft: Draft, entity: Entity, name: str, column: Column) -> None:
    """The column, unless an attribute has its name and does its work already."""
    if f"{entity.id}.{name}" in draft.columns_of or name in draft.columns_of:
        return
    taken = draft.column_name(name)
    draft.facts.append(replace(column, name=taken))
    draft.columns_of[name] = (taken,)


def hidden_by(draft: Draft) -> str:
    """The column that takes a row of the table out of sight; empty when rows really go."""
    for name, _ in GONE.values():
        if name in draft.columns_of:
            return draft.columns_of[name][0]
    return ""


def unique_among_live(context: Context) -> None:
    """Where rows are only hidden, what must be unique is so among those that can be seen.

    A plain UNIQUE would keep the name of a deleted row taken for ever; over the moment of deletion
    it would protect no live row at all, as NULLs differ from each other.
    """
    for draft in context.drafts.values():
        column = hidden_by(draft)
        if not column:
            continue
        links = {key.columns for key in draft.foreign_keys}
        for unique in draft.uniques:
            if unique.columns not in links:
                live = IsNull(Name(column))
                done = "archived" if column.startswith("archived") else "deleted"
                because = f"{unique.because}, among those that were not {done}"
                draft.add_index(Index("", tuple(IndexPart(c) for c in unique.columns), unique=True,
                                      predicate=live, because=because))  # fmt: skip
        draft.uniques = [unique for unique in draft.uniques if unique.columns in links]


def add_state_checks(context: Context, draft: Draft, entity: Entity, attribute: Attribute) -> None:
    """A CHECK for each state in which something must hold (`paid: paid_at is not null`)."""
    column = draft.columns_of[attribute.id][0]
    for text in attribute.must_hold or ():
        state, _, condition = text.partition(":")
        expression = condition_of(context, draft, entity, condition.strip(), attribute.id)
        if expression is not None:
            other = Compare("<>", Name(column), Literal(state.strip()))
            rule = Logic("or", (other, expression))
            draft.add_check(rule, f"holds in the state {state.strip()}", attribute.id)


def add_rules(context: Context) -> None:
    """The rules across rows that a CHECK or a UNIQUE can hold."""
    for rule in context.design.rules:
        home = context.lookup.home(rule.entity)
        if home is None:
            continue
        draft = context.drafts[home.id]
        if rule.kept_by == "check" and rule.expression:
            expression = condition_of(context, draft, home, rule.expression, rule.id)
            if expression is not None:
                draft.add_check(expression, rule.says, rule.id)
        elif rule.kept_by == "unique" and rule.over:
            columns = leading(draft, columns_of_rule(context, draft, home, rule))
            draft.add_unique(columns, rule.says, rule.id)


def columns_of_rule(context: Context, draft: Draft, home: Entity, rule: Rule) -> tuple[str, ...]:
    """The columns of what a rule speaks of; none, with a finding, when one of them is not there."""
    columns: list[str] = []
    for reference in rule.over or ():
        found = draft.columns_of.get(f"{home.id}.{reference}", draft.columns_of.get(reference))
        if found is None:
            context.problem(
                "unknown-rule", rule.id,
                f'The rule "{rule.says}" speaks of {reference}, which {draft.name} does not have.',
                "Name the entity's own attributes or relationships.",
            )  # fmt: skip
            return ()
        columns += found
    return tuple(dict.fromkeys(columns))


def condition_of(
    context: Context, draft: Draft, entity: Entity, text: str, source: str
) -> Expression | None:
    """The condition over the table's columns; None, with a finding, when it is not one."""
    expression = context.parsed(text, source, "rule")
    if expression is None:
        return None
    unknown = context.unknown_names(draft, entity, expression)
    if unknown:
        context.problem(
            "broken-rule", source,
            f"The rule {text!r} of {source} speaks of {', '.join(unknown)}, which {draft.name} "
            "does not have.", "Use the table's own columns.",
        )  # fmt: skip
        return None
    return draft.said(renamed(expression, context.meant(draft, entity)))
