"""Views, policies, roles and grants as facts: those that PostgreSQL holds, those of a schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from schemawalk.engines.catalogue import NONE, Fact, index_fact, listed, quoted
from schemawalk.schema.comments import plain
from schemawalk.schema.dialects.queries import checked, demanded, query
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.things import AllRows, Grant, Owner, Policy, Role, View

Ask = Callable[[str], list[tuple[Any, ...]]]

_HERE: Final = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
_TEMPORARY: Final = "pg_my_temp_schema()"

ROLES: Final = "SELECT rolname FROM pg_roles WHERE NOT rolcanlogin"
"""Whoever can sign in is a person or a program of the server's, and none of ours."""

_VIEWS: Final = """
SELECT c.relname, c.relkind = 'm', pg_get_viewdef(c.oid), coalesce(c.reloptions, '{{}}'),
  ARRAY(SELECT ARRAY[a.attname::text, format_type(a.atttypid, a.atttypmod)] FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 ORDER BY a.attnum)
FROM pg_class c WHERE c.relnamespace = {space} AND c.relkind IN ('v', 'm')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
    AND d.objid = c.oid AND d.deptype = 'e')
"""
_POLICIES: Final = """
SELECT c.relname, p.polname, p.polpermissive, p.polcmd::text,
  ARRAY(SELECT CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r)::text END
    FROM unnest(p.polroles) r ORDER BY 1),
  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = {space}
"""
_SECURED: Final = f"""
SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
WHERE relnamespace = {_HERE} AND (relrowsecurity OR relforcerowsecurity)
"""
_GRANTS: Final = f"""
WITH found AS (
  SELECT c.relname::text AS name, x.*, c.relowner AS owner
    FROM pg_class c, aclexplode(c.relacl) x WHERE c.relnamespace = {_HERE}
  UNION ALL SELECT c.relname || '.' || a.attname, x.*, c.relowner
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) x
    WHERE c.relnamespace = {_HERE}
  UNION ALL SELECT 'the schema', x.*, n.nspowner FROM pg_namespace n, aclexplode(n.nspacl) x
    WHERE n.oid = {_HERE} AND x.grantee <> 0
)
SELECT name, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END,
  array_agg(privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM found WHERE grantee <> owner GROUP BY 1, 2
"""
_RIGHTS: Final = """
SELECT r.rolname, array_remove(ARRAY[
    CASE WHEN r.rolcanlogin THEN 'LOGIN' END, CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
    CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN r.rolreplication THEN 'REPLICATION' END,
    CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
    CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END,
    CASE WHEN r.rolconnlimit <> -1 THEN 'CONNECTION LIMIT' END,
    CASE WHEN r.rolvaliduntil IS NOT NULL THEN 'VALID UNTIL' END], NULL),
  ARRAY(SELECT pg_get_userbyid(m.roleid)::text FROM pg_auth_members m
    WHERE m.member = r.oid ORDER BY 1),
  ARRAY(SELECT unnest(s.setconfig) FROM pg_db_role_setting s
    WHERE s.setrole = r.oid AND s.setdatabase IN (0, (SELECT oid FROM pg_database
      WHERE datname = current_database())) ORDER BY 1),
  coalesce(shobj_description(r.oid, 'pg_authid'), '')
FROM pg_roles r
"""
_MAY_LOOK: Final = "SELECT has_table_privilege('pg_authid', 'SELECT')"
_PASSWORDS: Final = "SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL"
"""What only superusers may ask."""
_COMMANDS: Final = {
    "*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE",
}  # fmt: skip
_ORDER: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")


def access_facts(ask: Ask, given: frozenset[str]) -> Iterator[Fact]:
    """The facts in the current namespace; `given` are the roles that were there before."""
    for name, kept, text, options, columns in ask(_VIEWS.format(space=_HERE)):
        yield _view(name, text, ", ".join(options), columns, kept=kept)
    yield from (_policy(*row) for row in ask(_POLICIES.format(space=_HERE)))
    yield from (_secured(table, on=on, forced=forced) for table, on, forced in ask(_SECURED))
    named = set()
    for on, role, privileges in ask(_GRANTS):
        named.add(role)
        yield _grant(role, on, privileges)
    guarded = {name for (name,) in ask(_PASSWORDS)} if ask(_MAY_LOOK)[0][0] else set()
    for role, rights, groups, settings, said in ask(_RIGHTS):
        if role in named or (role not in given and "LOGIN" not in rights):
            password = ["PASSWORD"] if role in guarded else []
            words = "" if role in given else said
            yield _role(role, [*rights, *password], groups, settings, words)


def _view(
    name: str, text: str, options: str, columns: Sequence[Sequence[str]], *, kept: bool
) -> Fact:
    told = ", ".join(f"{quoted(column)} {type_}" for column, type_ in columns)
    query = " ".join(text.split())
    details = (("columns", told), ("query", query), ("options", options or NONE))
    return Fact("", "materialized view" if kept else "view", name, details)


