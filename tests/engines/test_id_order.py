"""Pairs are kept once, the smaller id first: on every database as a program that sorts texts."""

from __future__ import annotations

from itertools import combinations

import pytest

from schemawalk.design.model import Attribute, Design, Entity, Relationship
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.schema.derive import derive
from tests.engines.migrations import migration

IDS = (
    "0a000000-0000-4000-8000-000000000009", "1b000000-0000-4000-8000-000000000003",
    "2c000000-0000-4000-8000-000000000001", "3d000000-0000-7000-8000-000000000002",
    "4e000000-0000-5000-8000-000000000000",
)  # fmt: skip
"""Sorted as texts; some by their last digits in another order, of three versions."""

FRIENDS = Design(
    entities=(
        Entity(
            id="friend", name="Friend", persists="yes",
            attributes=(Attribute(id="friend.name", name="Name", kind="short-text",
                                  required="start"),),
        ),
    ),
    relationships=(
        Relationship(id="friends", a="friend", b="friend", many_a="yes", many_b="yes",
                     payload="no", ordered="no", itself="pairs", on_delete="cascade",
                     on_delete_b="cascade"),
    ),
)  # fmt: skip


def test_a_pair_is_taken_in_the_order_of_texts_and_in_no_other(engine: Engine) -> None:
    """MariaDB orders ids of version 4 by their last part: no program would sort them so."""
    schema, up, _ = migration(derive(FRIENDS).schema, engine)
    engine.run(up)
    pairs = next(table for table in schema.tables if table.name != "friends")
    first, second = pairs.primary_key.columns
    for id_ in IDS:
        engine.run(f"INSERT INTO friends (id, name) VALUES ('{id_}', 'N');")
    for smaller, larger in combinations(IDS, 2):
        into = f"INSERT INTO {pairs.name} ({first}, {second}) VALUES"
        with pytest.raises(EngineError, match="order"):
            engine.run(f"{into} ('{larger}', '{smaller}');")
        engine.run(f"{into} ('{smaller}', '{larger}');")
    assert engine.rows(f"SELECT count(*) FROM {pairs.name}") == [(10,)]
