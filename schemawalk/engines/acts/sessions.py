"""Acting as somebody else, for some tenant, until the end of a savepoint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.verdict import DisprovedError
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.language.expression import Value

FORBIDDEN: Final = frozenset(("42501", "1044", "1142", "1143", "1370"))
"""What a role or a policy does not allow: SQLSTATE (PostgreSQL manual, appendix A) or the error's
number (MariaDB and MySQL manuals, error codes)."""
WITNESS: Final = "schemawalk_witness"
"""A role that is nobody special: no superuser, owner of nothing."""


@contextmanager
def witness(engine: Engine) -> Iterator[None]:
    """A savepoint in which a role may read and write all rows that policies let it."""
    with engine.savepoint():
        here = POSTGRESQL.quoted(str(engine.rows("SELECT current_schema()")[0][0]))
        engine.execute(f"CREATE ROLE {WITNESS} NOLOGIN NOSUPERUSER NOBYPASSRLS")
        engine.execute(f"GRANT USAGE, CREATE ON SCHEMA {here} TO {WITNESS}")
        engine.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {here} TO {WITNESS}"
        )
        yield


def become(engine: Engine, role: str) -> None:
    """Act as that role, bound by policies, until the savepoint ends."""
    engine.execute("SET LOCAL row_security = on")
    engine.execute(f"SET LOCAL ROLE {POSTGRESQL.quoted(role)}")


@contextmanager
def working_as(engine: Engine, role: str) -> Iterator[None]:
    """Act as a role of the schema's for a while, bound by policies; as before where it is none.

    MariaDB lets roles act on connections of their own only, which see no row of a proof.
    """
    if not role or engine.name != "postgresql":
        yield
        return
    become(engine, role)
    yield
    engine.execute("RESET ROLE; SET LOCAL row_security = off")


def ask_for(engine: Engine, setting: str, tenant: Value) -> None:
    """Say for which tenant the session asks, until the savepoint ends."""
    said = "" if tenant is None else str(tenant)
    engine.rows("SELECT set_config($1, $2, true)", (setting, said))


def must_be_forbidden(engine: Engine, sql: str, values: list[object], what: str) -> None:
    """Run a statement that the role or a policy must refuse; raises DisprovedError otherwise."""
    try:
        with engine.savepoint():
            engine.execute(sql, values)
    except EngineError as error:
        if error.sqlstate not in FORBIDDEN:
            raise DisprovedError(f"{what} was refused for another reason: {error}") from error
    else:
        raise DisprovedError(f"{what} was accepted")


@contextmanager
def decoys(engine: Engine, *functions: str) -> Iterator[None]:
    """A savepoint in which somebody else's functions fit the types of values best.

    `functions` are names with the types of their arguments; where one is called, it raises
    EngineError.
    """
    body = "$$ BEGIN RAISE EXCEPTION 'a function of somebody else was called'; END $$"
    with engine.savepoint():
        for each in functions:
            engine.execute(f"CREATE FUNCTION {each} RETURNS text LANGUAGE plpgsql AS {body}")
        engine.execute("DISCARD PLANS")  # they know by now what each name means
        yield
