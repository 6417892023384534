"""Seeds as files: reference rows that may be there already, development rows in bulk."""

from __future__ import annotations

import re

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping
from schemawalk.engines.engine import Engine
from schemawalk.engines.registry import open_engine
from schemawalk.writers import registry, seeds, sql
from tests.engines.conftest import engine as engine
from tests.lasting import museum
from tests.schema.designs import entity, fact, shop


def written(design: Design, database: str) -> dict[str, str]:
    return dict(seeds.files(work_for(design, database)))


def one(script: str, table: str) -> str:
    """The first statement that inserts into a table."""
    found = re.search(rf"INSERT INTO {table} .*?;$", script, re.DOTALL | re.MULTILINE)
    assert found
    return re.sub(r"\s+", " ", found.group())


def test_there_is_nothing_to_write_without_rows() -> None:
    assert written(shop(), "postgresql") == {}


def test_seeds_are_written_without_being_asked_for() -> None:
    assert "seeds" in {writer.name for writer in registry.chosen(shop())}


def test_a_reference_row_that_is_there_is_left_alone() -> None:
    text = written(museum(identifiers="bigint"), "postgresql")[seeds.REFERENCE]
    assert one(text, "styles") == (
        "INSERT INTO styles (code, name) VALUES ('cubism', 'Cubism') ON CONFLICT DO NOTHING;"
    )
    assert "SELECT 1 FROM terms WHERE style_id = (SELECT id FROM styles" in text


def test_what_nothing_makes_unique_is_looked_for_first() -> None:
    text = written(museum(identifiers="bigint"), "sqlite")[seeds.REFERENCE]
    assert one(text, "terms") == (
        "INSERT INTO terms (style_id, number, meaning) "
        "SELECT (SELECT id FROM styles WHERE code = 'cubism'), 1, 'It''s a facet' "
        "WHERE NOT EXISTS (SELECT 1 FROM terms WHERE style_id = (SELECT id FROM styles "
        "WHERE code = 'cubism') AND number = 1 AND meaning = 'It''s a facet');"
    )


def test_both_files_are_one_transaction_each() -> None:
    for text in written(museum(made_up_rows=3), "postgresql").values():
        assert text.startswith("-- Written by schemawalk from schemawalk.toml")
        assert text.count("\nBEGIN;\n") == text.count("\nCOMMIT;\n") == 1


def test_the_same_design_gives_the_same_bytes() -> None:
    assert written(museum(made_up_rows=30), "sqlite") == written(museum(made_up_rows=30), "sqlite")


@pytest.mark.parametrize("identifiers", ["uuid", "bigint"])
def test_seeds_pass_every_constraint_and_may_be_run_again(engine: Engine, identifiers: str) -> None:
    work = work_for(museum(identifiers=identifiers, made_up_rows=30), engine.name)
    engine.run(sql.up(work.schema, work.dialect))
    for _ in range(2):
        for text in seeds.files(work).values():
            engine.run(text)
        found = {t.name: engine.rows(f"SELECT count(*) FROM {t.name}")[0][0]
                 for t in work.schema.tables}  # fmt: skip
        listed = {"styles": 2, "terms": 2, "exhibit_sizes": 2}
        assert found == dict.fromkeys(found, 30) | listed
    assert engine.rows("SELECT max(label) FROM exhibit_sizes") == [("Very large",)]


def test_numbers_go_on_after_the_rows_that_brought_their_own(engine: Engine) -> None:
    """A first row of somebody's own does not meet the number of a made-up one."""
    work = work_for(museum(identifiers="bigint", made_up_rows=5), engine.name)
    engine.run(sql.up(work.schema, work.dialect))
    for text in seeds.files(work).values():
        engine.run(text)
    engine.execute("INSERT INTO venues (name) VALUES ('Mine')")
    assert engine.rows("SELECT count(*), max(id) FROM venues") == [(6, 1006)]


def test_a_thousand_rows_of_everything_are_few_statements() -> None:
    text = written(museum(made_up_rows=1_000), "sqlite")[seeds.DEVELOPMENT]
    assert text.count("INSERT INTO members ") == 2
    with open_engine("sqlite") as engine:
        work = work_for(museum(made_up_rows=1_000), "sqlite")
        engine.run(sql.up(work.schema, work.dialect))
        for script in seeds.files(work).values():
            engine.run(script)
        assert engine.rows("SELECT count(*) FROM exhibit_terms") == [(1_000,)]


def test_a_row_is_read_without_scrolling() -> None:
    """Lines of data end before the 300th column; what is longer goes on below."""
    wide = entity("Wide", *(fact("wide", f"text_{n}", kind="long-text", required="start")
                            for n in range(9)))  # fmt: skip
    design = Design(entities=(wide,), keeping=Keeping(made_up_rows=3))
    for database in ("postgresql", "mariadb"):
        text = written(design, database)[seeds.DEVELOPMENT]
        assert max(map(len, text.splitlines())) <= 300
        assert "seeds/reference.sql" not in text


def test_what_comes_first_is_named_where_there_is_something() -> None:
    assert "after seeds/reference.sql" in written(museum(made_up_rows=1), "sqlite")[
        seeds.DEVELOPMENT
    ].replace("\n-- ", " ")
