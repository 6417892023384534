"""Deletes are replayed as real databases do them: same survivors, same refusals."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemawalk.design.model import Design
from schemawalk.schema.deletion import (
    delete,
    what_if,
    with_action,
)
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Action, Column, ForeignKey, PrimaryKey, Schema, Table, Type
from schemawalk.schema.samples import Manner, Place, Row, Sample, sample
from tests.schema.designs import entity, fact, link, shop
from tests.schema.keyed import club

ACTIONS: tuple[Action, ...] = ("CASCADE", "SET NULL", "RESTRICT", "NO ACTION")
Left = Mapping[Place, tuple[int | None, ...]]
"""What is left of every row: where its keys point, by number."""


# Small schemas with rows in them


def made(*tables: str) -> Schema:
    """Tables from lines such as "b: a CASCADE, a RESTRICT NOT NULL"; a name is a table's."""
    names = [line.partition(":")[0] for line in tables]
    return Schema(tuple(_table(line, names) for line in tables))


def _table(line: str, names: list[str]) -> Table:
    name, _, said = line.partition(":")
    columns, keys = [Column("id", Type("integer"))], []
    for number, text in enumerate(filter(None, (part.strip() for part in said.split(",")))):
        parent, _, action = text.partition(" ")
        null = not action.endswith(" NOT NULL")
        column = f"k{number}"
        columns.append(Column(column, Type("integer"), null))
        keys.append(
            ForeignKey(
                f"{name}_{column}", (column,), parent, ("id",),
                action.removesuffix(" NOT NULL"),  # type: ignore[arg-type]
                deferred=names.index(parent) > names.index(name),
            )
        )  # fmt: skip
    return Table(name, tuple(columns), PrimaryKey(f"pk_{name}", ("id",)), foreign_keys=tuple(keys))


def rows(schema: Schema, *given: str) -> Sample:
    """Rows from lines such as "b 1 2 -": table, then the number that each key points at."""
    counts: dict[str, int] = {}
    found = []
    for line in given:
        name, *numbers = line.split()
        counts[name] = counts.get(name, 0) + 1
        keys = schema.table(name).foreign_keys
        points = {
            key.name: None if number == "-" else (key.references, int(number))
            for key, number in zip(keys, numbers, strict=True)
        }
        found.append(Row((name, counts[name]), points=points))
    return Sample(tuple(found), found[0].place)


@st.composite
def small(draw: st.DrawFn) -> tuple[Schema, Sample]:
    """Up to four tables with keys among them, and up to three rows in each."""
    names = "abcd"[: draw(st.integers(1, 4))]
    key = st.tuples(st.sampled_from(names), st.sampled_from(ACTIONS), st.booleans())
    lines = []
    for name in names:
        keys = draw(st.lists(key, max_size=3))
        said = (f"{to} {action}{'' if null else ' NOT NULL'}" for to, action, null in keys)
        lines.append(f"{name}: {', '.join(said)}")
    schema = made(*lines)
    counts = {name: draw(st.integers(1, 3)) for name in names}
    return schema, rows(schema, *_rows(draw, schema, counts))


def _rows(draw: st.DrawFn, schema: Schema, counts: Mapping[str, int]) -> Iterator[str]:
    for table in schema.tables:
        for _ in range(counts[table.name]):
            numbers = []
            for key in table.foreign_keys:
                null = table.column(key.columns[0]).nullable
                possible = [str(n + 1) for n in range(counts[key.references])]
                numbers.append(draw(st.sampled_from(possible + ["-"] * null)))
            yield " ".join((table.name, *numbers))


# The same delete on a replay and on real databases


def replayed(schema: Schema, found: Sample, manner: Manner) -> Left | None:
    """What is left of the rows; None when the delete is refused."""
    outcome = delete(schema, found, manner)
    if outcome.refused:
        return None
    emptied = {(place, key.name) for place, key in outcome.emptied}
    return {
        row.place: tuple(
            None if target is None or (row.place, name) in emptied else target[1]
            for name, target in row.points.items()
        )
        for row in found.rows
        if row.place not in outcome.gone
    }


def _create(table: Table, *, keys: bool) -> str:
    parts = [
        f"{c.name} integer {'' if c.nullable else 'not null'}"
        f"{' primary key' if c.name == 'id' else ''}"
        for c in table.columns
    ]
    parts += [_reference(key) for key in table.foreign_keys if keys]
    return f"create table {table.name} ({', '.join(parts)});"


def _reference(key: ForeignKey) -> str:
    return (
        f"constraint {key.name} foreign key ({key.columns[0]}) references {key.references} (id) "
        f"on delete {key.on_delete}"
    )


def _inserts(found: Sample) -> Iterator[str]:
    for row in found.rows:
        numbers = (str(target[1]) if target else "null" for target in row.points.values())
        yield f"insert into {row.table} values ({', '.join((str(row.place[1]), *numbers))});"


def _left(schema: Schema, read: object) -> Left:
    left: dict[Place, tuple[int | None, ...]] = {}
    for table in schema.tables:
        for number, *keys in read(f"select * from {table.name}").fetchall():  # type: ignore[operator]
            left[table.name, number] = tuple(keys)
    return left


