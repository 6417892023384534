"""SQL of the user's own: exactly one expression of one database, or refused."""

from __future__ import annotations

import sqlite3
from typing import Any

import pglast
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pglast import ast
from pglast.visitors import Visitor

from schemawalk.schema.dialects.registry import POSTGRESQL, SQLITE
from schemawalk.schema.language.expression import Fragment, Name, names, renamed
from schemawalk.schema.language.fragment import own_words
from schemawalk.schema.language.fragment_words import LANGUAGES
from schemawalk.schema.language.grammar import ExpressionError, parse

TAKEN = (
    "a > 0",
    "a % 5 = 0 and not (b is null or c = 'it''s')",
    "case when a > 1 then b else c end = 'x'",
    "cast(a as integer) between 1 and 3",
    "coalesce(a, 0) in (1, 2, 3)",
    "upper(\"Order\") like 'A%'",
    "-a + +b - -c >= 1.5",
)
OF_POSTGRESQL = (
    "tstzrange(a, b) && tstzrange(c, d)",
    "tags @> array['x', 'y'] and tags[1] <> ''",
    "a::date < date '2026-03-14' and b at time zone 'UTC' > c at time zone 'UTC'",
    "extract(year from born_on) >= 1900",
    "settings ->> 'kind' = any (array['a', 'b'])",
    "host << '10.0.0.0/8'::inet",
    "numeric_value::numeric(12, 2) ^ 2 < 4",
    "lower(email) !~* '^x'",
    "a is distinct from b",
)
REFUSED = {
    "a > 0; DROP TABLE users": "';'",
    "a > 0 -- and more": "a comment begins",
    "a > 0 /* and more */": "a comment begins",
    "true) OR (true": "expected the rule to end",
    "true, false": "expected the rule to end",
    "(SELECT 1) = 1": "a rule holds no query",
    "a in (SELECT b FROM c)": "a rule holds no query",
    "exists (SELECT 1)": "a rule holds no query",
    "pg_sleep(10) is null": "none of the functions",
    "pg_read_file('/etc/passwd') = ''": "none of the functions",
    "uper(a) = 'X'": "is upper meant?",
    "now() > a": "none of the functions",
    "current_user = 'x'": "a rule holds no query",
    "a = $1": "'\\$'",
    "a = $$x$$": "'\\$'",
    "a = E'\\x'": "backslash",
    "a = e'x'": "expected the rule to end",
    "a = U&'x'": "'&'",
    "a = 'x' 'y'": "expected the rule to end",
    "a = 'never closed": '"\'"',
    "a b": "expected the rule to end",
    "a < b < c": "expected the rule to end",
    "a >": "expected a column",
    "": "expected a column",
    "(" * 40 + "a" + ")" * 40: "nested more than",
    "a = '" + "x" * 2000 + "'": "longer than",
    '"a"(1)': "a name in quotes is no function",
    "sum(a) over ()": "none of the functions",
    "a::regclass = b": "one of the types",
    "a\x00 = 1": "is not part of a rule",
    "a = 'x\x1b[2J'": "control code",
    "a ≥ 1": "is not part of a rule",
    "not": "expected a column",
}


@pytest.mark.parametrize("text", TAKEN)
def test_one_expression_is_taken_in_every_database(text: str) -> None:
    for database, language in LANGUAGES.items():
        said = text.replace("as integer", f"as {language.types[-1]}").replace('"', language.quote)
        assert isinstance(parse(f"{database}: {said}"), Fragment)


@pytest.mark.parametrize("text", OF_POSTGRESQL)
def test_what_only_postgresql_has_is_taken_there(text: str) -> None:
    rule = parse(f"postgresql: {text}")
    assert _accepted(POSTGRESQL.sql(rule))
    if "::" in text or "array" in text:
        with pytest.raises(ExpressionError):
            parse(f"sqlite: {text}")


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_with_the_place_and_the_reason(text: str) -> None:
    with pytest.raises(ExpressionError, match=REFUSED[text]):
        parse(f"postgresql: {text}")


def test_columns_are_known_and_can_be_renamed() -> None:
    rule = parse("postgresql: upper(a) <> b and \"c d\" is not null and 'a' <> b")
    assert names(rule) == ("a", "b", "c d")
    new = renamed(rule, {"a": "order", "c d": "e"})
    assert POSTGRESQL.sql(new) == "upper(\"order\") <> b and e is not null and 'a' <> b"


