"""What once could not be tried is: lists that users keep, old stretches, a single fact."""

from __future__ import annotations

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Keeping
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.writers import sql
from tests.engines.migrations import outcome
from tests.engines.test_keys import NEEDS_CONTRIB
from tests.schema.designs import entity, fact

USERS_LIST = Design(
    entities=(
        entity(
            "Ticket",
            fact("ticket", "status", kind="one-of", values=("a", "b c"), kept_by="users",
                 required="start"),
            partition="list", partition_by="status",
        ),
    )
)  # fmt: skip
OLD_SLOTS = Design(
    keeping=Keeping(cleanup="job"),
    entities=(
        entity(
            "Slot",
            fact("slot", "starts_at", kind="moment", required="start"),
            fact("slot", "ends_at", kind="moment", required="start",
                 rules=("ends_at > starts_at",)),
            archetype="event", keep_for="90 days",
        ),
    ),
    rules=(
        Rule(id="apart", says="Two slots never overlap", entity="slot", kept_by="exclusion",
             over=("starts_at", "ends_at")),
    ),
)  # fmt: skip
SOFT_SLOTS = Design(
    keeping=Keeping(deletion="soft"),
    entities=(
        entity(
            "Slot",
            fact("slot", "code", kind="identifier", length=20, required="start", unique="alone"),
            fact("slot", "starts_at", kind="moment", required="start"),
            fact("slot", "ends_at", kind="moment", required="start"),
            deletion="soft",
        ),
    ),
    rules=OLD_SLOTS.rules,
)


def protected(how: str) -> Design:
    """Members with nothing but an address that the database protects."""
    address = fact("member", "email", kind="email", required="start", protection=how,
                   protected_by="database", sensitivity="personal")  # fmt: skip
    return Design(entities=(entity("Member", address),))


def proven(design: Design, engine: Engine) -> list[str]:
    """What is not as it should be in the proof of a design's SQL."""
    work = work_for(design, engine.name, engine.version)
    up, down = sql.up(work.schema, work.dialect), sql.down(work.schema, work.dialect)
    return outcome(prove(engine, work.schema, up, down))


def test_a_part_of_a_list_that_users_keep_takes_its_rows(postgresql_url: str) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        assert proven(USERS_LIST, engine) == []


def test_old_rows_that_must_not_overlap_are_purged(engine: Engine) -> None:
    assert proven(OLD_SLOTS, engine) == []


def test_an_index_is_read_beside_an_exclusion_of_the_same_rows(postgresql_url: str) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        assert proven(SOFT_SLOTS, engine) == []


@NEEDS_CONTRIB
@pytest.mark.parametrize("how", ["hash", "encrypt"])
def test_a_table_of_protected_facts_alone_is_changed(how: str) -> None:
    with open_engine("postgresql", extensions=("pgcrypto",)) as engine:
        assert proven(protected(how), engine) == []
