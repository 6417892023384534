"""Functions that find a row before it is known whose it is: log-in by e-mail, a key by its hash.

A policy shows no row to whoever names no tenant, and which tenant to name is what the row would
tell.  So one narrow function looks for the program: it takes what the access pattern compares, and
tells the row's key and its tenant alone.  It sees all rows as a role of its own, which owns nothing
but such functions, reads nothing but the columns that they use, and has no members: were it the
tables' owner who is let past the policies, every forgotten condition of a migration or a job would
pass them too (PostgreSQL manual, "Writing SECURITY DEFINER Functions Safely").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.around.access import role_name, roles_of
from schemawalk.schema.language.expression import Expression, IsNull, Logic, Name, names
from schemawalk.schema.model import Column
from schemawalk.schema.routine import Routine
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.indexes import MisfitError, fixed_condition, named_columns
from schemawalk.schema.tables.lifetime import hidden_by
from schemawalk.schema.tables.unknown_tenant import by_equality
from schemawalk.schema.things import AllRows, Grant, Owner, Policy, Protected, Role

SUFFIX: Final = "finder"
_TOLD_TO_NOBODY: Final = ("personal", "secret")
"""What a column's values are that no such function tells."""


def add_finders(context: Context) -> None:
    """The functions of the patterns that are asked before the tenant is known, and their owner."""
    marked = [p for p in context.design.access_patterns if p.before_tenant in ("one", "all")]
    if not marked or roles_of(context.design, context.lookup) == "none":
        return
    found = _named(context, _alike(each for p in marked if (each := _finder(context, p))))
    if not found:
        return
    role = Role(
        role_name(context.design, SUFFIX), source="keeping.roles",
        because="what looks for a row before its tenant is known works as this role: nobody is a "
        "member of it",
    )  # fmt: skip
    called = tuple(each.name for each in found)
    context.around += [role, *_rights(context, role, found), *found]
    context.around += [
        Grant(found[0].role, called, ("EXECUTE",), "the program alone looks for a row of whichever "
              "tenant, by what these functions take", role.source),
        Owner(role.name, called, "they see the rows of all tenants, which their maker does not",
              role.source),
    ]  # fmt: skip


def _finder(context: Context, pattern: AccessPattern) -> Routine | None:
    """The function of one pattern, yet without a name; None where there is none to make."""
    home = context.lookup.home(pattern.entity)
    draft = context.drafts.get(home.id) if home else None
    tenant = _tenant_of(context, draft.name) if draft else ""
    if draft is None or not tenant or not by_equality(pattern):
        return None
    try:
        by = [c for each in pattern.equals for c in named_columns(draft, pattern, each)]
        among = _among(draft, fixed_condition(pattern, draft))
    except (LookupError, MisfitError):
        # `add_indexes` has said so.
        return None
    compared = tuple(dict.fromkeys(by))
    shown = tuple(dict.fromkeys((*draft.key_columns, tenant)))
    columns = {c.name: c for c in draft.every_column()}
    if _tells_too_much(shown, columns) or _unlike_what_is_given(context, draft.name, compared):
        return None
    return Routine(
        draft.name, "find", draft.name, compared=compared, shown=shown, among=among,
        folded=tuple(name for name in compared if columns[name].collation),
        alone=pattern.before_tenant == "one", role=role_name(context.design, "app"),
        rights="owner", because=_because(context, pattern), source=pattern.id,
    )  # fmt: skip


def _tenant_of(context: Context, table: str) -> str:
    """The column that says whose a row is, where a policy hides others'; else empty."""
    policies = (t for t in context.around if isinstance(t, Policy) and t.table == table)
    return next((policy.column for policy in policies), "")


def _tells_too_much(shown: tuple[str, ...], columns: dict[str, Column]) -> bool:
    return any(columns[name].sensitivity in _TOLD_TO_NOBODY for name in shown)


def _unlike_what_is_given(context: Context, table: str, compared: tuple[str, ...]) -> bool:
    """Whether the database keeps something else than what it is given, which nobody finds."""
    kept = (t for t in context.around if isinstance(t, Protected) and t.table == table)
    return any(name in compared for thing in kept for name, _ in thing.columns)


def _among(draft: Draft, fixed: Expression | None) -> Expression | None:
    """What must be true of a row: what the pattern says, and that nobody deleted it."""
    hidden = hidden_by(draft)
    parts = [*([fixed] if fixed else []), *([IsNull(Name(hidden))] if hidden else [])]
    return Logic("and", tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _because(context: Context, pattern: AccessPattern) -> str:
    """The pattern and the step that asks, with where it is told; and what comes back."""
    step = next((s for s in context.design.steps if s.id == pattern.who), None)
    told = f", {step.file}:{step.line}" if step and step.file and step.line else ""
    asker = f' (step "{step.title}"{told})' if step else f" ({pattern.who})" if pattern.who else ""
    several = (
        "nothing where several rows would do"
        if pattern.before_tenant == "one"
        else "one for each row that would do"
    )
    return (
        f'"{pattern.name}"{asker} is asked before it is known for which tenant: tells key and '
        f"tenant, {several}"
    )


def _alike(found: Iterable[Routine]) -> list[Routine]:
    """One function for all patterns that look for the same."""
    kept: dict[object, Routine] = {}
    for each in found:
        what = (each.table, frozenset(each.compared), each.among, each.alone)
        first = kept.setdefault(what, each)
        if first is not each:
            kept[what] = replace(first, because=f"{first.because}; {each.because}")
    return list(kept.values())


def _named(context: Context, found: list[Routine]) -> list[Routine]:
    return [
        replace(each, name=context.taken.take(f"{each.table}_by_{'_and_'.join(each.compared)}"))
        for each in found
    ]


def _rights(context: Context, role: Role, found: list[Routine]) -> Iterator[Grant | AllRows]:
    """What the owner may read: of each table the columns that its functions use."""
    drafts = {draft.name: draft for draft in context.drafts.values()}
    used: dict[str, set[str]] = {}
    for each in found:
        rule = names(each.among) if each.among is not None else ()
        used.setdefault(each.table, set()).update(each.compared, each.shown, rule)
    for table, wanted in used.items():
        draft = drafts[table]
        columns = tuple(c.name for c in draft.every_column() if c.name in wanted)
        yield Grant(role.name, (table,), ("SELECT",), "what these functions compare and tell, and "
                    "no more", role.source, columns)  # fmt: skip
        yield AllRows(
            draft.constraint_name("po", table, SUFFIX), table, role.name, reads_only=True,
            source=draft.table.source,
            because="whose a row is comes out of looking for it: the tenants' policy would show "
            "none",
        )  # fmt: skip
