"""Which databases can be opened, and when one is refused."""

from __future__ import annotations

import builtins
import sqlite3
from collections.abc import Mapping
from typing import Any

import psycopg
import pytest

from schemawalk.engines.engine import Engine, EngineError, Refusal
from schemawalk.engines.registry import open_engine


def _run(url: str, *statements: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_an_engine_says_what_it_is() -> None:
    """SQLite's version is the library's."""
    with open_engine("sqlite") as engine:
        assert (engine.name, engine.title) == ("sqlite", "SQLite")
        assert engine.version == sqlite3.sqlite_version


def test_the_servers_own_version_is_told(postgresql_url: str) -> None:
    """As it stands in SHOW server_version."""
    with open_engine("postgresql", postgresql_url) as engine:
        ((version,),) = _run(postgresql_url, "SHOW server_version")
        assert engine.version == version


@pytest.mark.parametrize("name", ["mongodb", ""])
def test_a_database_without_an_engine_is_refused(name: str) -> None:
    """The sentence says which ones can be proven."""
    with pytest.raises(EngineError, match="postgresql, sqlite, mariadb, mysql can be proven"):
        open_engine(name)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("CREATE TABLE keep (a int)", "table public.keep"),
        ("CREATE TYPE keep AS ENUM ('a')", "type public.keep"),
        ("CREATE DOMAIN keep AS int", "type public.keep"),
        ("CREATE VIEW keep AS SELECT 1", "view public.keep"),
        ("CREATE SEQUENCE keep", "sequence public.keep"),
        ("CREATE FUNCTION keep() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function public.keep()"),
        ('CREATE SCHEMA "my app" CREATE TABLE keep (a int)', 'table "my app".keep'),
    ],
)
def test_a_database_that_holds_anything_is_refused(
    postgresql_url: str, made: str, told: str
) -> None:
    """Whatever a user made, in whatever namespace; and it is still there after."""
    _run(postgresql_url, made)
    with (
        pytest.raises(EngineError, match="is not empty") as refused,
        open_engine("postgresql", postgresql_url),
    ):
        pass
    assert told in str(refused.value)
    with pytest.raises(psycopg.Error, match="already exists"):
        _run(postgresql_url, made)


def _left_in_the_middle(url: str) -> None:
    with open_engine("postgresql", url) as engine:
        engine.run(
            """
            CREATE SCHEMA "an ""other"; CREATE EXTENSION IF NOT EXISTS vector;
            CREATE TABLE "an ""other"."T" (id int GENERATED ALWAYS AS IDENTITY, e int);
            CREATE TYPE mood AS ENUM ('good'); CREATE TYPE pair AS (a int, b mood);
            CREATE DOMAIN few AS int; CREATE SEQUENCE s; CREATE TABLE t (m mood, p pair);
            CREATE VIEW v AS SELECT * FROM t; CREATE MATERIALIZED VIEW w AS SELECT * FROM v;
            CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
            """
        )
        engine.execute("BEGIN; CREATE TABLE half (a int)")
        raise RuntimeError("no more")


def test_a_lent_database_is_empty_again(postgresql_url: str) -> None:
    """Everything that was made there is gone, even when the work ended badly."""
    with pytest.raises(RuntimeError, match="no more"):
        _left_in_the_middle(postgresql_url)
    with open_engine("postgresql", postgresql_url) as engine:
        assert engine.leftovers() == ()
        assert engine.rows("SELECT extname FROM pg_extension") == [("plpgsql",)]


def test_an_extension_that_is_there_is_no_obstacle(postgresql_url: str) -> None:
    """Its types and functions are nobody's work, and stay."""
    _run(postgresql_url, "CREATE EXTENSION vector")
    with open_engine("postgresql", postgresql_url) as engine:
        assert engine.leftovers() == ()
    assert ("vector",) in _run(postgresql_url, "SELECT extname FROM pg_extension")


def test_two_proofs_do_not_share_a_database(postgresql_url: str) -> None:
    """The second one is told to wait."""
    with (
        open_engine("postgresql", postgresql_url),
        pytest.raises(EngineError, match="Another proof is running"),
        open_engine("postgresql", postgresql_url),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "url", "sentence"),
    [
        ("postgresql", "mysql://localhost/x", "begins with postgresql://"),
        ("postgresql", "postgresql:///x?host=/nowhere", "PostgreSQL cannot be reached: "),
        ("sqlite", "sqlite:///x.db", "SQLite is proven in memory"),
    ],
)
def test_a_wrong_url_is_one_sentence(name: str, url: str, sentence: str) -> None:
    """What is wrong, without a traceback."""
    with pytest.raises(EngineError, match=sentence) as refused, open_engine(name, url):
        pass
    assert "\n" not in str(refused.value)


