"""Roles made to act: each does what it was granted, and is refused everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Final, Protocol, cast

from schemawalk.engines.acts.sessions import must_be_forbidden
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.schema.capability.fit import numbered
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import AllRows, Grant, Owner, Policy, Privilege, Role, View

_PUBLIC_SCHEMA_CLOSED: Final = (15,)
"""Since this version of PostgreSQL not everybody may make tables in the schema `public`."""

# Explained (PostgreSQL) or prepared (MariaDB), a statement is checked for the right to run it, and
# is not run.
_EXPLAINED: Final[Mapping[Privilege, str]] = {
    "SELECT": "EXPLAIN SELECT * FROM {0}",
    "INSERT": "EXPLAIN INSERT INTO {0} DEFAULT VALUES",
    "UPDATE": "EXPLAIN UPDATE {0} SET {1} = DEFAULT",
    "DELETE": "EXPLAIN DELETE FROM {0}",
}
_PREPARED: Final[Mapping[Privilege, str]] = {
    "SELECT": "PREPARE schemawalk FROM 'SELECT * FROM {0}'",
    "INSERT": "PREPARE schemawalk FROM 'INSERT INTO {0} VALUES ()'",
    "UPDATE": "PREPARE schemawalk FROM 'UPDATE {0} SET {1} = NULL'",
    "DELETE": "PREPARE schemawalk FROM 'DELETE FROM {0}'",
}
# MariaDB looks at the right to call first, and then at the arguments, which are missing.
_CALLED: Final = {
    "postgresql": "EXPLAIN SELECT {name}({value})", "mariadb": "CALL {name}()",
    "mysql": "CALL {name}()",
}  # fmt: skip
_ARGUMENTS: Final = {"purge": 1, "forget": 1}
"""By purpose, how many values a call gives; as many as are compared where nothing stands here."""
_ARGUMENTS_MISSING: Final = "1318"
"""The number of MariaDB's error (manual, error codes)."""
_TRIES: Final = {"postgresql": _EXPLAINED, "mariadb": _PREPARED, "mysql": _PREPARED}
"""By database and privilege, a statement that needs nothing else; `{1}` is a column."""


class TakesRoles(Protocol):
    """An engine that can be seen with somebody else's rights."""

    def acting_as(self, role: str) -> AbstractContextManager[Engine]:
        """The same database as that role has it."""


def grant_acts(grant: Grant, rows: RowProof) -> Attempts:
    """What is granted can be done."""
    what = "routines" if "EXECUTE" in grant.privileges else "tables and views"
    said = f"{grant.role}: may {', '.join(grant.privileges)} {len(grant.on)} {what}"
    yield said, partial(_allowed, grant, rows)


def role_acts(role: Role, rows: RowProof) -> Attempts:
    """What is not granted is refused: other rows, other tables, and any change of a table."""
    yield f"{role.name}: does nothing that it was not granted", partial(_refused, role, rows)
    yield f"{role.name}: changes no table", partial(_changes_nothing, role, rows)
    if any(each.role == role.name for each in rows.schema.things(Owner)):
        yield f"{role.name}: has no members", partial(_nobody, role, rows)
    if rows.schema.things(Policy):
        yield f"{role.name}: passes no policy", partial(_passes_nothing, role, rows)


def _as(role: str, rows: RowProof) -> AbstractContextManager[Engine]:
    return cast(TakesRoles, rows.engine).acting_as(role)


def _allowed(grant: Grant, rows: RowProof) -> str:
    with _as(grant.role, rows) as engine:
        for on in grant.on:
            for privilege in grant.privileges:
                _may(engine, _try(privilege, on, rows, grant.columns))
    return ", ".join(grant.on)


def _may(engine: Engine, sql: str) -> None:
    try:
        engine.execute(sql)
    except EngineError as error:
        if error.sqlstate != _ARGUMENTS_MISSING:
            raise


def _try(privilege: Privilege, on: str, rows: RowProof, columns: tuple[str, ...] = ()) -> str:
    quoted = DIALECTS[rows.engine.name].quoted
    if privilege == "EXECUTE":
        called = next(each for each in rows.schema.things(Routine) if each.name == on)
        value = ", ".join(["NULL"] * _ARGUMENTS.get(called.purpose, len(called.compared)))
        return _CALLED[rows.engine.name].format(name=quoted(on), value=value)
    column = next((c.name for t in rows.schema.tables if t.name == on for c in t.columns), "")
    names = (quoted(on).replace("'", "''"), quoted(column).replace("'", "''"))
    tries = _TRIES[rows.engine.name]
    if columns:
        named = DIALECTS[rows.engine.name].names(columns)
        return tries[privilege].replace("*", "{2}", 1).format(*map(quoted, (on, column)), named)
    return tries[privilege].format(*(names if tries is _PREPARED else map(quoted, (on, column))))


