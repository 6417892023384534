"""What the schema stands on: the stack as decided, identifiers, tenancy, with their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final, NamedTuple

from schemawalk.schema.model import Table
from schemawalk.schema.things import Policy
from schemawalk.writers.stack_driven.markdown import (
    Markdown,
    code,
    codes,
    inline,
    links,
    listed,
    phrase,
)
from schemawalk.writers.stack_driven.migration import RECIPES
from schemawalk.writers.stack_driven.survey import Survey
from schemawalk.writers.stack_driven.trail import QUESTIONS, said

_FIELDS: Final = (
    "database",
    "version",
    "language",
    "framework",
    "tools",
    "identifiers",
    "tenancy",
)
_MUST_BE_SAID: Final = frozenset(("database", "identifiers", "tenancy"))
"""Without these a reader cannot judge the schema: they appear even when nobody decided."""


@dataclass(frozen=True)
class Fact:
    """One choice of the stack."""

    question: str
    answer: Markdown
    source: Markdown
    why: str


@dataclass(frozen=True)
class Tenant:
    """How a table belongs to a tenant."""

    table: str
    way: Markdown


@dataclass(frozen=True)
class Foundations:
    """The stack, and where tenants are kept apart."""

    facts: tuple[Fact, ...]
    targets: tuple[str, ...]
    others: tuple[str, ...]
    """Other choices that the documents state."""
    tenant: str
    """The tenant's table; empty when there is none."""
    tenancy: str
    guarded: Markdown
    """Who keeps the rows of one tenant from another, in whole sentences."""
    reach: tuple[Tenant, ...]
    shared: Markdown
    """Tables that no tenant owns."""


def foundations(survey: Survey) -> Foundations:
    """Stack and tenancy, as decided."""
    tenant = tenant_table(survey)
    ways = ways_to(survey, tenant) if tenant else {}
    policies = {policy.table: policy for policy in survey.schema.things(Policy)}
    reach = tuple(_reach(ways, policies))
    theirs = {*ways, *policies}
    return Foundations(
        facts=tuple(_facts(survey)),
        targets=survey.design.stack.targets,
        others=survey.design.stack.facts,
        tenant=tenant.name if tenant else "",
        tenancy=survey.design.stack.tenancy or "",
        guarded=_guarded([tenant.name, *(each.table for each in reach)], policies)
        if tenant
        else Markdown(""),
        reach=reach,
        shared=links(t.name for t in survey.schema.tables if tenant and t.name not in theirs),
    )


def _facts(survey: Survey) -> Iterator[Fact]:
    for field in _FIELDS:
        value = getattr(survey.design.stack, field)
        note = survey.notes.get(f"stack.{field}")
        if value in (None, ()) and field not in _MUST_BE_SAID:
            continue
        answer = said(survey, field, value)
        if field == "tools" and value:
            answer = listed(RECIPES[tool].title if tool in RECIPES else tool for tool in value)
        if field == "database":
            title = survey.work.dialect.title
            answer = inline(title if value else f"{title}, until somebody decides")
        source = code(note.source) if note and note.source else Markdown("")
        yield Fact(QUESTIONS[field], answer, source, note.why if note else "")


def tenant_table(survey: Survey) -> Table | None:
    """The table of the group whose data others must not see; None without tenants."""
    tenancy = survey.design.stack.tenancy
    if tenancy == "none" or (tenancy is None and survey.design.unsaid.groups != "yes"):
        return None
    groups = [e for e in survey.lookup.tables if survey.lookup.archetype(e).id == "group"]
    return survey.by_source.get(groups[0].id) if groups else None


class Way(NamedTuple):
    """A way along foreign keys; the fewest keys that may be NULL, then the shortest, is best."""

    gaps: int
    length: int
    tables: tuple[str, ...]


def ways_to(survey: Survey, tenant: Table) -> dict[str, Way]:
    """Tables by name with the best way along foreign keys from them to the tenant."""
    ways: dict[str, Way] = {}
    waiting = [Way(0, 1, (tenant.name,))]
    while waiting:
        way = heappop(waiting)
        name = way.tables[0]
        if name in ways:
            continue
        ways[name] = way
        for child, key in survey.incoming.get(name, ()):
            gaps = sum(child.column(column).nullable for column in key.columns)
            heappush(waiting, Way(way.gaps + gaps, way.length + 1, (child.name, *way.tables)))
    return ways


def _reach(ways: Mapping[str, Way], policies: Mapping[str, Policy]) -> Iterator[Tenant]:
    """Each table of tenants with its way; one that only a policy closes comes last."""
    for name, way in ways.items():
        if way.length > 1:
            yield Tenant(name, _way(way))
    for name, policy in policies.items():
        if name not in ways:
            yield Tenant(name, phrase("its own {}, which is no foreign key", code(policy.column)))


def _guarded(tables: list[str], policies: Mapping[str, Policy]) -> Markdown:
    """What keeps the rows of one tenant from another: policies, the program, or both."""
    open_tables = [name for name in tables if name not in policies]
    if not policies:
        return Markdown(
            "The schema holds no row-level policies: every query has to reach the tenant by the "
            "way below."
        )
    settings = dict.fromkeys(policy.setting for policy in policies.values())
    said = phrase(
        "Row-level policies keep tenants apart: a transaction names its tenant in the setting {}, "
        "and then sees and writes the rows of that tenant alone; without the setting it sees none. "
        "A superuser, and a role with BYPASSRLS, pass every policy.",
        codes(settings),
    )
    if not open_tables:
        return said
    return phrase("{} No policy closes {}: there every query has to reach the tenant by the way "
                  "below.", said, links(open_tables))  # fmt: skip


def _way(way: Way) -> Markdown:
    between = " → ".join(map(code, way.tables[1:-1]))
    said = Markdown(f"through {between}" if between else "its own key")
    if way.gaps:
        return phrase("{}; where a key on the way is NULL, there is none", said)
    return said
