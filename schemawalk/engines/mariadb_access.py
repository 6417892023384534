"""Views, roles and grants as facts: those that MariaDB or MySQL holds, those of a schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Protocol

from schemawalk.engines.catalogue import NONE, Fact
from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.dialects.queries import query
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Grant, Role, View

Ask = Callable[[str], list[tuple[Any, ...]]]

ROLES: Final = "SELECT DISTINCT role_name FROM information_schema.applicable_roles"
"""The roles that this session can take on: whoever makes one can."""

_VIEWS: Final = (
    "SELECT table_name, view_definition, security_type FROM information_schema.views "
    "WHERE table_schema = DATABASE()"
)
_GRANTEE: Final = "REPLACE(SUBSTRING_INDEX(grantee, '@', 1), '''', '')"
_IS_ROLE: Final = f"{_GRANTEE} IN ({ROLES})"
_GRANTS: Final = f"""
SELECT table_name, {_GRANTEE}, privilege_type, is_grantable FROM information_schema.table_privileges
  WHERE table_schema = DATABASE() AND {_IS_ROLE}
UNION ALL SELECT CONCAT(table_name, '.', column_name), {_GRANTEE}, privilege_type, is_grantable
  FROM information_schema.column_privileges WHERE table_schema = DATABASE() AND {_IS_ROLE}
UNION ALL SELECT 'the database', {_GRANTEE}, privilege_type, is_grantable
  FROM information_schema.schema_privileges WHERE table_schema = DATABASE() AND {_IS_ROLE}
"""
_RIGHTS: Final = (
    f"SELECT {_GRANTEE}, privilege_type FROM information_schema.user_privileges WHERE {_IS_ROLE}"
)
_NOTHING: Final = "USAGE"
"""What a role may do on the whole server that may do nothing there."""
_ORDER: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")
_SCRATCH: Final = "schemawalk_scratch_v"


def access_facts(ask: Ask, given: frozenset[str]) -> Iterator[Fact]:
    """The facts in the current database; `given` are the roles that were there before."""
    yield from (_view(*row) for row in ask(_VIEWS) if not row[0].startswith(_SCRATCH))
    held: dict[tuple[str, str], list[str]] = {}
    for on, role, privilege, more in ask(_GRANTS):
        words = f"{privilege} WITH GRANT OPTION" if more == "YES" else privilege
        held.setdefault((role, on), []).append(words)
    yield from (_grant(role, on, privileges) for (role, on), privileges in held.items())
    rights: dict[str, list[str]] = {name: [] for (name,) in ask(ROLES) if name not in given}
    rights |= {role: [] for role, _ in held}
    for role, privilege in ask(_RIGHTS):
        if role in rights and privilege != _NOTHING:
            rights[role].append(privilege)
    yield from (_role(role, privileges) for role, privileges in rights.items())


def _view(name: str, text: str, rights: str) -> Fact:
    return Fact("", "view", name, (("query", text), ("rights", rights)))


def _grant(role: str, on: str, privileges: Sequence[str]) -> Fact:
    known = [each for each in _ORDER if each in privileges]
    others = sorted(set(privileges) - set(known))
    return Fact("", "grant", f"{role} on {on}", (("privileges", ", ".join(known + others)),))


def _role(name: str, rights: Sequence[str] = ()) -> Fact:
    return Fact("", "role", name, (("rights", ", ".join(sorted(rights)) or NONE),))


class Session(Protocol):
    """What is needed of an engine to ask how it spells things."""

    dialect: MySQLDialect

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What one statement gives."""


def wanted_access(session: Session, schema: Schema) -> Iterator[Fact]:
    """The facts that follow from a schema, its views as the server spells them.

    They are made a second time over the tables, which must be there, and dropped at once.
    """
    for at, view in enumerate(schema.things(View)):
        yield _spelled(session, view, f"{_SCRATCH}{at}")
    yield from (_role(role.name) for role in schema.things(Role))
    for grant in schema.things(Grant):
        yield from (_grant(grant.role, on, grant.privileges) for on in grant.on)


def _spelled(session: Session, view: View, name: str) -> Fact:
    rights = "INVOKER" if view.rights == "caller" else "DEFINER"
    session.execute(f"CREATE OR REPLACE VIEW {name} AS {query(view, session.dialect).sql}")
    try:
        found = session.rows(_VIEWS + " AND table_name = $1", (name,))
    finally:
        session.execute(f"DROP VIEW IF EXISTS {name}")
    return _view(view.name, found[0][1], rights)