def _refused(role: Role, rows: RowProof) -> str:
    tried = 0
    with _as(role.name, rows) as engine:
        for on, privilege in _not_granted(role, rows):
            must_be_forbidden(engine, _try(privilege, on, rows), [], f"{privilege} on {on}")
            tried += 1
        for privilege, on, column in _columns_not_granted(role, rows):
            sql = _try(privilege, on, rows, (column,))
            must_be_forbidden(engine, sql, [], f"{privilege} on {on}.{column}")
            tried += 1
    return f"{tried} refusals"


def _not_granted(role: Role, rows: RowProof) -> Iterator[tuple[str, Privilege]]:
    """Each relation with each privilege that the role lacks; of views only whether it reads.

    Routines that are one role's to call are no other's, but their owner's.
    """
    owned = {on for owner in rows.schema.things(Owner) if owner.role == role.name
             for on in owner.on}  # fmt: skip
    held = {
        (on, privilege)
        for grant in rows.schema.things(Grant)
        if grant.role == role.name
        for on in grant.on
        for privilege in grant.privileges
    }
    tables = [(table.name, privilege) for table in rows.schema.tables for privilege in _EXPLAINED]
    views: list[tuple[str, Privilege]] = [(v.name, "SELECT") for v in rows.schema.things(View)]
    calls: list[tuple[str, Privilege]] = [
        (routine.name, "EXECUTE")
        for routine in rows.schema.things(Routine)
        if routine.role and routine.name not in owned
    ]
    return (each for each in (*tables, *views, *calls) if each not in held)


def _columns_not_granted(role: Role, rows: RowProof) -> Iterator[tuple[Privilege, str, str]]:
    """Where the role has a right to some columns of a table, the others."""
    for grant in rows.schema.things(Grant):
        if grant.role == role.name and grant.columns:
            for on in grant.on:
                left = (c for c in rows.schema.table(on).columns if c.name not in grant.columns)
                yield from ((p, on, column.name) for p in grant.privileges for column in left)


def _changes_nothing(role: Role, rows: RowProof) -> str:
    table = DIALECTS[rows.engine.name].quoted(rows.schema.tables[0].name)
    statements = [f"ALTER TABLE {table} ADD COLUMN schemawalk integer", f"TRUNCATE TABLE {table}"]
    open_to_all = rows.engine.name == "postgresql" and not _closed(rows.engine)
    if not open_to_all:
        statements.append("CREATE TABLE schemawalk (id integer)")
    with _as(role.name, rows) as engine:
        for sql in statements:
            must_be_forbidden(engine, sql, [], sql.partition(" schemawalk")[0])
    return ""


def _closed(engine: Engine) -> bool:
    return numbered(engine.version) >= _PUBLIC_SCHEMA_CLOSED


# Since PostgreSQL 16 whoever makes a role may give it away, and is a member without its rights.
_MEMBERS: Final = """
SELECT pg_get_userbyid(m.member)::text FROM pg_auth_members m
WHERE pg_get_userbyid(m.roleid) = $1 AND coalesce((to_jsonb(m) ->> 'inherit_option')::boolean
  OR (to_jsonb(m) ->> 'set_option')::boolean, true)
"""


def _nobody(role: Role, rows: RowProof) -> str:
    if found := rows.engine.rows(_MEMBERS, (role.name,)):
        raise DisprovedError(f"{found[0][0]} is a member, and sees what it sees")
    return ""


def _passes_nothing(role: Role, rows: RowProof) -> str:
    """Without the setting nobody sees a row of a table with a policy; there is one in each."""
    granted = {on for g in rows.schema.things(Grant) if g.role == role.name for on in g.on}
    granted -= {each.table for each in rows.schema.things(AllRows) if each.role == role.name}
    with _as(role.name, rows) as engine:
        for policy in rows.schema.things(Policy):
            table = DIALECTS[engine.name].quoted(policy.table)
            if policy.table not in granted:
                continue
            if seen := engine.rows(f"SELECT count(*) FROM {table}")[0][0]:
                raise DisprovedError(f"it sees {seen} rows of {policy.table}")
    return ""
