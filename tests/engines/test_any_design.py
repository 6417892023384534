"""Any design, up to forty entities with hostile names: its SQL is taken, and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemawalk.design.model import Design
from schemawalk.engines.catalogue import differences, expected
from schemawalk.engines.engine import Engine
from schemawalk.engines.mariadb_server import has_mysql
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import PROVABLE, open_engine
from schemawalk.schema.derive import derive
from schemawalk.schema.review import review
from tests.engines.migrations import migration, outcome
from tests.schema.any_design import MOST_ENTITIES, design, designs

EXTENSIONS = ("btree_gist", "pg_trgm", "pgcrypto")

few = settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


HERE = [name for name in PROVABLE if name != "mysql" or has_mysql()]
"""A MariaDB that stands in for MySQL would show nothing that the other one does not."""


@pytest.fixture(scope="module", params=HERE)
def roomy(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty engine of each kind, with the extensions that a design may ask for."""
    wanted = EXTENSIONS if request.param == "postgresql" else ()
    with open_engine(request.param, extensions=wanted) as opened:
        yield opened


def there_and_back(engine: Engine, made: Design) -> list[str]:
    """What is not as it should be: in the catalogue, or left when all is taken back."""
    schema, up, down = migration(derive(made).schema, engine, _version(engine))
    try:
        engine.run(up)
        wrong = list(differences(expected(schema, engine), engine.catalogue()))
        engine.run(down)
        wrong += engine.leftovers()
        engine.run(up)
        engine.run(down)
    finally:
        engine.clear()  # MariaDB's way back leaves the roles: they may be anybody's.
    return wrong


def _version(engine: Engine) -> str | None:
    return engine.version if engine.name in ("postgresql", "mysql") else None


@pytest.mark.parametrize("seed", range(3))
def test_forty_entities_are_made_and_taken_back(roomy: Engine, seed: int) -> None:
    """Every table, constraint, index, trigger, view, role and routine of a large schema."""
    assert there_and_back(roomy, design(seed, MOST_ENTITIES)) == []


@few
@given(designs())
def test_any_design_is_made_and_taken_back(roomy: Engine, made: Design) -> None:
    """The catalogue is the schema; down leaves nothing; and it can be made again."""
    assert there_and_back(roomy, made) == []


@few
@given(st.integers(0, 1 << 20), st.integers(1, 6))
def test_any_design_is_proven(roomy: Engine, seed: int, entities: int) -> None:
    """Constraints refuse, actions act, triggers fire, policies hide: nothing is left untried."""
    schema, up, down = migration(derive(design(seed, entities)).schema, roomy, _version(roomy))
    assert outcome(prove(roomy, schema, up, down)) == []


@settings(max_examples=60)
@given(designs())
def test_the_review_refuses_none_of_them(made: Design) -> None:
    """They are designs as people may have them: nothing keeps their SQL from being written."""
    assert [f for f in review(made).findings if f.severity == "error"] == []
