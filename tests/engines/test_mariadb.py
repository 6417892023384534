"""MariaDB as an engine: how it is opened, what it refuses, and what it does with values."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pymysql
import pytest

from schemawalk.engines.engine import Engine, EngineError, Refusal
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.dialects.reserved import RESERVED
from schemawalk.schema.model import Schema, Table, Type
from tests.engines.migrations import migration, outcome
from tests.schemas import UUID, check, column, key, library


@pytest.fixture
def engine(mariadb_url: str) -> Iterator[Engine]:
    """An empty MariaDB."""
    with open_engine("mariadb", mariadb_url) as opened:
        yield opened


def _run(url: str, *statements: str) -> None:
    database, socket = re.findall(r"[/=]([^/=?]+)\?unix_socket=(.*)", url)[0]
    with pymysql.connect(unix_socket=socket, user="root", database=database) as connection:
        for statement in statements:
            connection.cursor().execute(statement)


def test_an_engine_says_what_it_is(engine: Engine) -> None:
    """The server's own version, without its packager's words."""
    assert (engine.name, engine.title) == ("mariadb", "MariaDB")
    ((said,),) = engine.rows("SELECT VERSION()")
    assert said.startswith(f"{engine.version}-MariaDB")


def test_without_a_url_a_server_is_started() -> None:
    """Nothing needs to run beforehand."""
    with open_engine("mariadb") as engine:
        assert engine.tables() == ()
        assert outcome(prove(engine, *migration(library(), engine))) == []


def test_a_mariadb_stands_in_for_mysql(mariadb_url: str) -> None:
    """What means the same to both is proven there, and the proof says where."""
    with open_engine("mysql", mariadb_url.replace("mariadb:", "mysql:", 1)) as engine:
        schema, up, down = migration(library(), engine)
        assert "COLLATE = utf8mb4_0900_bin" in up
        proof = prove(engine, schema, up, down)
        assert outcome(proof) == []
        assert proof.engine == "mysql"
        assert proof.version.endswith("of MariaDB in its place")


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("CREATE TABLE keep (a INT)", "table keep"),
        ("CREATE VIEW keep AS SELECT 1 AS a", "view keep"),
        ("CREATE SEQUENCE keep", "sequence keep"),
        ("CREATE FUNCTION keep() RETURNS INT RETURN 1", "function keep"),
        ("CREATE PROCEDURE keep() SELECT 1", "procedure keep"),
        ("CREATE EVENT keep ON SCHEDULE EVERY 1 DAY DO SELECT 1", "event keep"),
    ],
)
def test_a_database_that_holds_anything_is_refused(mariadb_url: str, made: str, told: str) -> None:
    """Whatever a user made; and it is still there after."""
    _run(mariadb_url, made)
    with (
        pytest.raises(EngineError, match="is not empty") as refused,
        open_engine("mariadb", mariadb_url),
    ):
        pass
    assert told in str(refused.value)
    with pytest.raises(pymysql.Error, match="already exists"):
        _run(mariadb_url, made)


def _left_in_the_middle(url: str) -> None:
    script = """
        CREATE TABLE `a``b` (i INT PRIMARY KEY, j INT, CONSTRAINT f FOREIGN KEY (j)
          REFERENCES `a``b` (i)); CREATE TABLE c (i INT, CONSTRAINT g FOREIGN KEY (i)
          REFERENCES `a``b` (i)); CREATE VIEW v AS SELECT * FROM c; CREATE SEQUENCE s;
        CREATE PROCEDURE p() SELECT 1; BEGIN; INSERT INTO `a``b` VALUES (1, NULL)
        """
    with open_engine("mariadb", url) as engine:
        engine.run(script)
        raise RuntimeError("no more")


def test_a_lent_database_is_empty_again(mariadb_url: str) -> None:
    """Everything that was made there is gone, even when the work ended badly."""
    with pytest.raises(RuntimeError, match="no more"):
        _left_in_the_middle(mariadb_url)
    with open_engine("mariadb", mariadb_url) as engine:
        assert engine.leftovers() == ()


def test_two_proofs_do_not_share_a_database(mariadb_url: str) -> None:
    """The second one is told to wait."""
    with (
        open_engine("mariadb", mariadb_url),
        pytest.raises(EngineError, match="Another proof is running"),
        open_engine("mariadb", mariadb_url),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "url", "sentence"),
    [
        ("mariadb", "mysql://localhost/x", "begins with mariadb://"),
        ("mysql", "postgresql://localhost/x", "begins with mysql://"),
        ("mariadb", "mariadb://me@127.0.0.1:1/x", "The server cannot be reached: "),
        ("mariadb", "mariadb://me@127.0.0.1:x/y", "no port that is a number"),
    ],
)
def test_a_wrong_url_is_one_sentence(name: str, url: str, sentence: str) -> None:
    """What is wrong, without a traceback."""
    with pytest.raises(EngineError, match=sentence) as refused, open_engine(name, url):
        pass
    assert "\n" not in str(refused.value)


def test_a_url_without_a_database_is_one_sentence(mariadb_url: str) -> None:
    """A proof never chooses a database itself."""
    nowhere = re.sub(r"/\w+\?", "/?", mariadb_url)
    with (
        pytest.raises(EngineError, match="names no database"),
        open_engine("mariadb", nowhere),
    ):
        pass


def test_a_password_is_never_repeated() -> None:
    """Not even when the server cannot be reached."""
    url = "mariadb://me:s3cret@127.0.0.1:1/x"
    with pytest.raises(EngineError) as refused, open_engine("mariadb", url):
        pass
    assert "s3cret" not in str(refused.value)


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional."""
    real = builtins.__import__

    def without(name: str, globals_: Mapping[str, object] | None = None, *rest: Any) -> Any:
        if name == "pymysql":
            raise ImportError(name)
        return real(name, globals_, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EngineError, match=r"pip install 'schemawalk\[mysql\]'"):
        open_engine("mariadb").__enter__()


