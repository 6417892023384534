"""Scripts cut into statements."""

from __future__ import annotations

import sqlite3

from schemawalk.statements import delimited, statements


def test_a_semicolon_in_quotes_or_comments_ends_nothing() -> None:
    """Strings, names, dollar quotes and comments keep theirs."""
    script = """
    SELECT ';', "a;b" -- no; not here
      , $x$ ; $x$, E'\\';' /* ; */;
    SELECT 2
    """
    first, second = statements(script)
    assert first.startswith("SELECT ';'")
    assert first.endswith("/* ; */")
    assert second == "SELECT 2"


def test_nothing_but_comments_is_no_statement() -> None:
    """Empty statements and lone comments are not sent to a database."""
    assert statements("-- hello;\n;; /* there; */ ;\n") == ()


def test_a_comment_stays_with_the_statement_after_it() -> None:
    """What a comment says is kept, and does not hide the statement."""
    assert statements("SELECT 1; -- why\nSELECT 2;") == ("SELECT 1", "-- why\nSELECT 2")


def test_a_trigger_is_one_statement() -> None:
    """SQLite's triggers hold statements of their own."""
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END"
    assert statements(f"{trigger}; SELECT 1;", sqlite3.complete_statement) == (trigger, "SELECT 1")


def test_a_client_s_delimiter_keeps_a_body_whole() -> None:
    """The clients of MySQL and MariaDB are told what ends a statement, and so is this."""
    script = (
        "CREATE TABLE a (n int);\nDELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  DELETE FROM a;\n"
        "  CALL q();\nEND //\nDELIMITER ;\nDROP TABLE a; -- DELIMITER is a word\n"
    )
    first, body, last = delimited(script)
    assert first == "CREATE TABLE a (n int)"
    assert body.startswith("CREATE PROCEDURE p()")
    assert body.endswith("END")
    assert last.startswith("DROP TABLE a")
