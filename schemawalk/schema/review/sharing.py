"""Rules about what tenants share: what one of them may change, or tie to itself, for the others."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.model import Table
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said
from schemawalk.schema.things import Grant, Policy, Role


def _under_another(matter: Matter) -> Found:
    """Keys by which a tenant's own row can point to another tenant's."""
    closed = {policy.table for policy in matter.schema.things(Policy)}
    for table, key in matter.schema.references():
        if table.name == key.references and table.name in matter.groups & closed:
            ends = {"SET NULL": "loses it with them", "CASCADE": "goes with them"}
            yield Said(
                key.source or table.name,
                f"One of the {table.name} can name any other as its {key.columns[0]}, unasked, and "
                f"{ends.get(key.on_delete, 'then keeps them from being deleted')}; an id that "
                "nobody has is refused, so each answer tells whether it is there.",
                f"Let an operator's role alone write {key.columns[0]} (REVOKE it from the program, "
                "column by column), or accept it where those who are named agree to it first.",
            )


def _rewritten_for_all(matter: Matter) -> Found:
    """Reference rows of all tenants that the program of any of them may change."""
    policies = {policy.table for policy in matter.schema.things(Policy)}
    writable = _written_by_the_program(matter) if policies else set()
    for table in matter.schema.tables:
        if table.name in writable - policies and _is_looked_up(matter, table):
            entity = matter.lookup.entities.get(table.source)
            steps = (*(entity.changed_by or ()), *(entity.ended_by or ())) if entity else ()
            where = f"the step {steps[0]} changes them" if steps else "users keep that list"
            yield Said(
                table.source or table.name,
                f"{table.name} are the same rows for all tenants, and {where}: whoever works for "
                "one tenant changes or deletes them for all.",
                "Let each tenant have rows of its own, let developers keep the list, or let an "
                "operator's program with a role of its own make the change.",
                _kept_by_developers(matter, table),
            )


def _written_by_the_program(matter: Matter) -> set[str]:
    """Tables in which a role may change rows."""
    roles = {role.name for role in matter.schema.things(Role)}
    grants = (grant for grant in matter.schema.things(Grant) if grant.role in roles)
    changing = (grant for grant in grants if {"UPDATE", "DELETE"} & set(grant.privileges))
    return {name for grant in changing for name in grant.on}


def _is_looked_up(matter: Matter, table: Table) -> bool:
    """Whether its rows are there from the start, for others to refer to."""
    entity = matter.lookup.entities.get(table.source)
    listed = table.source in matter.lookup.attributes
    return listed or (entity is not None and entity.created_by == "seeded")


def _kept_by_developers(matter: Matter, table: Table) -> Answers:
    if table.source not in matter.lookup.attributes:
        return ()
    return ((f"attribute.{table.source}.kept_by", ("developers",)),)


RULES: Final = (
    Rule("tenant-under-tenant", "warning", "P",
         "A policy judges the row that is written, not the one that it points to.", _under_another),
    Rule("shared-data-writable", "warning", "P",
         "Where nothing says whose a row is, no policy keeps it from anybody.", _rewritten_for_all),
)  # fmt: skip
"""What all tenants have together."""
