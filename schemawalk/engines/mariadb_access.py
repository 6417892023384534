"""Views, roles and grants as facts: those that MariaDB or MySQL holds, those of a schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final, Protocol

from schemawalk.engines.catalogue import NONE, Fact
from schemawalk.engines.engine import EngineError
from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.dialects.queries import query
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Grant, Role, View

Ask = Callable[[str], list[tuple[Any, ...]]]

_ROLES: Final = {
    True: "SELECT DISTINCT role_name FROM information_schema.applicable_roles",
    False: "SELECT user FROM mysql.user WHERE host = '%' AND account_locked = 'Y' "
    "AND password_expired = 'Y' AND authentication_string = ''",
}
"""By whether it is MariaDB: the roles that this session can take on, as whoever makes one can; to
MySQL a role is a user who cannot sign in (MySQL manual, "CREATE ROLE")."""
_DENIED: Final = frozenset(("1142", "1143"))

_VIEWS: Final = (
    "SELECT table_name, view_definition, security_type FROM information_schema.views "
    "WHERE table_schema = DATABASE()"
)
USERS: Final = "SELECT DISTINCT grantee FROM information_schema.user_privileges"
"""Everybody who may sign in, as far as this session may know."""
_TO_USERS: Final = """
SELECT grantee, table_name, privilege_type FROM information_schema.table_privileges
  WHERE table_schema = DATABASE()
UNION ALL SELECT grantee, CONCAT(table_name, '.', column_name), privilege_type
  FROM information_schema.column_privileges WHERE table_schema = DATABASE()
"""
_GRANT: Final = re.compile(
    r"GRANT (?P<what>.+?)(?: ON (?:(?P<kind>PROCEDURE|FUNCTION|TABLE) )?"
    r"(?P<space>\*|`(?:[^`]|``)*`)\.(?P<on>\*|`(?:[^`]|``)*`))? TO [`'](?P<role>(?:[^`']|``)*)[`']"
    r"(?:@\S+)?(?P<more>.*)",
    re.DOTALL,
)
"""A line of SHOW GRANTS; without ON it makes one role a member of another."""
_RIGHT: Final = re.compile(r"\s*([A-Z][A-Z ]*[A-Z])(?: \(([^)]*)\))?(?:,|\Z)")
_NOTHING: Final = "USAGE"
"""What a role may do on the whole server that may do nothing there."""
_ORDER: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")
_SCRATCH: Final = "schemawalk_scratch_v"


Held = dict[tuple[str, str], list[str]]
"""By role, and what it is on, what the role may do there."""


def roles(ask: Ask, mariadb: bool) -> tuple[str, ...]:
    """The roles that are there; none where the session may not know, which can make none either."""
    try:
        return tuple(str(name) for (name,) in ask(_ROLES[mariadb]))
    except EngineError as error:
        if error.sqlstate not in _DENIED:
            raise
        return ()


def access_facts(
    ask: Ask, mariadb: bool, given: frozenset[str], users: frozenset[str] = frozenset()
) -> Iterator[Fact]:
    """The facts in the current database; `given` are the roles that were there before.

    `users` are those who could sign in before.
    """
    yield from (_view(*row) for row in ask(_VIEWS) if not row[0].startswith(_SCRATCH))
    here = str(ask("SELECT DATABASE()")[0][0])
    held: Held = {}
    rights: dict[str, list[str]] = {}
    known = roles(ask, mariadb)
    for role in known:
        granted, everywhere = _granted(ask, role, here)
        held |= granted
        if granted or role not in given:
            rights[role] = everywhere
    yield from (_grant(role, on, privileges) for (role, on), privileges in held.items())
    yield from (_role(role, privileges) for role, privileges in rights.items())
    yield from _strangers(ask, users, {f"'{role}'@'%'" for role in known})


def rights_of(ask: Ask, role: str) -> tuple[Held, list[str]]:
    """What a role may do in this database, and what it may do besides."""
    return _granted(ask, role, str(ask("SELECT DATABASE()")[0][0]))


def _granted(ask: Ask, role: str, here: str) -> tuple[Held, list[str]]:
    """What a role may do in this database, and what it may do besides."""
    held: Held = {}
    besides: list[str] = []
    for (line,) in ask(f"SHOW GRANTS FOR {_backticked(role)}"):
        found = _GRANT.match(line)
        if found is None or found["role"].replace("``", "`") != role:
            continue  # of a role that this one is a member of
        if found["on"] is None:
            besides.append(found["what"].replace("`", ""))
            continue
        more = " WITH GRANT OPTION" if "GRANT OPTION" in found["more"] else ""
        for right, columns in _rights(found["what"]):
            if (on := _place(found, here)) is None:
                besides += [right + more] if right != _NOTHING else []
                continue
            for name in columns:
                held.setdefault((role, f"{on}.{name}" if name else on), []).append(right + more)
    return held, besides


def _rights(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Each privilege with the columns that it is for; one nameless column for all of them."""
    for right, columns in _RIGHT.findall(text):
        yield right, [name.strip().strip("`") for name in columns.split(",")]


def _place(found: re.Match[str], here: str) -> str | None:
    """What a privilege is on, as a fact says it; None for the whole server."""
    space, on = found["space"].strip("`"), found["on"].strip("`").replace("``", "`")
    if space == "*":
        return None
    if space.replace("\\_", "_") != here:
        return f"{space}.{on}"
    if found["on"] == "*":
        return "the database"
    return on if found["kind"] in (None, "TABLE") else f"{found['kind'].lower()} {on}"


def _strangers(ask: Ask, users: frozenset[str], told: Collection[str]) -> Iterator[Fact]:
    """Who can sign in now that could not before, and what anybody may do with a table here.

    `told` are the roles as MySQL tells them among the users; MariaDB's have no host.
    """
    new = (name for (name,) in ask(USERS) if name not in users and name not in told)
    yield from (Fact("", "user", name) for name in new)
    for user, on, privilege in ask(_TO_USERS):
        if not user.endswith("@''") and user not in told:
            yield Fact("", "grant", f"{user} on {on}", (("privileges", privilege),))


def _backticked(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


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
        what = "procedure " if "EXECUTE" in grant.privileges else ""
        yield from (_grant(grant.role, f"{what}{on}", grant.privileges) for on in grant.on)


def _spelled(session: Session, view: View, name: str) -> Fact:
    rights = "INVOKER" if view.rights == "caller" else "DEFINER"
    session.execute(f"CREATE OR REPLACE VIEW {name} AS {query(view, session.dialect).sql}")
    try:
        found = session.rows(_VIEWS + " AND table_name = $1", (name,))
    finally:
        session.execute(f"DROP VIEW IF EXISTS {name}")
    return _view(view.name, found[0][1], rights)
