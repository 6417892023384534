"""MySQL itself as an engine: what it does otherwise than a MariaDB that stands in for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.mariadb_server import Server, has_mysql
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.dialects.reserved import RESERVED
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import IndexPart, Schema, Table, Unique
from tests.engines.examples import EXAMPLES, example_outcome, written
from tests.engines.migrations import migration, outcome
from tests.schemas import NOW, UUID, check, column, index, key, reference


@pytest.fixture
def engine(mysql: Server, mysql_url: str) -> Iterator[Engine]:
    """An empty MySQL; tests are skipped where there is none."""
    assert mysql.folder.name in mysql_url
    with open_engine("mysql", mysql_url) as opened:
        yield opened


def proven(engine: Engine, *tables: Table) -> list[str]:
    """What does not hold of a schema of these tables."""
    return outcome(prove(engine, *migration(Schema(tables), engine, engine.version)))


def test_an_engine_says_what_it_is(engine: Engine) -> None:
    """The server's own version, and that nothing stands in for it."""
    ((said,),) = engine.rows("SELECT VERSION()")
    assert (engine.name, engine.title) == ("mysql", "MySQL")
    assert said.partition("-")[0] == engine.version


def test_a_mariadb_is_not_proven_on_a_mysql(engine: Engine, mysql_url: str) -> None:
    """Nothing stands in for MariaDB."""
    assert engine.name == "mysql"
    with (
        pytest.raises(EngineError, match="leads to a MySQL server, and MariaDB is to be proven"),
        open_engine("mariadb", mysql_url.replace("mysql:", "mariadb:", 1)),
    ):
        pass


@pytest.mark.skipif(not has_mysql(), reason="there is no MySQL here")
def test_without_a_url_it_is_started_itself() -> None:
    """A MariaDB stands in only where there is none."""
    with open_engine("mysql") as engine:
        assert "MariaDB" not in engine.version
        assert proven(engine, Table("t", (UUID, column("at", "timestamptz")), key("t"))) == []


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_both_examples_are_proven(engine: Engine, file: Path) -> None:
    """With all that they have, and with their seeds."""
    assert example_outcome(file, engine, "9") == []


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_what_is_written_for_older_versions_is_the_same(file: Path) -> None:
    """So that it is proven with it."""
    assert (
        written(file, "mysql", "8.0")
        == written(file, "mysql", "8.4")
        == written(file, "mysql", "9")
    )


def test_reserved_words_are_all_quoted(engine: Engine) -> None:
    """Whatever the server refuses as a plain name is known."""
    keywords = engine.rows("SELECT LOWER(word), reserved FROM information_schema.keywords")
    assert {word for word, reserved in keywords if reserved} <= RESERVED["mysql"]
    plain = [word for word, _ in keywords if word.isidentifier() and word not in RESERVED["mysql"]]
    assert len(plain) > 300
    engine.run(f"CREATE TABLE t ({', '.join(f'{word} INT' for word in plain)})")
    for word in plain:
        engine.rows(f"SELECT {word} FROM t AS {word} WHERE {word} = 1")


PEOPLE = Table("people", (UUID,), key("people"))
LIVE = replace(index("ux_live", "person_id", "name", where="gone_at is null"), unique=True)


def test_a_key_is_checked_in_rows_that_are_outside_of_a_unique_key(engine: Engine) -> None:
    """A row that was hidden cannot refer to nothing either."""
    notes = Table(
        "notes",
        (UUID, column("person_id", "uuid"), column("name", "varchar", precision=40),
         column("gone_at", "timestamptz", null=True)),
        key("notes"),
        foreign_keys=(reference("notes", "person_id", "people", "CASCADE"),),
        indexes=(LIVE, index("ix_notes_person_id", "person_id")),
    )  # fmt: skip
    assert proven(engine, PEOPLE, notes) == []


def test_a_key_of_two_columns_to_its_own_table_is_checked(engine: Engine) -> None:
    """A parent that is not there, or is another's, is refused; and it takes its rows along."""
    tie = replace(
        reference("people", "parent_id", "people", "CASCADE"),
        columns=("house_id", "parent_id"),
        referenced_columns=("house_id", "id"),
    )
    people = Table(
        "people",
        (UUID, column("house_id", "integer"), column("parent_id", "uuid", null=True)),
        key("people"),
        uniques=(Unique("uq_people_house_id_id", ("house_id", "id")),),
        foreign_keys=(tie,),
        indexes=(index("ix_people_house_id_parent_id", "house_id", "parent_id"),),
    )  # fmt: skip
    assert proven(engine, people) == []


def test_an_index_on_an_expression_is_proven(engine: Engine) -> None:
    """MariaDB has none: what stands in for MySQL could not read it."""
    lower = (IndexPart("name", expression=parse("lower(name)")), IndexPart("at", descending=True))
    table = Table(
        "t",
        (UUID, column("name", "varchar", precision=60), column("at", "timestamptz")),
        key("t"),
        indexes=(replace(index("ix_t_name", "name"), parts=lower),),
    )
    assert proven(engine, table) == []


def test_defaults_that_are_documents_and_moments_are_filled_in(engine: Engine) -> None:
    """A text is no document there, whatever is in it."""
    table = Table(
        "t",
        (UUID, column("facts", "json", default='{"a": 1}'),
         column("words", "list", default='["a"]'),
         replace(column("at", "timestamptz"), default=NOW)),
        key("t"),
    )  # fmt: skip
    assert proven(engine, table) == []


def test_a_pattern_with_a_backslash_is_a_text(engine: Engine) -> None:
    """What it keeps of a rule must still be one when it is asked."""
    rule = check("ck_t_name", r"name matches '^[^\t]+$'")
    table = Table("t", (UUID, column("name", "varchar", precision=60)), key("t"), checks=(rule,))
    assert proven(engine, table) == []
