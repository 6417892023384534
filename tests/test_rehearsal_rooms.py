"""The second example: every feature of a schema in one design, and what each database loses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.file import load
from schemawalk.design.model import Design
from schemawalk.examples_folder import copy_example, known_examples
from schemawalk.proving import prove
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import Fragment
from schemawalk.schema.model import Column, ForeignKey, Index, Schema
from schemawalk.schema.review import review
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import (
    Audit,
    Extension,
    Grant,
    Guard,
    History,
    Limit,
    Policy,
    Protected,
    Role,
    Sealed,
    Stamp,
    View,
)
from wizard_steps.walk import first_open, questions

EXAMPLE: Final = Path(__file__).parent.parent / "examples" / "rehearsal-rooms"


@pytest.fixture(scope="module")
def design() -> Design:
    """The finished answers."""
    return load(EXAMPLE / "schemawalk.toml")


@pytest.fixture(scope="module")
def schema(design: Design) -> Schema:
    """The tables, and what stands around them."""
    return derive(design).schema


# How each feature is seen


def columns(schema: Schema) -> Iterable[Column]:
    return (column for table in schema.tables for column in table.columns)


def keys(schema: Schema) -> Iterable[ForeignKey]:
    return (key for _, key in schema.references())


def indexes(schema: Schema) -> Iterable[Index]:
    return (index for table in schema.tables for index in table.indexes)


def has_type(*names: str) -> Callable[[Schema], bool]:
    return lambda schema: set(names) <= {column.type.name for column in columns(schema)}


def has_column(table: str, name: str) -> Callable[[Schema], bool]:
    return lambda schema: name in {column.name for column in schema.table(table).columns}


def has_check(sql: str) -> Callable[[Schema], bool]:
    """Whether the SQL for PostgreSQL holds a CHECK that matches."""
    say = DIALECTS["postgresql"].sql
    return lambda schema: any(
        re.search(sql, say(check.expression)) for table in schema.tables for check in table.checks
    )


def has_key(**wanted: object) -> Callable[[Schema], bool]:
    return lambda schema: any(
        all(getattr(key, name) == value for name, value in wanted.items()) for key in keys(schema)
    )


def has_index(told: Callable[[Index], object]) -> Callable[[Schema], bool]:
    return lambda schema: any(map(told, indexes(schema)))


def has_thing(kind: type, told: Callable[..., object] = bool) -> Callable[[Schema], bool]:
    return lambda schema: any(map(told, schema.things(kind)))


def is_split(by: str) -> Callable[[Schema], bool]:
    return lambda schema: any(t.partition and t.partition.by == by for t in schema.tables)


def has_primary_key(table: str, *wanted: str) -> Callable[[Schema], bool]:
    return lambda schema: schema.table(table).primary_key.columns == wanted


FEATURES: Final[dict[str, Callable[[Schema], bool]]] = {
    # Columns
    "UUID": has_type("uuid"),
    "BIGINT identity": lambda s: any(c.identity and c.type.name == "bigint" for c in columns(s)),
    "text and varchar": has_type("text", "varchar"),
    "whole numbers": has_type("integer", "bigint"),
    "numeric": has_type("numeric"),
    "money with its currency": has_column("bookings", "price_cents_currency"),
    "percentage": has_check("_percent BETWEEN 0 AND 100"),
    "yes or no": has_type("boolean"),
    "day and moment": has_type("date", "timestamptz"),
    "length of time": has_type("interval"),
    "e-mail address": has_check("contact_email ~"),
    "telephone number": has_check("contact_phone ~"),
    "address of a page": has_check("website ~"),
    "list kept by a CHECK": has_check(r"status IN \('requested', "),
    "list kept by a type": lambda s: [e.name for e in s.enums] == ["member_role"],
    "list kept by a table": has_key(references="room_kinds"),
    "JSON": has_type("json"),
    "list of values": has_type("list"),
    "file in the object store": has_column("rooms", "photo"),
    "coordinates": has_check("location_latitude BETWEEN -90 AND 90"),
    "network address": has_type("inet"),
    "computed": lambda s: s.table("booking_lines").column("total_cents").generated is not None,
    "secret": has_column("sessions", "token_hash"),
    "default": lambda s: any(c.default is not None for c in columns(s)),
    "collation": lambda s: s.table("members").column("email").collation == "any-case",
    # Constraints
    "composite primary key": has_primary_key("room_bands", "house_id", "room_id", "band_id"),
    "natural primary key": has_primary_key("countries", "code"),
    "natural key that others follow": has_key(references="countries", on_update="CASCADE"),
    "unique per tenant": lambda s: (
        ("house_id", "number") in {unique.columns for unique in s.table("invoices").uniques}
    ),
    "unique among live rows": has_index(lambda i: i.unique and i.predicate is not None),
    "CHECK of a range": has_check("quantity BETWEEN 1 AND 50"),
    "CHECK of a length": has_check(r"char_length\(name\) <= 120"),
    "CHECK of a pattern": has_check("slug ~"),
    "CHECK that nothing is blank": has_check(r"btrim\(name\) <> ''"),
    "CHECK of before and after": has_check("ends_at > starts_at"),
    "CHECK of if and then": has_check("status <> 'cancelled' OR cancelled_at IS NOT NULL"),
    "CHECK in the team's own SQL": lambda s: any(
        isinstance(check.expression, Fragment) for table in s.tables for check in table.checks
    ),
    "exclusion": lambda s: (
        [e.columns for e in s.table("bookings").exclusions] == [("house_id", "room_id")]
    ),
    "foreign key to the same table": has_key(references="categories", columns=("parent_id",)),
    "foreign key that waits for COMMIT": has_key(deferrable=True),
    "exclusive arc": has_check(r"num_nonnulls\(booking_id, invoice_id\) = 1"),
    "tied composite key": has_key(
        columns=("house_id", "room_id"), referenced_columns=("house_id", "id")
    ),
    "ON DELETE CASCADE": has_key(on_delete="CASCADE"),
    "ON DELETE RESTRICT": has_key(on_delete="RESTRICT"),
    "ON DELETE SET NULL": has_key(on_delete="SET NULL"),
    "ON DELETE SET NULL of one column": has_key(emptied=("confirmed_by_id",)),
    "one of each": lambda s: (
        ("house_id", "booking_id") in {u.columns for u in s.table("door_codes").uniques}
    ),
    # Indexes
    "index in an order": has_index(lambda i: i.parts[-1].descending),
    "composite index": has_index(lambda i: len(i.parts) > 2),
    "partial index": has_index(lambda i: not i.unique and i.predicate is not None),
    "covering index": has_index(lambda i: i.include == ("number", "amount_cents")),
    "expression index": has_index(lambda i: i.parts[0].expression is not None),
    "unique index": has_index(lambda i: i.unique),
    "GIN over JSON": has_index(lambda i: i.method == "gin" and i.parts[0].column == "settings"),
    "GIN over a list": has_index(lambda i: i.method == "gin" and i.parts[0].column == "equipment"),
    "full text": has_index(lambda i: i.method == "fulltext"),
    "trigrams": has_index(lambda i: i.parts[0].operators == "trigram"),
    "GiST": has_index(lambda i: i.method == "gist"),
    "BRIN": has_index(lambda i: i.method == "brin"),
    "each index says whom it serves": lambda s: all(i.because for i in indexes(s)),
    # Around the tables
    "updated_at by trigger": has_thing(Stamp, lambda it: ("updated_at", "now") in it.columns),
    "optimistic version": has_thing(Stamp, lambda it: ("version", "next") in it.columns),
    "live rows in a view": has_thing(View, lambda it: it.name == "bookings_live"),
    "clean-up": has_thing(Routine, lambda it: it.name == "bookings_purge"),
    "being forgotten": has_thing(Routine, lambda it: it.name == "members_forget"),
    "audit log": has_thing(Audit, lambda it: it.table == "payments"),
    "audit log that is only added to": has_thing(Sealed),
    "history": has_thing(History, lambda it: it.table == "invoices"),
    "transitions": has_thing(Guard, lambda it: it.table == "bookings"),
    "at most 20 lines": has_thing(Limit, lambda it: it.most == 20),
    "policies of tenants": has_thing(Policy, lambda it: it.table == "bookings"),
    "tenant first in indexes": has_index(lambda i: i.parts[0].column == "house_id"),
    "three roles": lambda s: len(s.things(Role)) == 3,
    "grants": has_thing(Grant),
    "masked view": has_thing(View, lambda it: it.name == "bands_masked"),
    "hash by the database": has_thing(
        Protected, lambda it: it.columns == (("password_hash", "hash"),)
    ),
    "materialised view": has_thing(View, lambda it: it.materialised and it.index),
    "partitions by range": is_split("range"),
    "partitions by list": is_split("list"),
    "partitions by hash": is_split("hash"),
    "rolling window": has_thing(Routine, lambda it: it.name == "door_events_roll"),
    "extensions": lambda s: (
        {it.name for it in s.things(Extension)} == {"btree_gist", "pg_trgm", "pgcrypto"}
    ),
    "comments on everything": lambda s: all(c.purpose for c in columns(s)),
}
"""What a schema can hold, and how it is seen that this one does."""


@pytest.mark.parametrize("feature", FEATURES)
def test_the_example_has(feature: str, schema: Schema) -> None:
    """Each feature at least once."""
    assert FEATURES[feature](schema)


# The answers


def test_every_question_is_answered(design: Design) -> None:
    """Whoever opens the example finds a finished walk."""
    assert [question.id for question in questions(design) if question.state != "answered"] == []
    assert first_open(design) is None


def test_the_review_finds_no_mistake(design: Design) -> None:
    """What is found is accepted, each for a reason; warnings are few."""
    found = review(design)
    assert [f.rule for f in found.findings] == []
    warned = {each.rule for each in found.waived if each.severity != "hint"}
    assert warned == {"privacy-delete-blocked", "tenant-under-tenant", "shared-data-writable"}
    assert len(found.waived) == len(design.waivers)
    assert all(waiver.reason for waiver in design.waivers)


def test_there_are_rows_to_begin_with(design: Design) -> None:
    """Reference rows, and made-up ones for development."""
    seeded = {entity.id for entity in design.entities if entity.seeds}
    assert seeded == {"country", "category"}
    assert design.keeping.made_up_rows


def test_a_folder_can_start_from_it(tmp_path: Path) -> None:
    """`schemawalk new DIR --example rehearsal-rooms --answered`."""
    assert "rehearsal-rooms" in known_examples()
    copy_example("rehearsal-rooms", tmp_path / "copy", answered=True)
    assert load(tmp_path / "copy" / "schemawalk.toml") == load(EXAMPLE / "schemawalk.toml")


# The databases

LOSSES: Final = {
    "sqlite": {
        "sqlite-lossy-collation": 1,
        "sqlite-lossy-include": 1,
        "sqlite-lossy-inet": 2,
        "sqlite-lossy-materialised": 1,
        "sqlite-lossy-numeric": 7,
        "sqlite-lossy-who": 1,
        "sqlite-refused-fragment": 1,
        "sqlite-refused-fulltext": 1,
        "sqlite-refused-gin": 2,
        "sqlite-refused-gist": 1,
        "sqlite-refused-grant": 1,
        "sqlite-refused-match": 10,
        "sqlite-refused-partition": 4,
        "sqlite-refused-policy": 1,
        "sqlite-refused-protect-trigger": 1,
        "sqlite-refused-role": 1,
        "sqlite-refused-trigram": 1,
    },
    "mariadb": {
        "mariadb-lossy-deferrable": 1,
        "mariadb-lossy-include": 1,
        "mariadb-lossy-materialised": 1,
        "mariadb-lossy-partial": 3,
        "mariadb-lossy-silent-action": 3,
        "mariadb-lossy-text-in-key": 3,
        "mariadb-refused-check-emptied": 1,
        "mariadb-refused-fragment": 1,
        "mariadb-refused-gin": 2,
        "mariadb-refused-gist": 1,
        "mariadb-refused-partition": 4,
        "mariadb-refused-policy": 1,
        "mariadb-refused-protect-trigger": 1,
        "mariadb-refused-trigram": 1,
    },
    "mysql": {
        "mysql-lossy-deferrable": 1,
        "mysql-lossy-include": 1,
        "mysql-lossy-materialised": 1,
        "mysql-lossy-partial": 3,
        "mysql-lossy-silent-action": 3,
        "mysql-lossy-text-in-key": 3,
        "mysql-refused-check-emptied": 1,
        "mysql-refused-fragment": 1,
        "mysql-refused-gin": 2,
        "mysql-refused-gist": 1,
        "mysql-refused-partition": 4,
        "mysql-refused-policy": 1,
        "mysql-refused-protect-trigger": 1,
        "mysql-refused-trigram": 1,
    },
    "mongodb": {
        "mongodb-lossy-include": 1,
        "mongodb-lossy-inet": 2,
        "mongodb-lossy-materialised": 1,
        "mongodb-refused-audit-trigger": 2,
        "mongodb-refused-computed-view": 5,
        "mongodb-refused-counting": 1,
        "mongodb-refused-default": 1,
        "mongodb-refused-exclusion": 1,
        "mongodb-refused-foreign-key": 1,
        "mongodb-refused-fragment": 1,
        "mongodb-refused-generated": 1,
        "mongodb-refused-gist": 1,
        "mongodb-refused-grant": 1,
        "mongodb-refused-guard-trigger": 2,
        "mongodb-refused-history-trigger": 1,
        "mongodb-refused-job": 8,
        "mongodb-refused-limit-trigger": 1,
        "mongodb-refused-parent-trigger": 2,
        "mongodb-refused-partition": 4,
        "mongodb-refused-policy": 1,
        "mongodb-refused-protect-trigger": 1,
        "mongodb-refused-role": 1,
        "mongodb-refused-seal-trigger": 1,
        "mongodb-refused-stamp-trigger": 7,
        "mongodb-refused-trigram": 1,
    },
}
"""By database, what it cannot hold as the design has it, and how often."""


@pytest.mark.parametrize("database", ["postgresql", *LOSSES])
def test_what_is_lost_is_what_the_readme_lists(design: Design, database: str) -> None:
    """No loss more, none less, and each told to whoever reads the README."""
    found = work_for(design, database).findings
    losses = Counter(f.rule for f in found if re.match(f"{database}-(lossy|refused)-", f.rule))
    assert losses == LOSSES.get(database, {})
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    told = re.findall(rf"\| `({database}-[a-z-]+)` \| .*?(?: \((\d+) times\))? \|\n", readme)
    assert {rule: int(times or 1) for rule, times in told} == losses


@pytest.mark.parametrize("database", ["postgresql", "sqlite", "mariadb"])
def test_everything_holds_on(database: str, design: Design) -> None:
    """Up, equal, down, up again, and each thing acts; skipped where there is no such server."""
    proven = prove(design, [database])
    for _, why in proven.skipped:
        pytest.skip(why)
    (proof,) = proven.proofs
    assert [(check.name, check.detail) for check in proof.checks if not check.ok] == []
    assert len(proof.checks) > 500
