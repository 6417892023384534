"""Rules that stretches of time, or of numbers, do not overlap: exclusion constraints."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Entity, Rule
from schemawalk.schema.dialects.search_functions import EXTENTS
from schemawalk.schema.language.expression import Compare, Expression, IsNull, Literal, Logic, Name
from schemawalk.schema.model import Exclusion, Extent, TypeName
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lifetime import columns_of_rule, condition_of, hidden_by
from schemawalk.schema.tables.tenancy import group_of, leading, tenant_column

_UNCOMPARED: Final = frozenset(("json", "list", "bytes", "boolean"))
"""Types that btree_gist cannot compare in every version."""


def add_exclusions(context: Context) -> None:
    """The rules that an exclusion keeps: the last two of what they speak of are the ends."""
    for rule in context.design.rules:
        home = context.lookup.home(rule.entity)
        if rule.kept_by == "exclusion" and rule.over and home is not None:
            _add(context, rule, context.drafts[home.id], home)


def _add(context: Context, rule: Rule, draft: Draft, home: Entity) -> None:
    columns = columns_of_rule(context, draft, home, rule)
    if not columns:
        return
    *same, start, end = columns if len(columns) > 1 else (*columns, "")
    types = {column.name: column.type.name for column in draft.every_column()}
    extent = _extent(rule, types[start]) if end and types[start] == types[end] else None
    if extent is None or not _UNCOMPARED.isdisjoint(types[each] for each in same):
        _impossible(context, rule, draft)
        return
    same = list(_within_tenant(context, draft, tuple(same), rule))
    told = condition_of(context, draft, home, rule.expression, rule.id) if rule.expression else None
    name = context.taken.take("_".join(("ex", draft.name, *same, start)))
    draft.exclusions.append(
        Exclusion(name, tuple(same), start, end, _where(draft, told), rule.says, rule.id, extent)
    )
    draft.add_check(*_in_order(start, end, extent), rule.id)
    if same:
        because = f"{', '.join(same)} and a stretch of time are compared in one index"
        context.need("btree_gist", because, rule.id)


def _extent(rule: Rule, type_: TypeName) -> Extent | None:
    """What lies between two values; of days the last one counts unless it is said to be free.

    Where nobody said so, a wrong guess must be seen at once: it refuses the guest who comes on the
    day another leaves.  The other one lets in two on one day, and refuses whatever lasts one day.
    """
    extent = EXTENTS.get(type_)
    return "whole_days" if extent == "days" and rule.last_day != "free" else extent


def _in_order(start: str, end: str, extent: Extent) -> tuple[Compare, str]:
    """That a stretch is none backwards, and what is said of that; a day may be one."""
    if extent == "whole_days":
        return Compare(">=", Name(end), Name(start)), "it does not end before it begins"
    return Compare(">", Name(end), Name(start)), "it ends after it begins"


def _within_tenant(
    context: Context, draft: Draft, same: tuple[str, ...], rule: Rule
) -> tuple[str, ...]:
    """The equal columns with the tenant's in front, so that no other tenant's rows are met.

    A trigger and an exclusion are asked before the tied keys are: without the tenant, naming what
    is another's would tell when it is taken.  What all tenants share is taken for all of them.
    """
    own = tenant_column(draft)
    if not own or any(column.name == own and column.nullable for column in draft.keys):
        return same
    drafts = {each.name: each for each in context.drafts.values()}
    keys = (key for key in draft.foreign_keys if not set(key.columns).isdisjoint(same))
    shared = [k.references for k in keys if not _is_tenants(context, drafts[k.references])]
    if not shared:
        return leading(draft, same) or (own,)
    context.problem(
        "overlap-across-tenants", rule.id,
        f'The rule "{rule.says}" speaks of {shared[0]}, which all tenants share: who names one of '
        "them learns when somebody else has taken it.",
        f"That lies in sharing them; if each tenant has {shared[0]} of its own, say so.", "hint",
    )  # fmt: skip
    return same


def _is_tenants(context: Context, draft: Draft) -> bool:
    """Whether a row of the table belongs to one tenant, or is one."""
    group = group_of(context)
    return bool(tenant_column(draft)) or (group is not None and context.drafts[group.id] is draft)


def _where(draft: Draft, told: Expression | None) -> Expression | None:
    """Rows that count: those that can be seen, and of which the rule speaks."""
    hidden = hidden_by(draft)
    parts: list[Expression] = [IsNull(Name(hidden))] if hidden else []
    parts += [told] if told not in (None, Literal(True)) else []
    return Logic("and", tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _impossible(context: Context, rule: Rule, draft: Draft) -> None:
    context.problem(
        "exclusion-not-possible", rule.id,
        f'The rule "{rule.says}" compares {", ".join(rule.over or ())} of {draft.name}, of which '
        "the last two are no beginning and end of the same kind.",
        "Name what must be the same first, then the moments, days or numbers from and to.",
    )  # fmt: skip
