"""What no answer leads to, and so needs no rule: it is looked for in designs of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.names import LONGEST
from schemawalk.writers.sql import up
from tests.schema.any_design import design
from tests.schema.designs import entity, fact, link, pattern, shop
from tests.schema.keyed import farm
from tests.schema.rentals import rentals

BUS = entity("Bus", fact("bus", "number", kind="whole-number"), fact("bus", "line"),
             key="natural", identity=("number", "line"))  # fmt: skip
NODES = Design(
    entities=(BUS, entity("Stop", fact("stop", "at", kind="moment"), key="natural"),
              entity("Ride", fact("ride", "code", kind="short-text", bounded="varchar", length=9),
                     key="natural", identity=("code",))),
    relationships=(
        link("bus", "bus", id="next"), link("bus", "stop", many_b="no", optional="yes"),
        link("ride", "bus", on_delete="set-null"), link("ride", "stop", many_a="yes"),
        link("bus", "ride", id="back", on_update="cascade", on_delete="set-null", optional="yes"),
    ),
    access_patterns=(pattern("p", "ride", equals=("code",), range="code", sort=("-code", "code")),),
)  # fmt: skip
"""Written by hand, with whatever a file may hold."""

DESIGNS = {
    "shop": shop(), "rentals": rentals(), "farm": farm(), "by hand": NODES,
    **{f"random {seed}": design(seed, 14) for seed in range(8)},
}  # fmt: skip


@pytest.fixture(params=DESIGNS)
def schema(request: pytest.FixtureRequest) -> Schema:
    """The schema of one of the designs."""
    return derive(DESIGNS[request.param]).schema


def keys_of(table: Table) -> Iterator[tuple[str, ...]]:
    """What a foreign key may refer to."""
    yield table.primary_key.columns
    yield from (unique.columns for unique in table.uniques)


def test_every_table_has_a_primary_key_of_required_columns(schema: Schema) -> None:
    for table in schema.tables:
        assert table.primary_key.columns
        assert not any(table.column(name).nullable for name in table.primary_key.columns)


def test_every_reference_is_of_the_type_of_a_key(schema: Schema) -> None:
    """The whole key, in its order: nothing else is unique, whatever is refused or cast."""
    for table, key in schema.references():
        parent = schema.table(key.references)
        assert key.referenced_columns in set(keys_of(parent)), key.name
        for own, theirs in key.pairs():
            mine, other = table.column(own), parent.column(theirs)
            assert (mine.type, mine.collation) == (other.type, other.collation), key.name
            assert mine.longest == other.longest, key.name


def test_nothing_falls_back_on_a_default_when_its_parent_goes(schema: Schema) -> None:
    actions = {each for _, key in schema.references() for each in (key.on_delete, key.on_update)}
    assert actions <= {"CASCADE", "SET NULL", "RESTRICT", "NO ACTION"}


def test_everything_has_a_name_of_its_own_that_no_database_cuts(schema: Schema) -> None:
    tables = schema.tables
    shared = [name for t in tables for name in (t.name, t.primary_key.name)]
    shared += [each.name for t in tables for each in (*t.uniques, *t.indexes)]
    local = [[x.name for x in (*t.checks, *t.foreign_keys, *t.exclusions)] for t in tables]
    local += [[column.name for column in t.columns] for t in tables]
    for names in (shared, *local):
        assert len(set(names)) == len(names)
        assert all(0 < len(name.encode()) <= LONGEST for name in names)


def test_every_index_serves_something(schema: Schema) -> None:
    for table in schema.tables:
        assert all(i.serves or i.unique or i.because for i in table.indexes), table.name


def test_every_foreign_key_begins_an_index(schema: Schema) -> None:
    """Or a key; or it holds the whole primary key, by which its row is found."""
    for table in schema.tables:
        whole = [i for i in table.indexes if i.predicate is None and i.method == "btree"]
        begun = [*keys_of(table), *(tuple(p.column for p in i.parts) for i in whole)]
        for key in table.foreign_keys:
            wanted = set(key.columns)
            found = any(set(columns[: len(wanted)]) == wanted for columns in begun)
            assert found or wanted > set(table.primary_key.columns), key.name


FORBIDDEN = {
    "postgresql": r"serial|json$|timestamp$|timetz|time$|^char\(|^money|float|real|double",
    "mariadb": r"TIMESTAMP|DATETIME$|DATETIME\([0-5]\)|FLOAT|DOUBLE|ENUM|^CHAR",
    "mysql": r"TIMESTAMP|DATETIME$|DATETIME\([0-5]\)|FLOAT|DOUBLE|ENUM|^CHAR\((?!36)",
    "sqlite": r"DATE|TIME|CHAR|BOOL|DECIMAL|FLOAT",
}
"""Types that lose a zone, exactness or a later change, or that STRICT tables do not take."""


@pytest.mark.parametrize("database", FORBIDDEN)
def test_no_type_is_used_that_loses_something(schema: Schema, database: str) -> None:
    dialect = DIALECTS[database]
    types = {dialect.type(c.type) for t in fit(schema, database).schema.tables for c in t.columns}
    assert not [each for each in types if re.search(FORBIDDEN[database], each)]


@pytest.mark.parametrize(("database", "ending"), [("mariadb", "ENGINE = InnoDB DEFAULT CHARSET ="),
                                                  ("mysql", "ENGINE = InnoDB DEFAULT CHARSET ="),
                                                  ("sqlite", "STRICT")])  # fmt: skip
def test_every_table_is_made_with_what_makes_it_safe(
    schema: Schema, database: str, ending: str
) -> None:
    fitted = fit(schema, database).schema
    text = up(fitted, DIALECTS[database])
    assert len(re.findall(rf"^\) {ending}", text, re.MULTILINE)) == len(fitted.tables)


@pytest.mark.parametrize("database", ["mariadb", "mysql"])
def test_no_reference_stands_at_its_column(schema: Schema, database: str) -> None:
    """MySQL reads such a one and forgets it."""
    fitted = fit(schema, database).schema
    text = up(fitted, DIALECTS[database])
    keys = sum(len(table.foreign_keys) for table in fitted.tables)
    assert (
        len(re.findall(r"^ *REFERENCES ", text, re.MULTILINE))
        + len(re.findall(r"FOREIGN KEY \([^()]*\) REFERENCES ", text))
        == keys
    )
