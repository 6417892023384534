"""Access patterns that may be asked before it is known for which tenant: to find that out."""

from __future__ import annotations

from typing import Literal

from schemawalk.design.model import AccessPattern, Attribute, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.tables.indexes import FOR_ALL
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.tenancy import who_signs_in

Before = Literal["one", "all"]


def by_equality(pattern: AccessPattern) -> bool:
    """Whether it compares by equality alone: what a function can be given, and look for."""
    return bool(pattern.equals) and not (pattern.among or pattern.range or pattern.contains)


def before_tenant(pattern: AccessPattern, lookup: Lookup) -> Before | None:
    """What it would find if it were asked then; None where it tells no row from all others.

    `one`: what it compares is unique over all tenants.  `all`: it is what somebody signs in with,
    or a secret, and unique within each tenant.
    """
    home = lookup.home(pattern.entity)
    stack, keeping = lookup.design.stack, lookup.design.keeping
    if stack.tenancy != "shared" or keeping.policies != "database" or home is None:
        return None
    hidden = home.tenant == "yes" or home in lookup.of_archetype("group")
    if not hidden or not by_equality(pattern) or pattern.who in FOR_ALL:
        return None
    facts = [lookup.attributes.get(f"{pattern.entity}.{each}") for each in pattern.equals]
    told = {_told_apart(fact, home, lookup) for fact in facts if fact}
    return "one" if "one" in told else "all" if "all" in told else None


def _told_apart(fact: Attribute, home: Entity, lookup: Lookup) -> Before | None:
    if fact.unique == "alone":
        return "one"
    lets_in = is_secret(fact) or home == who_signs_in(lookup)
    return "all" if fact.unique == "per-tenant" and lets_in else None


def is_secret(fact: Attribute) -> bool:
    """Whether knowing its value is what lets somebody in: a token, the hash of a key."""
    return fact.sensitivity == "secret" or kind_of(fact).id == "secret"
