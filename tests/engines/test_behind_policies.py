"""PostgreSQL itself tells which conditions it asks an index about for a role that policies bind."""

from __future__ import annotations

import psycopg
import pytest

from schemawalk.schema.capability.leakproof import LEAKPROOF, is_blind
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Column, Index, IndexPart, PrimaryKey, Table, Type, TypeName

SETUP = """
CREATE TABLE notes (id int PRIMARY KEY, house int NOT NULL, body text NOT NULL,
  tags jsonb NOT NULL, weight numeric NOT NULL, size int NOT NULL, email text NOT NULL);
INSERT INTO notes SELECT i, i % 10, 'word' || i, jsonb_build_object('k', i), i, i, 'u' || i
  FROM generate_series(1, 20000) i;
CREATE INDEX ON notes (house);
CREATE INDEX by_words ON notes USING gin (to_tsvector('simple', body));
CREATE INDEX by_tags ON notes USING gin (tags);
CREATE INDEX by_weight ON notes (weight);
CREATE INDEX by_size ON notes (size);
CREATE INDEX by_email ON notes (lower(email));
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON notes USING (house = current_setting('app.house')::int);
ANALYZE notes;
"""
ASKED = {
    "by_words": "to_tsvector('simple', body) @@ to_tsquery('simple', 'word77')",
    "by_tags": "tags @> '{\"k\": 77}'",
    "by_weight": "weight = 77",
    "by_size": "size = 77",
    "by_email": "lower(email) = 'u77'",
}
INDEXES = {
    "by_words": Index("by_words", (IndexPart("body"),), method="fulltext"),
    "by_tags": Index("by_tags", (IndexPart("tags"),), method="gin"),
    "by_weight": Index("by_weight", (IndexPart("weight"),)),
    "by_size": Index("by_size", (IndexPart("size"),)),
    "by_email": Index("by_email", (IndexPart("email"),)),
}
NOTES = Table(
    "notes",
    (Column("body", Type("text")), Column("tags", Type("json")), Column("weight", Type("numeric")),
     Column("size", Type("integer")), Column("email", Type("text"), collation="any-case")),
    PrimaryKey("pk", ("id",)),
)  # fmt: skip


def uses(connection: psycopg.Connection[tuple[object, ...]], index: str) -> bool:
    asked = f"EXPLAIN (COSTS OFF) SELECT * FROM notes WHERE {ASKED[index]}"
    return index in " ".join(str(row[0]) for row in connection.execute(asked.encode()))


def test_an_index_is_blind_where_postgresql_says_so(postgresql_url: str) -> None:
    role = f"app_{postgresql_url.partition('test_')[2].partition('?')[0]}"
    with psycopg.connect(postgresql_url) as connection:
        connection.execute(SETUP.encode())
        connection.execute(f"CREATE ROLE {role}; GRANT SELECT ON notes TO {role}".encode())
        unbound = {name: uses(connection, name) for name in ASKED}
        connection.execute(f"SET LOCAL ROLE {role}; SET LOCAL app.house = '7'".encode())
        bound = {name: uses(connection, name) for name in ASKED}
        connection.rollback()
    assert all(unbound.values())
    assert bound == {name: not is_blind(NOTES, index) for name, index in INDEXES.items()}


def test_the_comparisons_of_just_these_types_are_leakproof(postgresql_url: str) -> None:
    kinds: tuple[TypeName, ...] = (*sorted(LEAKPROOF), "numeric", "json", "list")
    sql = """SELECT bool_and(p.proleakproof) FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
      WHERE o.oprname IN ('=', '<', '>') AND o.oprleft = o.oprright AND o.oprleft =
      (SELECT CASE WHEN t.typcategory = 'A' THEN 'anyarray'::regtype ELSE t.oid END
       FROM pg_type t WHERE t.oid = %s::regtype)"""
    with psycopg.connect(postgresql_url) as connection:
        for kind in kinds:
            given = {"varchar": "text"}.get(kind) or POSTGRESQL.type(Type(kind)).lower()
            ((leakproof,),) = connection.execute(sql, (given,)).fetchall()
            assert leakproof == (kind in LEAKPROOF), kind


@pytest.mark.parametrize("first", ["house", "size"])
def test_behind_a_first_column_that_tells_nothing_an_index_narrows(first: str) -> None:
    columns = (Column("house", Type("uuid")), *NOTES.columns)
    table = Table("notes", columns, NOTES.primary_key)
    assert not is_blind(table, Index("ix", (IndexPart(first), IndexPart("weight"))))
