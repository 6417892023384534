"""Development rows of any schema that may be asked for are taken by each database, twice."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from schemawalk.engines.engine import Engine
from schemawalk.rows.made_up import made_up
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.model import Schema
from schemawalk.writers.seed_sql import counted_on, insert_rows
from tests.engines.migrations import migration
from tests.engines.test_any_schema import schemas

ROWS = 12


@given(schema=schemas())
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_schema_takes_its_rows(engine: Engine, schema: Schema) -> None:
    fitted, up, _ = migration(schema, engine)
    dialect = DIALECTS[engine.name]
    engine.run(up)
    try:
        for made in made_up(fitted, engine.name, ROWS, {}, {}):
            assert made.rows, f"{made.table.name} got none"
            for _ in range(2):
                engine.run(insert_rows(made.table, made.rows, dialect))
                engine.run(counted_on(made.table, dialect))
            counted = f"SELECT count(*) FROM {dialect.quoted(made.table.name)}"
            assert engine.rows(counted)[0][0] == len(made.rows) == ROWS - made.missing
    finally:
        engine.clear()
