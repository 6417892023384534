"""SQL: whatever people call things, it stays a name, a value or a comment, and never runs."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from typing import Any, get_args

import pglast
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pglast import ast, keywords

from schemawalk.schema.capability.fit import fit
from schemawalk.schema.dialects.registry import POSTGRESQL, SQLITE
from schemawalk.schema.dialects.reserved import RESERVED
from schemawalk.schema.language.expression import Compare, In, Literal, Name
from schemawalk.schema.model import (
    Action,
    Check,
    Column,
    EnumType,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Schema,
    Table,
    Type,
    Unique,
)
from schemawalk.schema.names import fitted
from schemawalk.writers.sql import down, up
from schemawalk.writers.sql_layout import plain, sentence

NASTY = (
    'a"b', "'", '"', "';", "--", "-- x", "/*", "*/", ";", "\\", "\\'", "$$", "$1", ":x", "?", "%s",
    "{0}", "x\ny", "x\r\ny", "\n.quit\n", "\\! ls", "x\u2028y", "\u202ex", "\x1b[2J", "É", "名前",
    "\t", "NULL", "drop table readers", "'); DROP TABLE readers; --", "\nDROP TABLE readers;\n",
    "a, b", "x AND y", " ", "e'\\'",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40),
    st.lists(st.sampled_from(NASTY), max_size=60).map(" ".join),
)
WORDS = sorted(
    RESERVED["sqlite"].union(
        keywords.RESERVED_KEYWORDS,
        keywords.TYPE_FUNC_NAME_KEYWORDS,
        keywords.COL_NAME_KEYWORDS,
        keywords.UNRESERVED_KEYWORDS,
    )
)
NAMES = st.one_of(TEXTS, st.sampled_from(WORDS), st.from_regex(r"[a-z_]{1,8}", fullmatch=True))


def taken(name: str) -> str:
    """What two names share when a database takes them for the same."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in name)


FITTING = NAMES.filter(lambda n: n and len(n.encode()) <= 63 and not taken(n).startswith("sqlite_"))


@st.composite
def hostile(draw: st.DrawFn) -> Schema:
    """A small schema in which every word that people choose may be anything."""
    several = draw(st.lists(FITTING, min_size=24, max_size=24, unique_by=taken))
    spare = iter(several)
    names = [next(spare) for _ in range(draw(st.integers(1, 3)))]
    # Derivation names a type after its entity and its column: never like one of the database's.
    kinds = EnumType(fitted(f"{next(spare)}_kind"), tuple(draw(values())), draw(TEXTS))
    tables = [_table(draw, name, names, spare, kinds) for name in names]
    return Schema(tuple(tables), (kinds,))


def values() -> st.SearchStrategy[list[str]]:
    """The values of a list, as a database can keep them."""
    short = TEXTS.filter(lambda t: 0 < len(t.encode()) <= 63)
    return st.lists(short, min_size=1, max_size=4, unique=True)


def _table(draw: st.DrawFn, name: str, names: list[str], spare: Any, kinds: EnumType) -> Table:
    to = draw(st.sampled_from(names))
    body, state, up_id = next(spare), next(spare), next(spare)
    default = draw(TEXTS)
    columns = (
        Column("id", Type("uuid"), purpose=draw(TEXTS)),
        Column(body, Type("text"), default=Literal(default), because=draw(TEXTS)),
        Column(state, Type("enum", enum=kinds.name), default=Literal(kinds.values[0])),
        Column(up_id, Type("uuid"), nullable=True, purpose=draw(TEXTS), because=draw(TEXTS)),
    )
    allowed = (Literal(default), *(Literal(text) for text in draw(values())))
    key = ForeignKey(
        next(spare), (up_id,), to, ("id",), draw(st.sampled_from(get_args(Action))), draw(TEXTS),
        deferred=names.index(to) > names.index(name),
    )  # fmt: skip
    index = Index(
        f"ix {names.index(name)} \"';--", (IndexPart(body), IndexPart(up_id, descending=True)),
        predicate=In(Name(body), allowed), because=draw(TEXTS),
    )  # fmt: skip
    return Table(
        name, columns, PrimaryKey(next(spare), ("id",)),
        (Unique(f"uq {name}"[:50].encode()[:50].decode(errors="ignore"), ("id", body)),),
        (Check(f"ck {names.index(name)}\n;", In(Name(body), allowed)),), (key,), (index,),
        because=draw(TEXTS), purpose=draw(TEXTS),
    )  # fmt: skip


