"""Letters beyond ASCII mean the same in a rule here, on every server and in JavaScript."""

from __future__ import annotations

from typing import Any

import psycopg
import pymysql
import pytest

from schemawalk.engines.mariadb_server import Server as MariaDBServer
from schemawalk.engines.server import Server
from schemawalk.schema.dialects.mysql import MARIADB
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.language.evaluation import evaluate
from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import ExpressionError
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.rendering import NotRenderedError
from schemawalk.schema.rendering.typescript import regular, typescript
from tests.judges.node import judged
from tests.rules_and_rows import KNOWN

TEXTS = (
    "", "a", "é", "_", "5", "٣", " ", "\u00a0", "\u2003", "\t", "\v", "\x85", "-", "😀", "a😀",
    "\ufb01", "\ud7ff", "\uffee", "Z", "[", "]", "\\", "\n",
)  # fmt: skip
PATTERNS = (
    r"^\w$", r"^\W$", r"^\d$", r"^\D$", r"^\s$", r"^\S$", r"^[\w-]$", r"^[^\s]$", r"^[^\d\s]$",
    "^.$", "^..$", r"^\-$", r"^[\-\]]$", r"^[]]$", r"^[^]]$", r"\\", r"^\t$", "^a?.{1,2}$",
)  # fmt: skip
RULES = [
    *(parse(f"name matches '{pattern}'") for pattern in PATTERNS),
    *(explicit(parse(text), KNOWN) for text in (
        "name < '\uffee'", "name >= '😀'", "name <= 'é'", "name between 'a' and '\uffee'",
        "length(name) = 1",
    )),
]  # fmt: skip


def meant(text: str) -> list[bool | None]:
    return [bool(evaluate(rule, {"name": text})) for rule in RULES]


def test_postgresql_says_the_same(postgresql_server: Server) -> None:
    sql = ", ".join(POSTGRESQL.sql(rule) for rule in RULES)
    with psycopg.connect(postgresql_server.url(), cursor_factory=psycopg.RawCursor) as session:
        for text in TEXTS:
            found = session.execute(f"SELECT {sql} FROM (SELECT $1::text AS name) AS one", [text])
            assert list(found.fetchone() or ()) == meant(text), text


def test_mariadb_says_the_same(mariadb: MariaDBServer) -> None:
    sql = ", ".join(MARIADB.sql(rule) for rule in RULES).replace("%", "%%")
    name = f"CAST(%s AS CHAR CHARACTER SET utf8mb4) COLLATE {MARIADB.exact}"
    socket = str(mariadb.folder / "socket")
    session = pymysql.connect(unix_socket=socket, user="root", charset="utf8mb4")
    with session, session.cursor() as cursor:
        cursor.execute(f"SET NAMES utf8mb4 COLLATE {MARIADB.exact}")
        for text in TEXTS:
            cursor.execute(f"SELECT {sql} FROM (SELECT {name} AS name) AS one", (text,))
            assert [bool(said) for said in cursor.fetchone() or ()] == meant(text), text


def test_javascript_says_the_same() -> None:
    """It counts, sorts and matches by halves of characters unless it is told not to."""
    rows: list[dict[str, Any]] = [{"name": text} for text in TEXTS]
    told = [
        {"typescript": typescript(rule, KNOWN), "mongo": {}, "row": row}
        for rule in RULES
        for row in rows
    ]
    said = judged("rules.mjs", given={"cases": told, "times": []})
    wanted = [bool(evaluate(rule, row)) for rule in RULES for row in rows]
    assert [each["typescript"] for each in said] == wanted


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"[\D]", "PostgreSQL does not know"),
        (r"[a-\d]", "bad character range"), (r"[\b]", "means something else"),
        (r"a{,3}", "without a first number"),
    ],
)  # fmt: skip
def test_what_some_engine_reads_otherwise_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(ExpressionError, match=why):
        parse(f"name matches '{pattern}'")


def test_javascript_is_not_told_of_numbers_that_it_cannot_hold() -> None:
    with pytest.raises(NotRenderedError, match="9007199254740992"):
        typescript(parse("large < 9007199254740993"), KNOWN)
    assert typescript(parse("large < 9007199254740992"), KNOWN, ["large"]) == (
        "row.large < 9007199254740992"
    )


def test_a_pattern_escapes_only_what_javascript_lets_it() -> None:
    assert regular(r"^\@[\-a\@]{2}{x}]") == r"^@[\-a@]{2}\{x\}\]"
