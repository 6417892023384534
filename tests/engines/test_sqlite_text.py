"""Constraints read from the text that SQLite keeps."""

from __future__ import annotations

import pytest

from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.engines.sqlite_text import Rule, predicate, rules, spelled
from schemawalk.schema.model import Column, Schema, Table, Type
from tests.engines.migrations import outcome
from tests.schemas import key


def test_constraints_of_tables_are_read_with_their_names() -> None:
    """Named constraints, hostile names included."""
    text = """CREATE TABLE "a(b" ( -- , CHECK (no)
        "x,y" TEXT NOT NULL DEFAULT 'CHECK (1)',
        n INTEGER,
        CONSTRAINT "p,k" PRIMARY KEY ("x,y", n),
        CONSTRAINT u UNIQUE (n),
        CONSTRAINT c CHECK ((n IN (1, 2)) ),
        CONSTRAINT f FOREIGN KEY (n) REFERENCES "o""p" (q) ON DELETE SET NULL
    ) STRICT"""
    assert rules(text) == (
        Rule("primary key", "p,k", ("x,y", "n")),
        Rule("UNIQUE", "u", ("n",)),
        Rule("CHECK", "c", expression="n in ( 1 , 2 )"),
        Rule("foreign key", "f", ("n",), parent='o"p'),
    )


def test_constraints_of_columns_are_read_too() -> None:
    """Constraints without a name of their own have an empty one."""
    text = "CREATE TABLE t(i INTEGER PRIMARY KEY, j CONSTRAINT r REFERENCES o CHECK(j>0) UNIQUE)"
    assert [(r.kind, r.name, r.columns) for r in rules(text)] == [
        ("primary key", "", ("i",)),
        ("foreign key", "r", ("j",)),
        ("CHECK", "", ()),
        ("UNIQUE", "", ("j",)),
    ]


@pytest.mark.parametrize(
    ("words", "deferrable"),
    [
        ("", "no"),
        ("NOT DEFERRABLE", "no"),
        ("DEFERRABLE", "on request"),
        ("ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED", "from the start"),
    ],
)
def test_deferral_is_read_from_the_text(words: str, deferrable: str) -> None:
    """No pragma tells it."""
    (rule,) = rules(f"CREATE TABLE t(i REFERENCES o(x) {words})")
    assert rule.deferrable == deferrable


def test_layout_does_not_change_an_expression() -> None:
    """Spaces, comments, case of words and outer brackets are no difference; strings are."""
    assert spelled("( a  IN\n('X') ) -- so") == spelled("a in ('X')")
    assert spelled("a in ('x')") != spelled("a in ('X')")
    assert spelled("(a) = (b)") != spelled("a) = (b")


def test_the_predicate_follows_where() -> None:
    """Only a WHERE of the index itself counts."""
    assert predicate('CREATE INDEX "where" ON t (a) WHERE "b c" IS NULL') == '"b c" is null'
    assert predicate("CREATE INDEX i ON t (a)") == ""


def test_a_row_id_needs_no_not_null() -> None:
    """SQLite never leaves it NULL, whether the text says so or not."""
    table = Table("t", (Column("id", Type("bigint"), identity=True),), key("t"))
    up = "CREATE TABLE t (id INTEGER, CONSTRAINT pk_t PRIMARY KEY (id)) STRICT"
    with open_engine("sqlite") as engine:
        assert outcome(prove(engine, Schema((table,)), up, "DROP TABLE t")) == []