def on_sqlite(schema: Schema, found: Sample) -> Left | None:
    """What SQLite leaves; None when it refuses."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.executescript("".join(_create(t, keys=True) for t in schema.tables))
        connection.executescript("".join(_inserts(found)))
        connection.execute("pragma foreign_keys = on")
        table, number = found.start
        connection.execute(f"delete from {table} where id = {number}")
        return _left(schema, connection.execute)
    except sqlite3.IntegrityError:
        return None
    finally:
        connection.close()


def on_postgresql(connection: psycopg.Connection, schema: Schema, found: Sample) -> Left | None:
    """What PostgreSQL leaves; None when it refuses.  Keys are created as migrations do it."""
    run = connection.execute
    run("drop schema public cascade; create schema public")
    run("".join((*(_create(t, keys=False) for t in schema.tables), *_inserts(found))).encode())
    for late in (False, True):
        for table, key in schema.references():
            if key.deferred == late:
                run(f"alter table {table.name} add {_reference(key)}".encode())
    table_name, number = found.start
    try:
        run(f"delete from {table_name} where id = {number}".encode())
    except psycopg.errors.IntegrityError:
        return None
    return _left(schema, run)


@pytest.fixture
def connection(postgresql_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        yield connection


DIAMOND = made("a:", "b: a CASCADE", "c: a RESTRICT, b CASCADE")
CIRCLE = made(
    "a: a CASCADE, a CASCADE, b CASCADE", "b: a CASCADE", "c: a CASCADE, b SET NULL NOT NULL"
)
CIRCLED = rows(CIRCLE, "a 1 1 1", "a 1 1 1", "b 1", "c 2 1")
TWICE = made("a:", "c: a SET NULL, a SET NULL, b CASCADE", "b: a CASCADE")
TWICED = rows(TWICE, "a", "c 1 1 1", "b 1")


def thrice() -> Schema:
    """A third key empties a row again after what it also points at is gone."""
    schema = made("a:", "c: a SET NULL, a SET NULL, b CASCADE, a SET NULL", "b: a CASCADE")
    a, c, b = schema.tables
    *keys, last = c.foreign_keys
    late = replace(c, foreign_keys=(*keys, replace(last, deferred=True)))
    return Schema((a, late, b))


THRICED = rows(thrice(), "a", "c 1 1 1 1", "b 1")


@settings(max_examples=400)
@given(small())
@example((DIAMOND, rows(DIAMOND, "a", "b 1", "c 1 1")))
@example((CIRCLE, CIRCLED))
@example((TWICE, TWICED))
def test_sqlite_leaves_and_refuses_the_same(case: tuple[Schema, Sample]) -> None:
    schema, found = case
    assert replayed(schema, found, "sqlite") == on_sqlite(schema, found)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=small())
@example(case=(DIAMOND, rows(DIAMOND, "a", "b 1", "c 1 1")))
@example(case=(CIRCLE, CIRCLED))
@example(case=(TWICE, TWICED))
@example(case=(thrice(), THRICED))
def test_postgresql_leaves_and_refuses_the_same(
    connection: psycopg.Connection, case: tuple[Schema, Sample]
) -> None:
    schema, found = case
    assert replayed(schema, found, "postgresql") == on_postgresql(connection, schema, found)


# What a delete does, on the sample rows


def office(**update: object) -> Schema:
    """Users own folders, folders hold papers; what is read and paid hangs on papers."""
    design = Design(
        entities=(
            entity(
                "User",
                fact("user", "email", required="start", sensitivity="personal"),
                archetype="person",
            ),
            entity("Folder", fact("folder", "name", required="start")),
            entity("Paper", fact("paper", "pages")),
            entity("Invoice"),
        ),
        relationships=(
            link("user", "folder", on_delete="cascade"),
            link("folder", "paper", on_delete="cascade"),
            link("paper", "invoice", optional="yes", on_delete="set-null"),
        ),
    )
    return derive(design.model_copy(update=update)).schema


FOLDERS, PAPERS = "fk_folders_user_id_users", "fk_papers_folder_id_folders"
INVOICES = "fk_invoices_paper_id_papers"


def test_cascade_is_followed_to_the_end_and_doubles_on_its_way() -> None:
    schema = office()
    outcome = delete(schema, sample(schema, "users"))
    assert not outcome.refused
    assert outcome.counts() == {"users": 1, "folders": 2, "papers": 4}
    assert [key.name for _, key in outcome.emptied] == [INVOICES] * 8


def test_a_neighbour_survives() -> None:
    schema = office()
    rows = sample(schema, "users")
    outcome = delete(schema, rows)
    left = [row.name for row in rows.rows if row.place not in outcome.gone]
    assert "user Bo" in left
    assert rows.at[rows.start].name == "user Ada"


def test_restrict_at_the_end_of_the_path_refuses_the_whole_and_names_the_way() -> None:
    schema = with_action(office(), INVOICES, "RESTRICT")
    outcome = delete(schema, sample(schema, "users"))
    assert outcome.refused
    assert outcome.blocks[0].key.name == INVOICES
    assert outcome.blocks[0].way == ("users", "folders", "papers", "invoices")


def test_set_null_makes_the_key_optional_and_keeps_what_hangs_below() -> None:
    outcome = what_if(office(), FOLDERS, "SET NULL")
    assert outcome.counts() == {"users": 1}
    assert [place[0] for place, _ in outcome.emptied] == ["folders", "folders"]
    column = with_action(office(), FOLDERS, "SET NULL").table("folders").column("user_id")
    assert column.nullable


def test_set_null_on_a_column_that_must_be_there_is_refused() -> None:
    """The database takes the table, and fails on the first delete."""
    schema = office(
        relationships=(link("user", "folder", optional="no", on_delete="set-null"),),
    )
    block = delete(schema, sample(schema, "users")).blocks[0]
    assert (block.table, block.null) == ("folders", True)


def test_another_action_is_tried_on_the_same_rows() -> None:
    tried = [what_if(office(), PAPERS, action) for action in ("CASCADE", "SET NULL", "RESTRICT")]
    assert tried[0].sample == tried[1].sample == tried[2].sample
    assert [outcome.refused for outcome in tried] == [False, False, True]


def test_only_the_key_in_question_leads_away_from_the_deleted_row() -> None:
    """What other keys of the same row do is not mixed with what this one does."""
    schema = office(
        relationships=(
            link("user", "folder", on_delete="cascade"),
            link("user", "invoice", on_delete="restrict"),
        )
    )
    outcome = what_if(schema, FOLDERS, "CASCADE")
    assert not outcome.refused
    assert outcome.counts() == {"users": 1, "folders": 2}


def test_a_row_that_two_keys_reach_goes_with_the_cascade() -> None:
    """In PostgreSQL the refusal comes first: RESTRICT looks before the other path has deleted."""
    outcome = delete(DIAMOND, rows(DIAMOND, "a", "b 1", "c 1 1"))
    assert outcome.blocks[0].key.name == "c_k0"
    loose = with_action(DIAMOND, "c_k0", "SET NULL")
    assert delete(loose, rows(DIAMOND, "a", "b 1", "c 1 1")).counts() == {"a": 1, "b": 1, "c": 1}


def test_a_row_that_is_emptied_twice_is_checked_before_a_cascade_reaches_it() -> None:
    """PostgreSQL checks anew what one statement changes twice, and then its other key is broken."""
    outcome = delete(TWICE, TWICED)
    assert outcome.blocks[0].key.name == "c_k2"
    assert not delete(thrice(), THRICED).refused


def test_no_action_waits_for_the_end_in_sqlite_only() -> None:
    schema = made("a:", "b: a CASCADE", "c: a NO ACTION, b CASCADE")
    case = rows(schema, "a", "b 1", "c 1 1")
    assert delete(schema, case, "postgresql").refused
    assert not delete(schema, case, "sqlite").refused


@pytest.mark.parametrize("manner", ["postgresql", "sqlite"])
def test_circles_end(manner: Manner) -> None:
    ring = made("a: b CASCADE", "b: a CASCADE")
    outcome = delete(ring, sample(ring, "a"), manner)
    assert outcome.counts()["b"] == 2
    assert not outcome.refused


def test_a_one_to_one_has_one_row_on_the_other_side() -> None:
    schema = office(relationships=(link("user", "folder", many_b="no", on_delete="cascade"),))
    outcome = delete(schema, sample(schema, "users"))
    assert outcome.counts() == {"users": 1, "folders": 1}


def test_the_sample_of_a_wide_schema_stays_small() -> None:
    """Forty tables that all hang on each other give rows that fit a glance."""
    lines = ["t0:", *(f"t{n}: t{n - 1} CASCADE, t{n // 2} CASCADE" for n in range(1, 40))]
    schema = made(*lines)
    assert len(sample(schema, "t0").rows) < 40 * 20


def test_a_key_that_nobody_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        what_if(office(), "fk_nothing", "CASCADE")


def test_the_same_schema_gives_the_same_rows() -> None:
    assert sample(office(), "users") == sample(office(), "users")


def test_the_shop_has_links_that_go_with_either_end() -> None:
    schema = derive(shop()).schema
    outcome = delete(schema, sample(schema, "orders"))
    assert outcome.counts() == {"orders": 1, "order_products": 2}
    assert delete(schema, sample(schema, "products")).refused


def test_what_belongs_to_a_row_never_stands_in_its_own_way() -> None:
    """A club's owner is one of its own players: the club goes with them, and holds only them."""
    owner = link("player", "club", on_delete="restrict", checked="at-commit")
    schema = derive(club(relationships=(*club().relationships, owner))).schema
    assert "clubs" not in {block.table for block in delete(schema, sample(schema, "clubs")).blocks}
    held = delete(schema, sample(schema, "players"))
    assert ("clubs", 1) in {row for block in held.blocks for row in block.rows}