def test_savepoints_undo_rows(engine: Engine) -> None:
    """Nested, and after errors."""
    engine.run("CREATE TABLE t (i INT PRIMARY KEY)")
    with engine.savepoint():
        engine.execute("INSERT INTO t VALUES ($1)", (1,))
        with pytest.raises(EngineError), engine.savepoint():
            engine.execute("INSERT INTO t VALUES ($1)", (1,))
        with engine.savepoint():
            engine.execute("INSERT INTO t VALUES ($1)", (2,))
        assert engine.rows("SELECT i FROM t") == [(1,)]
    assert engine.rows("SELECT i FROM t") == []


def test_a_refusal_is_told_in_the_databases_words(engine: Engine) -> None:
    """Kind and rule, as `reported` foretells them, whatever is in their names."""
    engine.run(
        """CREATE TABLE p (i INT PRIMARY KEY);
        CREATE TABLE `t``%` (a INT NOT NULL, `b c` INT PRIMARY KEY, d INT,
        CONSTRAINT `u'x` UNIQUE (a), CONSTRAINT `c``k` CHECK (a > 0),
        CONSTRAINT `f``' $1` FOREIGN KEY (d) REFERENCES p (i));
        INSERT INTO p VALUES (1); INSERT INTO `t``%` VALUES (1, 1, 1)"""
    )
    wanted = {
        "NULL, 2, 1": engine.reported("not null", "t`%", "", ("a",)),
        "1, 2, 1": engine.reported("unique", "t`%", "u'x", ("a",)),
        "2, 1, 1": engine.reported("unique", "t`%", "pk_t", ("b c",)),
        "-1, 2, 1": engine.reported("check", "t`%", "c`k", ("a",)),
        "2, 2, 7": engine.reported("foreign key", "t`%", "f`' $1", ("d",)),
    }
    for values, refusal in wanted.items():
        with pytest.raises(EngineError) as refused:
            engine.execute(f"INSERT INTO `t``%` VALUES ({values})")
        assert isinstance(refused.value.refusal, Refusal)
        assert refused.value.refusal == refusal


def test_values_are_never_filled_in_inside_quotes(engine: Engine) -> None:
    """What looks like a parameter in a name or a text is one of its characters."""
    sql = "SELECT '$1', \"$1\", `$1` FROM (SELECT $1 AS `$1`) AS t"
    assert engine.rows(sql, ("it's 100% \\ $1",)) == [("$1", "$1", "it's 100% \\ $1")]


