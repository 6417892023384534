"""Schemas in which everybody can make things: closed by a migration that has functions there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, get_args

from schemawalk.engines.acts.sessions import FORBIDDEN, WITNESS, become, witness
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.verdict import Attempt, DisprovedError
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Routine, Trigger
from schemawalk.statements import statements

_SETS_PATH: Final = "set_config('search_path'"
_CURE: Final = "REVOKE CREATE ON SCHEMA"
_MAKERS: Final = (Routine, *get_args(Trigger))
"""Things that are functions on PostgreSQL."""


def path_attempts(engine: Engine, schema: Schema, up: str) -> Iterator[Attempt]:
    """That `up` lets nobody else put a function where those it makes look for names.

    Only PostgreSQL looks for them in several places.
    """
    if engine.name != POSTGRESQL.name:
        return
    if any(isinstance(thing, _MAKERS) for thing in schema.around):
        made = [each for each in statements(up) if _SETS_PATH in each]
        yield "up: keeps others from making functions", partial(_closed, engine, made)
        yield "up: goes no further where it cannot", partial(_refused, engine, made)


def _closed(engine: Engine, made: Sequence[str]) -> str:
    with engine.savepoint():
        here = _opened(engine)
        _run(engine, made)
        if engine.rows("SELECT has_schema_privilege('public', $1, 'CREATE')", (here,))[0][0]:
            raise DisprovedError(f"everybody can still make functions in {here}")
    return here


def _refused(engine: Engine, made: Sequence[str]) -> str:
    """Nobody else may take the right back: not even for who works here."""
    with witness(engine):
        here = _opened(engine)
        become(engine, WITNESS)
        try:
            _run(engine, made)
        except EngineError as error:
            if error.sqlstate not in FORBIDDEN:
                raise
            if _CURE not in str(error):
                raise DisprovedError("it does not say what is to be done") from error
        else:
            raise DisprovedError(f"it goes on where everybody can make functions in {here}")
    return ""


def _opened(engine: Engine) -> str:
    """The schema that the migration makes its things in, open to everybody now."""
    here = str(engine.rows("SELECT current_schema()")[0][0])
    engine.execute(f"GRANT CREATE ON SCHEMA {POSTGRESQL.quoted(here)} TO PUBLIC")
    return here


def _run(engine: Engine, made: Sequence[str]) -> None:
    for statement in made:
        engine.execute(statement)
