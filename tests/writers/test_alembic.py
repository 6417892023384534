"""Alembic: the real tool runs what was written, on real databases, there and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from schemawalk.engines.catalogue import Catalogue, differences, expected
from schemawalk.engines.engine import Engine
from schemawalk.engines.postgresql import open_postgresql
from schemawalk.engines.sqlite import SQLite
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.dialects.reserved import RESERVED
from schemawalk.schema.model import ForeignKey, Schema
from schemawalk.writers.sql import up
from schemawalk.writers.work import header
from tests.schema.rentals import rentals
from tests.schemas import check, column, library
from tests.till import till
from tests.writers.alembic_project import (
    DATABASES,
    FORMAT,
    LINT,
    MIGRATION,
    everything,
    reserved,
    run,
    table,
    unpacked,
    written,
)

COMMENTS = """
    SELECT c.relname, d.objsubid, d.description FROM pg_description d
    JOIN pg_class c ON c.oid = d.objoid WHERE c.relnamespace = 'public'::regnamespace
    ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Place:
    """A real, empty database, and its address for the tool."""

    engine: Engine
    url: str

    @property
    def database(self) -> str:
        return self.engine.name

    def held(self) -> Catalogue:
        """What the database holds, without Alembic's own table."""
        facts = self.engine.catalogue().facts
        return Catalogue.of(fact for fact in facts if fact.table != "alembic_version")

    def comments(self) -> list[tuple[object, ...]]:
        """What the database says about its tables and columns, where it can say anything."""
        return self.engine.rows(COMMENTS) if self.database == "postgresql" else []


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty database of each kind."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        with open_postgresql(url) as engine:
            yield Place(engine, url)
        return
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield Place(SQLite(connection), f"sqlite:///{path}")


def alembic(folder: Path, *commands: str, url: str = "") -> str:
    """What several commands of the tool say, one after the other."""
    program = "import alembic.config as tool; [tool.main(c.split()) for c in {!r}]"
    return run(folder, "-c", program.format(commands), url=url)


@pytest.mark.parametrize("schema", [everything(), reserved(), till(), derive(rentals()).schema])
def test_up_makes_what_the_sql_files_make_and_down_takes_it_away(
    schema: Schema, place: Place, tmp_path: Path
) -> None:
    """Up, no drift, down to nothing (enum types included), up again; comments too."""
    folder = unpacked(tmp_path, schema, place.database)
    fitted = fit(schema, place.database).schema
    place.engine.run(up(fitted, DIALECTS[place.database]))
    by_sql, comments = place.held(), place.comments()
    place.engine.clear()
    said = alembic(folder, "upgrade head", "check", url=place.url)
    assert "No new upgrade operations detected" in said
    assert differences(expected(fitted, place.engine), place.held()) == ()
    assert differences(by_sql, place.held()) == ()
    assert place.comments() == comments
    alembic(folder, "downgrade base", url=place.url)
    assert [left for left in place.engine.leftovers() if "alembic_version" not in left] == []
    alembic(folder, "upgrade head", url=place.url)
    assert differences(by_sql, place.held()) == ()


def test_sql_written_offline_makes_the_same(place: Place, tmp_path: Path) -> None:
    """Without a database at hand; backslashes, colons and percent signs come through."""
    schema = fit(everything(), place.database).schema
    folder = unpacked(tmp_path, everything(), place.database)
    place.engine.run(alembic(folder, "upgrade head --sql"))
    assert differences(expected(schema, place.engine), place.held()) == ()
    comments = place.comments()
    place.engine.run(alembic(folder, "downgrade head:base --sql"))
    assert [left for left in place.engine.leftovers() if "alembic_version" not in left] == []
    place.engine.run(up(schema, DIALECTS[place.database]))
    assert place.comments() == comments


def test_what_stands_around_the_tables_is_made_offline_too(place: Place, tmp_path: Path) -> None:
    """Functions and triggers come through whole."""
    schema = fit(derive(rentals()).schema, place.database).schema
    folder = unpacked(tmp_path, derive(rentals()).schema, place.database)
    place.engine.run(alembic(folder, "upgrade head --sql"))
    assert differences(expected(schema, place.engine), place.held()) == ()
    place.engine.run(alembic(folder, "downgrade head:base --sql"))
    assert [left for left in place.engine.leftovers() if "alembic_version" not in left] == []