def test_a_fragment_among_other_conditions_stays_whole() -> None:
    """`or` inside it must not come apart where something is joined to it."""
    from schemawalk.schema.language.expression import Compare, Literal, Logic

    rule = Logic("and", (Compare("=", Name("x"), Literal(1)), parse("sqlite: a > 1 or b > 1")))
    assert SQLITE.sql(rule) == "x = 1 AND (a > 1 or b > 1)"


def test_a_name_of_a_database_alone_is_no_fragment() -> None:
    assert own_words("sqlite > 3") is None
    assert own_words("sqlite::text = 'a'") is None
    with pytest.raises(ExpressionError):
        parse("oracle: a > 0")


# Whatever is typed


def _accepted(sql: str) -> bool:
    """Whether PostgreSQL's own parser reads the text as one CHECK, and as nothing besides."""
    try:
        parsed = pglast.parse_sql(f"CREATE TABLE t (x int, CONSTRAINT c CHECK ({sql}))")
    except pglast.Error:
        return False
    if len(parsed) != 1 or not isinstance(parsed[0].stmt, ast.CreateStmt):
        return False
    elements = parsed[0].stmt.tableElts
    return len(elements) == 2 and elements[1].contype.name == "CONSTR_CHECK"


class _Looking(Visitor):  # type: ignore[misc]
    """Notes the queries and functions in a statement."""

    def __init__(self) -> None:
        self.queries, self.functions = 0, set[str]()

    def visit_SubLink(self, _: Any, __: Any) -> None:  # noqa: N802
        self.queries += 1

    def visit_ParamRef(self, _: Any, __: Any) -> None:  # noqa: N802
        self.queries += 1

    def visit_FuncCall(self, _: Any, node: Any) -> None:  # noqa: N802
        self.functions.add(node.funcname[-1].sval)


_PIECES = st.sampled_from(
    """a b "c" 1 2.5 'x' ' '' '; -- /* */ ; ( ) , [ ] = < > <> != + - * / % || :: -> ->> && & | ~ ^
    and or not is null in between like select from where union with drop table users case when then
    else end cast as integer text array any exists now() lower( upper( pg_sleep( coalesce( count(
    over true false \\ $1 $$ $a$ E' U&' ` # : ? @ {} \n extract(year interval date at time zone
    collate current_user""".split()
)
_SOUP = st.lists(_PIECES, min_size=1, max_size=14).map(" ".join)
_INSIDE = st.tuples(st.sampled_from(TAKEN + OF_POSTGRESQL), _SOUP, st.integers(0, 60)).map(
    lambda parts: parts[0][: parts[2]] + parts[1] + parts[0][parts[2] :]
)


@given(_SOUP | _INSIDE | st.text(max_size=60))
@example("a = 'x'' ; drop table t; --'")
@settings(max_examples=1500, deadline=None, derandomize=True)
def test_what_is_taken_is_one_expression_to_postgresql_itself(text: str) -> None:
    """Nothing that is let through reads as more than a CHECK, asks a query or calls a stranger."""
    try:
        rule = own_words(f"postgresql: {text}")
    except ExpressionError:
        return
    assert rule is not None
    sql = POSTGRESQL.sql(rule)
    assert _accepted(sql), sql
    looking = _Looking()
    looking(pglast.parse_sql(f"SELECT {sql}"))
    own = {"like_escape", "timezone", "extract", "similar_to_escape"}
    assert looking.queries == 0, sql
    assert looking.functions <= LANGUAGES["postgresql"].functions | own | {"btrim"}, sql


@given(_SOUP | _INSIDE)
@settings(max_examples=600, deadline=None, derandomize=True)
def test_what_is_taken_leaves_nothing_behind_in_sqlite(text: str) -> None:
    """A table with the rule is one table: no statement follows, and nothing else is there."""
    try:
        rule = own_words(f"sqlite: {text}")
    except ExpressionError:
        return
    assert rule is not None
    with sqlite3.connect(":memory:") as connection:
        try:
            connection.executescript(
                f"CREATE TABLE t (a TEXT, b TEXT, c TEXT, CHECK ({SQLITE.sql(rule)})) STRICT;"
            )
        except sqlite3.Error:
            return
        found = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
    assert found == [("table", "t")]
