"""The table of outputs: what is chosen, what is refused, where files go."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fnmatch import fnmatchcase
from types import SimpleNamespace

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.schema.capability.fit import fit
from schemawalk.writers import registry
from schemawalk.writers.registry import (
    LAYOUTS,
    WRITERS,
    Writer,
    WriterError,
    by_names,
    chosen,
    once,
    write_all,
)
from schemawalk.writers.work import Work
from tests.schemas import library

LAYOUT = LAYOUTS["stack-driven"]
WORK = Work(Design(), fit(library(), "sqlite").schema, "sqlite")
CODE = Writer("code", "Code", "made.code", "code", once=("migrations/*",))
PAPER = Writer("paper", "Paper", "made.paper", "document")


@pytest.fixture(autouse=True)
def modules(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    """Writers' modules made up for a test: files by the module's name."""
    made = {"made.code": {"a.sql": "a", "migrations/1.sql": "m"}, "made.paper": {"a.md": "paper"}}
    real = registry.import_module

    def load(name: str) -> object:
        return SimpleNamespace(files=lambda _: made[name]) if name in made else real(name)

    monkeypatch.setattr(registry, "import_module", load)
    return made


def names(writers: tuple[Writer, ...]) -> list[str]:
    """What the writers are called."""
    return [writer.name for writer in writers]


def test_a_design_without_tools_gets_sql_diagrams_and_the_document() -> None:
    """Nobody has to ask for these."""
    assert names(chosen(Design())) == ["sql", "seeds", "mermaid", "erd", "stack-driven"]


def test_a_design_gets_the_tools_that_it_names_in_a_stable_order() -> None:
    """The order of the answer does not change what is written."""
    one = Design(stack=Stack(tools=("prisma", "alembic")))
    other = Design(stack=Stack(tools=("alembic", "prisma")))
    always = ["mermaid", "erd", "stack-driven"]
    assert names(chosen(one)) == ["sql", "seeds", "alembic", "prisma", *always]
    assert chosen(one) == chosen(other)


def test_an_output_that_nobody_writes_is_refused_with_those_that_there_are() -> None:
    """The sentence lists what may be chosen."""
    with pytest.raises(
        WriterError, match="no output called 'cobol': choose from sql, seeds, alembic"
    ):
        by_names(["cobol"])


def test_every_output_has_its_own_name() -> None:
    """A name is how people choose one."""
    assert len({writer.name for writer in WRITERS}) == len(WRITERS)


def test_by_names_gives_each_once() -> None:
    """Asking twice is asking once."""
    assert names(by_names(["erd", "sql", "erd"])) == ["sql", "erd"]


def test_code_and_documents_go_to_their_folders() -> None:
    """The stack-driven layout keeps documents above the code."""
    assert write_all(WORK, (CODE, PAPER), LAYOUT) == {
        "product-guidelines/07-database-schema/a.sql": "a",
        "product-guidelines/07-database-schema/migrations/1.sql": "m",
        "product-guidelines/a.md": "paper",
    }


def test_two_writers_of_one_path_are_refused(modules: dict[str, dict[str, str]]) -> None:
    """Neither may overwrite the other in silence."""
    modules["made.paper"]["07-database-schema/a.sql"] = "mine"
    with pytest.raises(WriterError, match=r"a\.sql would be written by both 'code' and 'paper'"):
        write_all(WORK, (CODE, PAPER), LAYOUT)


def test_a_database_that_an_output_does_not_know_is_refused() -> None:
    """Rather than files that nobody can run."""
    only = replace(CODE, databases=("postgresql",))
    with pytest.raises(WriterError, match="Code is not written for sqlite, only for PostgreSQL:"):
        write_all(WORK, (only,), LAYOUT)


def test_progress_names_each_writer_before_it_starts_and_ends_full() -> None:
    """What a progress bar shows."""
    seen: list[tuple[int, int, str]] = []
    write_all(WORK, (CODE, PAPER), LAYOUT, lambda *step: seen.append(step))
    assert seen == [(0, 2, "code"), (1, 2, "paper"), (2, 2, "")]


def test_patterns_of_migrations_meet_the_files_where_the_layout_puts_them() -> None:
    """SQL migrations are written once; the schema to read is written anew."""
    sql = by_names(["sql"])
    patterns = once(sql, LAYOUT)
    met = [p for p in write_all(WORK, sql, LAYOUT) if any(fnmatchcase(p, q) for q in patterns)]
    folder = "product-guidelines/07-database-schema/migrations/sql"
    assert met == [f"{folder}/0001_initial.up.sql", f"{folder}/0001_initial.down.sql"]


def test_the_table_of_outputs_loads_no_writer() -> None:
    """Starting up must not pay for outputs that nobody asked for."""
    code = (
        "import sys, schemawalk.writers.registry as r;"
        "print([w.module in sys.modules for w in r.WRITERS])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "True" not in run.stdout
    assert "False" in run.stdout
