"""The finished examples, proven whole on another database than their own."""

from __future__ import annotations

from pathlib import Path

from schemawalk.delivery import work_for
from schemawalk.design.file import load
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.writers import seeds, sql
from schemawalk.writers.work import Work
from tests.engines.migrations import outcome

EXAMPLES = tuple(
    Path(__file__).parents[2] / "examples" / name / "schemawalk.toml"
    for name in ("compliance-saas", "rehearsal-rooms")
)


def example_outcome(file: Path, engine: Engine, version: str) -> list[str]:
    """What does not hold when it is written for that version of the engine's database."""
    work = _work(file, engine.name, version)
    up, down = sql.up(work.schema, work.dialect), sql.down(work.schema, work.dialect)
    return outcome(prove(engine, work.schema, up, down, seeds=seeds.files(work)))


def written(file: Path, database: str, version: str) -> str:
    """The SQL that is written for a version."""
    work = _work(file, database, version)
    return sql.up(work.schema, work.dialect) + sql.down(work.schema, work.dialect)


def _work(file: Path, database: str, version: str) -> Work:
    design = load(file)
    stack = design.stack.model_copy(update={"database": database, "version": version})
    return work_for(design.model_copy(update={"stack": stack}))