def test_sqlite_holds_every_table_to_its_types(tmp_path: Path) -> None:
    """All of them are STRICT."""
    folder, path = unpacked(tmp_path, everything(), "sqlite"), tmp_path / "app.db"
    alembic(folder, "upgrade head", url=f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        strict = dict(connection.execute("SELECT name, strict FROM pragma_table_list"))
    assert all(strict[table.name] for table in everything().tables)


def test_names_that_are_words_of_sql_stay_names(place: Place, tmp_path: Path) -> None:
    """As columns, tables, keys and constraints; on the way down too."""
    words = sorted(RESERVED[place.database])
    first = table("words", *(column(word, "text", null=True) for word in words))
    tables = [first]
    for word in ("lateral", "nothing", "returning", "tablesample"):
        to = ForeignKey(word, ("of_id",), tables[-1].name, ("id",), "CASCADE")
        made = table(word, column("of_id", "uuid"), column(word, "text"))
        checked = check(f"ck_{word}", f"{word} <> ''")
        tables.append(replace(made, foreign_keys=(to,), checks=(checked,)))
    schema = Schema(tuple(tables))
    folder = unpacked(tmp_path, schema, place.database)
    alembic(folder, "upgrade head", "check", url=place.url)
    wanted = expected(fit(schema, place.database).schema, place.engine)
    assert differences(wanted, place.held()) == ()
    alembic(folder, "downgrade base", url=place.url)
    assert [left for left in place.engine.leftovers() if "alembic_version" not in left] == []


def test_nothing_to_make_is_no_reason_to_fail(place: Place, tmp_path: Path) -> None:
    """A schema without tables goes up and down."""
    folder = unpacked(tmp_path, Schema(), place.database)
    alembic(folder, "upgrade head", "check", "downgrade base", url=place.url)


def tables(path: Path) -> list[str]:
    """Names of the tables in a SQLite file, without Alembic's own."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [name for (name,) in found if name != "alembic_version"]


def test_a_migration_that_fails_leaves_sqlite_as_it_was(tmp_path: Path) -> None:
    """One transaction: a table made before the failure is gone."""
    folder = unpacked(tmp_path, library(), "sqlite")
    path = folder / MIGRATION
    path.write_text(
        path.read_text().replace("\n\n\ndef downgrade", "\n    1 / 0\n\n\ndef downgrade")
    )
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        alembic(folder, "upgrade head", url=f"sqlite:///{tmp_path / 'a.db'}")
    assert tables(tmp_path / "a.db") == []


def test_sqlite_goes_down_with_rows_in_tables_that_refer_to_each_other(tmp_path: Path) -> None:
    """RESTRICT both ways: no order of tables would do."""
    a = table("a", column("b_id", "uuid", null=True))
    b = table("b", column("a_id", "uuid", null=True))
    to_b = ForeignKey("fk_a_b", ("b_id",), "b", ("id",), "RESTRICT", deferred=True)
    to_a = ForeignKey("fk_b_a", ("a_id",), "a", ("id",), "RESTRICT")
    schema = Schema((replace(a, foreign_keys=(to_b,)), replace(b, foreign_keys=(to_a,))))
    folder, path = unpacked(tmp_path, schema, "sqlite"), tmp_path / "a.db"
    alembic(folder, "upgrade head", url=f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO a (id, b_id) VALUES ('1', '1')")
        connection.execute("INSERT INTO b (id, a_id) VALUES ('1', '1')")
    alembic(folder, "downgrade base", url=f"sqlite:///{path}")
    assert tables(path) == []


def test_the_next_migration_can_be_made_by_the_tool(tmp_path: Path) -> None:
    """From the form that was written, it is valid Python, does not claim to be ours, and runs."""
    folder, url = unpacked(tmp_path, library(), "sqlite"), f"sqlite:///{tmp_path / 'a.db'}"
    alembic(folder, "upgrade head", url=url)
    alembic(folder, "revision --autogenerate -m next --rev-id 0002", url=url)
    made = next((folder / "alembic/versions").glob("0002*")).read_text()
    assert "schemawalk" not in made
    alembic(folder, "upgrade head", url=url)


def test_a_missing_address_is_said_in_one_sentence(tmp_path: Path) -> None:
    """No stack trace."""
    folder = unpacked(tmp_path, library(), "sqlite")
    with pytest.raises(AssertionError) as caught:
        alembic(folder, "upgrade head")
    assert str(caught.value).startswith("DATABASE_URL is not set: give the database's address")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy knows about libraries, which takes it seconds to find out."""
    return tmp_path_factory.mktemp("mypy")


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("schema", [everything(), reserved(), till()])
def test_what_is_written_needs_no_formatter_and_passes_linter_and_type_checker(
    schema: Schema, database: str, tmp_path: Path, cache: Path
) -> None:
    """ruff format, ruff check and, for the models, mypy --strict."""
    folder = unpacked(tmp_path, schema, database)
    run(folder, "-m", *FORMAT, "--diff", ".")
    run(folder, "-m", *LINT, ".")
    run(folder, "-m", "mypy", "--strict", "--cache-dir", str(cache), "models.py")


@pytest.mark.parametrize("database", DATABASES)
def test_every_file_says_where_it_comes_from(database: str) -> None:
    """In its first line, as a comment of its own language."""
    files = written(library(), database)
    assert list(files) == [
        "alembic.ini",
        "alembic/env.py",
        "alembic/script.py.mako",
        MIGRATION,
        "models.py",
    ]
    for path, text in files.items():
        assert text.startswith(header("##" if path.endswith(".mako") else "#"))


def test_a_name_that_sqlalchemy_would_misread_is_refused() -> None:
    """With what it belongs to and what to do."""
    a = table("a.b")
    b = table("b", column("a_id", "uuid"))
    b = replace(b, foreign_keys=(ForeignKey("fk", ("a_id",), "a.b", ("id",), "CASCADE"),))
    with pytest.raises(ValueError, match=r"b: fk refers to 'a\.b'.*give it a name without one"):
        written(Schema((a, b)), "sqlite")
    with pytest.raises(ValueError, match=r"'a\\n' ends with a line break"):
        written(Schema((table("a\n"),)), "sqlite")


@pytest.mark.parametrize("database", DATABASES)
def test_a_thousand_tables_are_a_thousand_classes(database: str) -> None:
    """None is lost or doubled; how long it takes is measured in the benchmarks."""
    columns = [column(f"field_{number}", "text", default="x") for number in range(14)]
    tables = tuple(table(f"things_{number}", *columns) for number in range(1000))
    files = written(Schema(tables), database)
    assert files["models.py"].count("\nclass Things") == 1000
