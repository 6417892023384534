"""Roles that are there before a migration: taken as they are, unless they pass all policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.verdict import Attempt, DisprovedError
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Role
from schemawalk.statements import statements

_PASSES: Final = ("BYPASSRLS", "SUPERUSER")
"""What lets a role pass every policy of PostgreSQL."""
_FORBIDDEN: Final = "42501"
_RAISED: Final = "P0001"


def role_attempts(engine: Engine, schema: Schema, up: str) -> Iterator[Attempt]:
    """For each role, that `up` may find it there; the schema is there, and so are its roles.

    Only PostgreSQL has policies that a role could pass.
    """
    if engine.name != POSTGRESQL.name:
        return
    for role in schema.things(Role):
        name = f"{role.name}: may be there already, unless it passes all policies"
        yield name, partial(_found, engine, role, up)


def _found(engine: Engine, role: Role, up: str) -> str:
    name = POSTGRESQL.quoted(role.name)
    made = [each for each in statements(up) if f"CREATE ROLE {name}" in each]
    with engine.savepoint():
        _run(engine, made)
    for right in _PASSES:
        with engine.savepoint():
            try:
                engine.execute(f"ALTER ROLE {name} {right}")
            except EngineError as error:
                if error.sqlstate != _FORBIDDEN:
                    raise
                return f"whoever proves may not give {right} to a role"
            _must_be_refused(engine, made, right)
    return ""


def _must_be_refused(engine: Engine, made: Sequence[str], right: str) -> None:
    try:
        _run(engine, made)
    except EngineError as error:
        if error.sqlstate != _RAISED:
            raise
    else:
        raise DisprovedError(f"a role with {right} is taken for one of ours")


def _run(engine: Engine, made: Sequence[str]) -> None:
    for statement in made:
        engine.execute(statement)