def test_a_password_is_never_repeated() -> None:
    """Not even when the server cannot be reached."""
    url = "postgresql://me:s3cret@127.0.0.1:1/x"
    with pytest.raises(EngineError) as refused, open_engine("postgresql", url):
        pass
    assert "s3cret" not in str(refused.value)


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional."""
    real = builtins.__import__

    def without(name: str, globals_: Mapping[str, object] | None = None, *rest: Any) -> Any:
        if name == "psycopg":
            raise ImportError(name)
        return real(name, globals_, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EngineError, match=r"pip install 'schemawalk\[postgresql\]'"):
        open_engine("postgresql").__enter__()


def test_savepoints_undo_everything(standard_engine: Engine) -> None:
    """Nested, after errors, and with tables made inside."""
    standard_engine.run("CREATE TABLE t (i INTEGER PRIMARY KEY)")
    with standard_engine.savepoint():
        standard_engine.execute("INSERT INTO t VALUES ($1)", (1,))
        with pytest.raises(EngineError), standard_engine.savepoint():
            standard_engine.execute("INSERT INTO t VALUES ($1)", (1,))
        with standard_engine.savepoint():
            standard_engine.run("CREATE TABLE u (i INTEGER)")
        assert standard_engine.rows("SELECT i FROM t") == [(1,)]
        assert standard_engine.tables() == ("t",)
    assert standard_engine.rows("SELECT i FROM t") == []


def test_a_refusal_is_told_in_the_databases_words(standard_engine: Engine) -> None:
    """Kind and constraint, as `reported` foretells them."""
    standard_engine.run(
        """CREATE TABLE p (i INTEGER PRIMARY KEY);
        CREATE TABLE "t %" (a INTEGER NOT NULL, "b c" INTEGER,
        CONSTRAINT "u x" UNIQUE ("b c", a), CONSTRAINT ck CHECK (a > 0),
        CONSTRAINT fk FOREIGN KEY ("b c") REFERENCES p (i));
        INSERT INTO p VALUES (1); INSERT INTO "t %" VALUES (1, 1)"""
    )
    wanted = {
        "NULL, 1": standard_engine.reported("not null", "t %", "", ("a",)),
        "1, 1": standard_engine.reported("unique", "t %", "u x", ("b c", "a")),
        "-1, 1": standard_engine.reported("check", "t %", "ck", ("a",)),
        "1, 7": standard_engine.reported("foreign key", "t %", "fk", ("b c",)),
    }
    for values, refusal in wanted.items():
        with pytest.raises(EngineError) as refused:
            standard_engine.execute(f'INSERT INTO "t %" VALUES ({values})')
        assert isinstance(refused.value.refusal, Refusal)
        assert refused.value.refusal == refusal


def test_a_failed_script_leaves_no_transaction_open(standard_engine: Engine) -> None:
    """What a script began is rolled back when it fails."""
    with pytest.raises(EngineError, match="nowhere"):
        standard_engine.run(
            "BEGIN; CREATE TABLE t (i INTEGER); INSERT INTO nowhere VALUES (1); COMMIT;"
        )
    assert standard_engine.tables() == ()
    standard_engine.run("BEGIN; CREATE TABLE t (i INTEGER); COMMIT;")
    assert standard_engine.tables() == ("t",)


def test_half_a_character_is_an_error_of_the_engine(engine: Engine) -> None:
    """Text that is no Unicode never becomes a traceback."""
    with pytest.raises(EngineError, match="half a character"):
        engine.run("SELECT '\ud800'")


def test_sqlite_heeds_foreign_keys_after_a_script_turned_them_off() -> None:
    """A way back may turn them off, and on again; the rows after it need them."""
    with open_engine("sqlite") as engine:
        engine.run("PRAGMA foreign_keys = OFF; PRAGMA foreign_keys = ON")
        with pytest.raises(EngineError, match="leaves foreign_keys at 0"):
            engine.run("PRAGMA foreign_keys = OFF")
        assert engine.rows("PRAGMA foreign_keys") == [(1,)]