@pytest.mark.parametrize("mode", ["", ",NO_BACKSLASH_ESCAPES"])
def test_a_backslash_is_itself_in_every_mode(engine: Engine, mode: str) -> None:
    """In defaults, lists and patterns, however the server reads strings."""
    text = "C:\\new'\\"
    table = Table(
        "t",
        (
            UUID,
            column("path", "text", default=text),
            column("word", "text", null=True),
            column("kind", "text", default="a"),
        ),
        key("t"),
        checks=(
            check("ck_t_word", r"word matches '^\w+\.\d$'"),
            check("ck_t_kind", r"kind in ('a', 'b\n')"),
        ),
    )
    schema, up, down = migration(Schema((table,)), engine)
    engine.execute(f"SET sql_mode = CONCAT(@@sql_mode, '{mode}')")
    assert outcome(prove(engine, schema, up, down)) == []
    engine.run(up)
    engine.execute("INSERT INTO t (word, kind) VALUES ($1, $2)", ("ab.1", "b\\n"))
    assert engine.rows("SELECT path, kind FROM t") == [(text, "b\\n")]


@pytest.mark.parametrize(
    ("pattern", "taken", "refused"),
    [
        ("^[+][0-9]{2,3}$", "+12", "+12\n"),
        ("^a.c$", "a\nc", "ac"),
        (r"^\d\w$", "1a", "٣a"),
        ("^[a-z]+$", "abc", "ABC"),
    ],
)
def test_a_pattern_matches_what_it_matches_elsewhere(
    engine: Engine, pattern: str, taken: str, refused: str
) -> None:
    """Ends of lines, digits of other scripts and capitals, as in PostgreSQL."""
    rule = check("ck_t_word", f"word matches '{pattern}'")
    table = Table("t", (UUID, column("word", "text")), key("t"), checks=(rule,))
    engine.run(migration(Schema((table,)), engine)[1])
    engine.execute("INSERT INTO t (word) VALUES ($1)", (taken,))
    with pytest.raises(EngineError, match="ck_t_word"):
        engine.execute("INSERT INTO t (word) VALUES ($1)", (refused,))


def test_an_id_is_one_that_nobody_can_guess(engine: Engine) -> None:
    """UUID() would tell the machine and the time: the default is of version 4."""
    table = Table("t", (UUID,), key("t"))
    engine.run(migration(Schema((table,)), engine)[1])
    for _ in range(20):
        engine.execute("INSERT INTO t VALUES ()")
    made = [str(identifier) for (identifier,) in engine.rows("SELECT id FROM t")]
    assert len(set(made)) == 20
    assert all(re.fullmatch(r"[0-9a-f-]{14}4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", m)
               for m in made)  # fmt: skip


def test_moments_are_in_utc_whatever_the_sessions_zone(engine: Engine) -> None:
    """The default does not follow the session."""
    table = Table("t", (UUID, column("at", "timestamptz", default="2026-03-14T10:26:53+01:00")),
                  key("t"))  # fmt: skip
    schema, up, _ = migration(Schema((table,)), engine)
    engine.run(up)
    engine.execute("SET time_zone = '+05:00'")
    engine.execute("INSERT INTO t VALUES ()")
    assert engine.rows("SELECT CAST(at AS CHAR) FROM t") == [("2026-03-14 09:26:53.000000",)]
    assert engine.bound(Type("timestamptz"), "2026-03-14T09:26:53.589Z") == (
        "2026-03-14 09:26:53.589000"
    )
    assert schema.table("t").column("at").type == Type("timestamptz")


def test_reserved_words_are_all_quoted(engine: Engine) -> None:
    """Whatever the server refuses as a plain name is known."""
    words = [
        word.lower() for (word,) in engine.rows("SELECT word FROM information_schema.keywords")
    ]
    plain = [w for w in words if w.isidentifier() and w not in RESERVED["mariadb"]]
    assert len(plain) > 300
    for word in plain:
        engine.run(f"CREATE TABLE {word} ({word} INT, CONSTRAINT {word} CHECK ({word} > 0))")
        engine.run(f"DROP TABLE {word}")