def _policy(
    table: str, name: str, permissive: bool, command: str, roles: Sequence[str],
    using: str | None, check: str | None,
) -> Fact:  # fmt: skip
    details = (
        ("kind", "permissive" if permissive else "restrictive"),
        ("command", _COMMANDS[command]),
        ("roles", listed(roles)),
        ("USING", " ".join((using or NONE).split())),
        ("WITH CHECK", " ".join((check or NONE).split())),
    )
    return Fact(table, "policy", name, details)


def _secured(table: str, *, on: bool, forced: bool) -> Fact:
    details = (("enabled", "yes" if on else "no"), ("forced", "yes" if forced else "no"))
    return Fact(table, "row level security", "for all", details)


def _grant(role: str, on: str, privileges: Sequence[str]) -> Fact:
    known = [each for each in _ORDER if each in privileges]
    others = sorted(set(privileges) - set(known))
    return Fact("", "grant", f"{role} on {on}", (("privileges", ", ".join(known + others)),))


def _role(
    name: str, rights: Sequence[str] = (), groups: Sequence[str] = (),
    settings: Sequence[str] = (), said: str = "",
) -> Fact:  # fmt: skip
    details = (
        ("rights", ", ".join(rights) or NONE),
        ("member of", listed(groups)),
        ("settings", ", ".join(settings) or NONE),
        ("comment", said or NONE),
    )
    return Fact("", "role", name, details)


class Session(Protocol):
    """What is needed of an engine to ask how it spells things."""

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement, or several."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What one statement gives."""

    def savepoint(self) -> AbstractContextManager[None]:
        """A stretch of work that is always rolled back."""


def wanted_access(session: Session, schema: Schema, given: frozenset[str]) -> Iterator[Fact]:
    """The facts that follow from a schema, its views and conditions as the server spells them.

    `given` are the roles that were there before.

    The types that the tables need are there; everything that is made here is rolled back.
    """
    views, policies = schema.things(View), schema.things(Policy)
    if views or policies:
        with session.savepoint():
            session.execute(";\n".join(_scratch(schema)))
            yield from _views(session, {view.name: view for view in views})
            yield from (_policy(*row) for row in session.rows(_POLICIES.format(space=_TEMPORARY)))
    yield from (_secured(policy.table, on=True, forced=policy.forced) for policy in policies)
    for each in schema.things(AllRows):
        command, taken = ("r", None) if each.reads_only else ("*", "true")
        yield _policy(each.table, each.name, True, command, (each.role,), "true", taken)
    for role in schema.things(Role):
        # A role that was there before keeps the words of whoever made it.
        yield _role(role.name, said="" if role.name in given else plain(role.because))
    for owner in schema.things(Owner):
        # What `besides` finds of whatever is not the maker's own.
        yield from (Fact("", f"owner of {name}", owner.role) for name in owner.on)
    yield from _grants(schema)


def _views(session: Session, views: dict[str, View]) -> Iterator[Fact]:
    for name, _, text, options, columns in session.rows(_VIEWS.format(space=_TEMPORARY)):
        view = views[name]
        yield _view(name, text, ", ".join(options), columns, kept=view.materialised)
        if view.materialised:
            keys = ", ".join(quoted(key) for key in view.grouped_by)
            yield index_fact(
                name, view.index, keys, unique=True, predicate="", method="btree", include=()
            )


def _grants(schema: Schema) -> Iterator[Fact]:
    held: dict[tuple[str, str], set[str]] = {}
    for grant in schema.things(Grant):
        for on in _held(grant) if "EXECUTE" not in grant.privileges else ():
            held.setdefault((grant.role, on), set()).update(grant.privileges)
    yield from (_grant(role, on, sorted(privileges)) for (role, on), privileges in held.items())


def _held(grant: Grant) -> Iterator[str]:
    """What a right is to, as the catalogue names it: tables, or columns of them."""
    for on in grant.on:
        yield from (f"{on}.{column}" for column in grant.columns) if grant.columns else (on,)


def _scratch(schema: Schema) -> Iterator[str]:
    """Statements that make temporary tables of the same names, with their views and policies."""
    views, policies = schema.things(View), schema.things(Policy)
    seen = {view.table for view in views} | {policy.table for policy in policies}
    seen |= {through.parent for policy in policies for through in policy.through}
    yield from (_table(table) for table in schema.tables if table.name in seen)
    for policy in policies:
        using, taken = (" AND ".join(each(policy, POSTGRESQL)) for each in (demanded, checked))
        name, on = POSTGRESQL.quoted(policy.name), POSTGRESQL.quoted(policy.table)
        yield f"CREATE POLICY {name} ON pg_temp.{on} USING ({using}) WITH CHECK ({taken})"
    for view in views:
        name = POSTGRESQL.quoted(view.name)
        yield f"CREATE TEMPORARY VIEW {name}{_options(view)} AS {query(view, POSTGRESQL).sql}"


def _options(view: View) -> str:
    if view.materialised:
        return ""
    right = "security_invoker" if view.rights == "caller" else "security_barrier"
    return f" WITH ({right} = true)"


def _table(table: Table) -> str:
    columns = (f"{POSTGRESQL.quoted(c.name)} {POSTGRESQL.type(c.type)}" for c in table.columns)
    return f"CREATE TEMPORARY TABLE {POSTGRESQL.quoted(table.name)} ({', '.join(columns)})"
