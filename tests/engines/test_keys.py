"""Keys, exclusions and indexes on real databases: they hold, and no fault goes unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from schemawalk.design.model import Design
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.engines.server import find_binaries
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from tests.engines.migrations import changed, migration, outcome
from tests.schema.keyed import club, farm

EXTENSIONS = ("btree_gist", "pg_trgm")


def _can_load() -> bool:
    try:
        find_binaries(EXTENSIONS)
    except EngineError:
        return False
    return True


NEEDS_CONTRIB = pytest.mark.skipif(not _can_load(), reason="no PostgreSQL here has these modules")


@pytest.fixture(scope="module")
def full_engine() -> Iterator[Engine]:
    """A PostgreSQL with additional modules, for the whole file: each proof leaves it empty."""
    with open_engine("postgresql", extensions=EXTENSIONS) as engine:
        yield engine


@pytest.fixture(params=[pytest.param("postgresql", marks=NEEDS_CONTRIB), "sqlite"])
def keyed_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """PostgreSQL with additional modules, and SQLite."""
    if request.param == "postgresql":
        yield request.getfixturevalue("full_engine")
        return
    with open_engine(request.param) as engine:
        yield engine


def schema(design: Design) -> Schema:
    return derive(design).schema


@pytest.mark.parametrize("design", [club(), farm()], ids=["club", "farm"])
def test_keys_and_indexes_are_proven(keyed_engine: Engine, design: Design) -> None:
    """Tied keys, circles, natural keys, exclusions, and a query for each index."""
    version = keyed_engine.version if keyed_engine.name == "postgresql" else None
    proof = prove(keyed_engine, *migration(schema(design), keyed_engine, version))
    assert outcome(proof) == []
    assert proof.ok


def test_everything_that_a_key_does_is_tried(keyed_engine: Engine) -> None:
    """What is in no other proof: ties, overlaps, keys that change, circles, plans."""
    made: set[str] = set()
    for design in (club(), farm()):
        version = keyed_engine.version if keyed_engine.name == "postgresql" else None
        proof = prove(keyed_engine, *migration(schema(design), keyed_engine, version))
        made |= {check.name for check in proof.checks}
    rule = "(ex_bookings_club_id_court_id_starts_at)"
    assert made >= {
        "bookings: refuses another's row of courts in club_id, court_id",
        f"bookings: refuses what overlaps {rule}",
        f"bookings: refuses what is moved to overlap {rule}",
        f"bookings: accepts what begins when another ends {rule}",
        f"bookings: accepts an overlap unless deleted_at IS NULL {rule}",
        f"bookings: accepts an overlap unless status <> 'cancelled' {rule}",
        "cities: follows the key of countries when it changes (country_code)",
        "posts: keeps the key of countries when it changes (country_code)",
        "hens: accepts a row",
        "hens: refuses a missing row of eggs in first_egg_id",
        "tasks: goes along when its row of comment_parents is deleted (id, comment_parent_kind)",
        "posts: is read through ix_posts_country_code_created_at_title",
    }


@dataclass(frozen=True)
class Fault:
    """A change to the migration, what the catalogue must say, and which rows must show it."""

    design: Design
    pattern: str
    replacement: str
    sentence: str
    shown_by: str = ""


EVERYWHERE = {
    "a key that is not tied": Fault(
        club(),
        r"FOREIGN KEY \(club_id, court_id\) REFERENCES courts \(club_id, id\)",
        "FOREIGN KEY (court_id) REFERENCES courts (id)",
        "bookings: foreign key fk_bookings_court_id_courts: columns is court_id",
        "bookings: refuses another's row of courts in club_id, court_id",
    ),
    "a key that does not wait": Fault(
        farm(),
        r" DEFERRABLE INITIALLY DEFERRED",
        "",
        "hens: foreign key fk_hens_first_egg_id_eggs: deferrable is no",
        "hens: accepts a row",
    ),
    "a lost action on update": Fault(
        farm(),
        r" ON UPDATE CASCADE",
        "",
        "cities: foreign key fk_cities_country_code_countries: ON UPDATE is NO ACTION",
        "cities: follows the key of countries when it changes (country_code)",
    ),
    "a natural key that is no key": Fault(
        farm(),
        r"CONSTRAINT pk_countries PRIMARY KEY \(code\)",
        "CONSTRAINT pk_countries UNIQUE (code)",
        "countries: UNIQUE pk_countries is there",
    ),
    "a lost DESC": Fault(
        farm(),
        r"created_at DESC, title",
        "created_at, title",
        "posts: index ix_posts_country_code_created_at_title: columns is country_code, created_at",
        "posts: is read through ix_posts_country_code_created_at_title",
    ),
    "another order": Fault(
        farm(),
        r"country_code, created_at DESC, title",
        "title, created_at DESC, country_code",
        "columns is title, created_at DESC, country_code",
        "posts: is read through ix_posts_country_code_created_at_title",
    ),
    "a condition that is too narrow": Fault(
        farm(),
        r"WHERE starts_on IS NULL",
        "WHERE starts_on IS NULL AND title = 'a'",
        "WHERE is ",
        "posts: is read through ix_posts_created_at_where_starts_on",
    ),
}
POSTGRESQL = {
    "an exclusion without its column": Fault(
        club(),
        r"court_id WITH =, ",
        "",
        "bookings: exclusion ex_bookings_club_id_court_id_starts_at: definition is",
    ),
    "an exclusion of rows that do not count": Fault(
        club(),
        r"(WHERE \(deleted_at IS NULL) AND status <> 'cancelled'(\),)",
        r"\1\2",
        "bookings: exclusion ex_bookings_club_id_court_id_starts_at: definition is",
        "bookings: accepts an overlap unless status <> 'cancelled' "
        "(ex_bookings_club_id_court_id_starts_at)",
    ),
    "an end that is included": Fault(
        club(),
        r"tstzrange\(starts_at, ends_at\)",
        "tstzrange(starts_at, ends_at, '[]')",
        "bookings: exclusion ex_bookings_club_id_court_id_starts_at: definition is",
        "bookings: accepts what begins when another ends (ex_bookings_club_id_court_id_starts_at)",
    ),
    "too much that is emptied": Fault(
        club(),
        r"ON DELETE SET NULL \(booking_id\)",
        "ON DELETE SET NULL",
        "notes: foreign key fk_notes_booking_id_bookings: ON DELETE is SET NULL, the schema says "
        "SET NULL (booking_id)",
        "notes: stays without its row of bookings (club_id, booking_id)",
    ),
    "a lost INCLUDE": Fault(
        farm(),
        r"\s+INCLUDE \(starts_on\)",
        "",
        "index ix_posts_country_code_created_at_title: INCLUDE is nothing",
        "posts: is read through ix_posts_country_code_created_at_title",
    ),
    "other operators": Fault(
        farm(),
        r"USING gin \(meta\)",
        "USING gin (meta jsonb_path_ops)",
        "posts: index ix_posts_meta: columns is meta jsonb_path_ops",
    ),
    "operators of another kind": Fault(
        farm(),
        r"USING gin \(title gin_trgm_ops\)",
        "USING gist (title gist_trgm_ops)",
        "posts: index ix_posts_title_similar: columns is title gist_trgm_ops",
    ),
    "another language of words": Fault(
        farm(),
        r"to_tsvector\('simple', body\)",
        "to_tsvector('english', body)",
        "posts: index ix_posts_body_words: columns is to_tsvector('english'",
        "posts: is read through ix_posts_body_words",
    ),
    "an expression that is lost": Fault(
        farm(),
        r"\(lower\(email\)\)",
        "(email)",
        "index ix_posts_email: columns is email",
        "posts: is read through ix_posts_email",
    ),
    "another method": Fault(
        farm(),
        r"USING brin \(created_at\)",
        "(created_at)",
        "visits: index ix_visits_created_at: method is btree, the schema says brin",
    ),
    "an extension too many": Fault(
        farm(),
        r"CREATE EXTENSION IF NOT EXISTS pg_trgm;",
        "CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION btree_gist;",
        "extension btree_gist is there",
    ),
}
SQLITE = {
    "a trigger that does not see all changes": Fault(
        club(),
        r"AFTER UPDATE OF club_id, court_id, starts_at, ends_at, deleted_at, status ON",
        "AFTER UPDATE OF status ON",
        "trigger ex_bookings_club_id_court_id_starts_at_update: fires is AFTER UPDATE OF status",
        "bookings: refuses what is moved to overlap (ex_bookings_club_id_court_id_starts_at)",
    ),
    "a trigger for every court": Fault(
        club(),
        r"(?s)(ex_bookings_club_id_court_id_starts_at_insert.*?)other\.court_id = NEW\.court_id",
        r"\1other.court_id IS NULL",
        "",
        "bookings: refuses what overlaps (ex_bookings_club_id_court_id_starts_at)",
    ),
    "a key that only empties": Fault(
        club(),
        r",\n[^\n]*\n\s+CONSTRAINT fk_notes_booking_id_bookings_tied\s+FOREIGN KEY[^\n]*",
        "",
        "notes: foreign key fk_notes_booking_id_bookings_tied is missing",
        "notes: refuses another's row of bookings in club_id, booking_id",
    ),
}


def _noticed(engine: Engine, fault: Fault) -> None:
    version = engine.version if engine.name == "postgresql" else None
    fitted, up, down = migration(schema(fault.design), engine, version)
    proof = prove(engine, fitted, changed(up, fault.pattern, fault.replacement), down)
    said = next(c for c in proof.checks if c.name == "the catalogue equals the schema")
    assert not proof.ok
    assert fault.sentence in said.detail
    if fault.shown_by:
        assert fault.shown_by in {c.name for c in proof.checks if not c.ok}
    assert engine.leftovers() == ()


@pytest.mark.parametrize("fault", EVERYWHERE.values(), ids=EVERYWHERE)
def test_a_fault_is_noticed_everywhere(keyed_engine: Engine, fault: Fault) -> None:
    """The catalogue names it, and where rows or plans can show it, they do."""
    _noticed(keyed_engine, fault)


@NEEDS_CONTRIB
@pytest.mark.parametrize("fault", POSTGRESQL.values(), ids=POSTGRESQL)
def test_a_fault_is_noticed_on_postgresql(full_engine: Engine, fault: Fault) -> None:
    """Exclusions, methods, operators and what stands beside a key."""
    _noticed(full_engine, fault)


@pytest.mark.parametrize("fault", SQLITE.values(), ids=SQLITE)
def test_a_fault_is_noticed_on_sqlite(fault: Fault) -> None:
    """What stands for an exclusion, and for SET NULL of some columns."""
    with open_engine("sqlite") as engine:
        _noticed(engine, fault)


def test_a_tie_may_be_emptied_before_15_as_well(postgresql_url: str) -> None:
    """Two keys do what one cannot say there; newer servers take them too."""
    with open_engine("postgresql", postgresql_url) as engine:
        bare = schema(club(rules=()))
        proof = prove(engine, *migration(bare, engine, "14"))
    assert outcome(proof) == []