def made(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Kind and name of all that somebody made in a SQLite."""
    return set(connection.execute("SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL"))


def wanted(schema: Schema) -> set[tuple[str, str]]:
    """Kind and name of all that a schema asks for."""
    indexes = {("index", index.name) for table in schema.tables for index in table.indexes}
    return {("table", table.name) for table in schema.tables} | indexes


PATIENT = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@PATIENT
@given(hostile())
def test_sqlite_holds_exactly_what_was_asked_for_whatever_it_is_called(schema: Schema) -> None:
    """Up, down and up again, with columns, defaults and checks as they were said."""
    schema = fit(schema, "sqlite").schema
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(up(schema, SQLITE))
    assert made(connection) == wanted(schema)
    for table in schema.tables:
        _fill(connection, table)
    connection.executescript(down(schema, SQLITE))
    assert made(connection) == set()
    connection.executescript(up(schema, SQLITE))
    assert made(connection) == wanted(schema)


def _fill(connection: sqlite3.Connection, table: Table) -> None:
    """Put a row in by its defaults and see that it has the values and names that were asked for."""
    connection.execute(f"INSERT INTO {SQLITE.quoted(table.name)} (id) VALUES ('1')")
    found = connection.execute(f"SELECT * FROM {SQLITE.quoted(table.name)}")
    assert [column[0] for column in found.description] == [c.name for c in table.columns]
    body, state = (column.default for column in table.columns[1:3])
    assert isinstance(body, Literal)
    assert isinstance(state, Literal)
    assert found.fetchall() == [("1", body.value, state.value, None)]


@PATIENT
@given(hostile())
def test_postgresql_reads_exactly_what_was_asked_for_whatever_it_is_called(schema: Schema) -> None:
    """PostgreSQL's own parser finds the statements, names, values and comments that were meant."""
    found = [raw.stmt for raw in pglast.parse_sql(up(schema, POSTGRESQL))]
    tables = [s for s in found if isinstance(s, ast.CreateStmt)]
    assert [t.relation.relname for t in tables] == [t.name for t in schema.tables]
    assert [list(_columns(t)) for t in tables] == [
        [(c.name, c.default.value if isinstance(c.default, Literal) else None) for c in t.columns]
        for t in schema.tables
    ]
    enums = [s for s in found if isinstance(s, ast.CreateEnumStmt)]
    assert [tuple(v.sval for v in e.vals) for e in enums] == [e.values for e in schema.enums]
    indexes = [s.idxname for s in found if isinstance(s, ast.IndexStmt)]
    assert indexes == [i.name for t in schema.tables for i in t.indexes]
    comments = [s.comment for s in found if isinstance(s, ast.CommentStmt)]
    assert Counter(comments) == Counter(_said(schema))
    assert _names(tables, found) == _constraint_names(schema)
    assert _counted(found) == _counts(schema)


def _columns(table: Any) -> Any:
    for element in table.tableElts:
        if isinstance(element, ast.ColumnDef):
            defaults = [c.raw_expr for c in element.constraints or () if c.raw_expr is not None]
            yield element.colname, defaults[0].val.sval if defaults else None


def _names(tables: list[Any], found: list[Any]) -> Counter[str]:
    """Names of all constraints, in the tables or added to them."""
    inner = [e.conname for t in tables for e in t.tableElts if isinstance(e, ast.Constraint)]
    altered = [s for s in found if isinstance(s, ast.AlterTableStmt)]
    return Counter([*inner, *(s.cmds[0].def_.conname for s in altered)])


def _constraint_names(schema: Schema) -> Counter[str]:
    return Counter(
        each.name
        for t in schema.tables
        for each in (t.primary_key, *t.uniques, *t.checks, *t.foreign_keys)
    )


def _said(schema: Schema) -> list[str]:
    said = []
    for table in schema.tables:
        said.append(sentence(table.purpose, table.because))
        said += [sentence(c.purpose, c.because) for c in table.columns]
        said.append(f"tells each {plain(table.entity).lower() or 'row'} from all others")
        rules = (*table.uniques, *table.checks, *table.exclusions, *table.foreign_keys)
        said += [sentence("", each.because) for each in (*rules, *table.indexes)]
    said += [sentence("", enum.because) for enum in schema.enums]
    return [text for text in said if text]


def _counted(found: list[Any]) -> Counter[str]:
    return Counter(type(statement).__name__ for statement in found)


def _counts(schema: Schema) -> Counter[str]:
    waiting = sum(key.deferred for _, key in schema.references())
    wanted = {
        "TransactionStmt": 2,
        "CreateEnumStmt": len(schema.enums),
        "CreateStmt": len(schema.tables),
        "IndexStmt": sum(len(table.indexes) for table in schema.tables),
        "CommentStmt": len(_said(schema)),
        "AlterTableStmt": waiting,
    }
    return Counter({kind: count for kind, count in wanted.items() if count})


@PATIENT
@given(hostile())
def test_postgresql_reads_a_way_back_that_drops_all_and_nothing_else(schema: Schema) -> None:
    """Keys of cycles, then tables, then types, last made first gone."""
    found = [raw.stmt for raw in pglast.parse_sql(down(schema, POSTGRESQL))][1:-1]
    keys = [s.cmds[0].name for s in found if isinstance(s, ast.AlterTableStmt)]
    assert keys == [k.name for _, k in reversed(list(schema.references())) if k.deferred]
    dropped = [s for s in found if isinstance(s, ast.DropStmt)]
    assert len(found) == len(keys) + len(dropped)
    names = [
        s.objects[0].names[0].sval
        if isinstance(s.objects[0], ast.TypeName)
        else s.objects[0][0].sval
        for s in dropped
    ]
    assert names == [t.name for t in reversed(schema.tables)] + [e.name for e in schema.enums]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_sql_can_name_anything(word: str) -> None:
    """A table, column, constraint, index or type, each asked for by the same word."""
    columns = (
        Column("id", Type("integer")),
        Column(word, Type("enum", enum=word), default=Literal("x")),
    )
    rule = Compare("=", Name(word), Literal("x"))
    table = Table(
        word, columns, PrimaryKey("pk", ("id",)), (Unique("uq", (word,)),), (Check(word, rule),),
        (ForeignKey("fk", ("id",), word, ("id",), "CASCADE"),),
        (Index(f"{word}_", (IndexPart(word, descending=True),), predicate=rule),), purpose="x",
    )  # fmt: skip
    schema = Schema((table,), (EnumType(word, ("x",)),))
    found = [raw.stmt for raw in pglast.parse_sql(up(schema, POSTGRESQL))]
    made_type, made_table = found[1:3]
    assert made_type.typeName[-1].sval == word
    assert list(_columns(made_table)) == [("id", None), (word, "x")]
    assert [name.sval for name in made_table.tableElts[1].typeName.names] == [word]
    pglast.parse_sql(down(schema, POSTGRESQL))
    light = fit(schema, "sqlite").schema
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(up(light, SQLITE))
    assert made(connection) == wanted(light)
    connection.executescript(down(light, SQLITE))
    assert made(connection) == set()


@given(TEXTS)
@example("x\x85y\x0by\x1cz")
def test_text_for_a_comment_is_one_line_without_control(text: str) -> None:
    """Nothing that ends a line, moves a cursor, or turns the direction of reading."""
    made = plain(text)
    assert made == " ".join(made.splitlines())
    assert not any(ord(c) < 32 or c in "\x1b\x7f\x85\u202e\u2066" for c in made)


@PATIENT
@given(st.data(), st.integers(2, 5))
def test_sqlite_goes_back_with_rows_in_any_web_of_tables(data: st.DataObject, count: int) -> None:
    """Every table may refer to every other, whatever a delete does, with foreign keys heeded."""
    schema = _web(data, count)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.executescript(up(schema, SQLITE))
    for table in schema.tables:
        marks = ", ".join("'1'" for _ in table.columns)
        connection.execute(f"INSERT INTO {table.name} VALUES ({marks})")
    connection.execute("PRAGMA foreign_keys = ON")
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.executescript(down(schema, SQLITE))
    assert made(connection) == set()


def _web(data: st.DataObject, count: int) -> Schema:
    """Tables `t0`… with foreign keys to any of them, NOT NULL or not."""
    tables = []
    for at in range(count):
        targets = data.draw(st.sets(st.integers(0, count - 1), max_size=3))
        empty = Table(f"t{at}", (Column("id", Type("text")),), PrimaryKey(f"pk_{at}", ("id",)))
        tables.append(_linked(data, empty, at, sorted(targets)))
    return Schema(tuple(tables))


def _linked(data: st.DataObject, table: Table, at: int, targets: list[int]) -> Table:
    actions = data.draw(st.lists(st.sampled_from(get_args(Action)), min_size=3, max_size=3))
    columns = [Column(f"r{to}", Type("text"), nullable=data.draw(st.booleans())) for to in targets]
    keys = [
        ForeignKey(f"fk_{at}_{to}", (f"r{to}",), f"t{to}", ("id",), action, deferred=to > at)
        for to, action in zip(targets, actions, strict=False)
    ]
    return replace(table, columns=(*table.columns, *columns), foreign_keys=tuple(keys))
