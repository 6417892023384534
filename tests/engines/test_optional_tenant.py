"""What may stay when its tenant goes: what the review says is what each database does."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Relationship
from schemawalk.design.whole import Keeping, Product, Stack
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.schema.deletion import what_if
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.engines.migrations import migration
from tests.schema.designs import entity, fact, link
from wizard_steps.reviewed import fixed, matters

RULE = "tenant-kept-by-ties"
WITH_THE_HOUSE = link("house", "letter", on_delete="cascade")


def inns(database: str, *links: Relationship) -> Design:
    """Guests stay without a house when theirs is gone; their letters belong to the same house."""
    return Design(
        product=Product(name="Inn"),
        stack=Stack(tenancy="shared", database=database, identifiers="bigint"),
        keeping=Keeping(policies="application"),
        entities=(
            entity("House", fact("house", "name", required="start"), archetype="group"),
            entity("Guest", fact("guest", "name", required="start"), tenant="yes"),
            entity("Letter", fact("letter", "body", required="start"), tenant="yes"),
        ),
        relationships=(
            link("house", "guest", on_delete="set-null", optional="yes"),
            link("guest", "letter", on_delete="cascade"),
            *links,
        ),
    )  # fmt: skip


def found(design: Design) -> tuple[Finding, ...]:
    return tuple(f for f in review(design).findings if f.rule == RULE)


_ROWS = (
    "INSERT INTO houses (id, name) VALUES (1, 'h')",
    "INSERT INTO guests (id, house_id, name) VALUES (1, 1, 'g')",
    "INSERT INTO letters (id, house_id, guest_id, body) VALUES (1, 1, 1, 'b')",
)


def house_goes(engine: Engine, design: Design, rows: tuple[str, ...]) -> bool:
    """Whether a house can be deleted, its guest staying without one."""
    _, up, down = migration(derive(design).schema, engine)
    engine.run(up)
    try:
        with engine.savepoint():
            for statement in rows:
                engine.execute(statement)
            engine.execute("DELETE FROM houses")
            return engine.rows("SELECT house_id FROM guests") == [(None,)]
    except EngineError:
        return False
    finally:
        engine.run(down)


@pytest.mark.parametrize("links", [(), (WITH_THE_HOUSE,)], ids=["stay", "go along"])
def test_who_cannot_leave_is_said_and_nobody_else(
    engine: Engine, links: tuple[Relationship, ...]
) -> None:
    design = inns(engine.name, *links)
    assert house_goes(engine, design, _ROWS[:2])
    assert house_goes(engine, design, _ROWS) == (not found(design))


def test_the_key_itself_tells_who_holds_what_may_stay() -> None:
    key = derive(inns("postgresql")).schema.table("guests").foreign_keys[0]
    assert key.because == (
        "Delete a house: its guests stay, without a house; refused while they have letters."
    )
    along = derive(inns("postgresql", WITH_THE_HOUSE)).schema.table("guests").foreign_keys[0]
    assert "refused" not in along.because


@pytest.mark.parametrize("manner", ["postgresql", "sqlite"])
@pytest.mark.parametrize("links", [(), (WITH_THE_HOUSE,)], ids=["stay", "go along"])
def test_what_a_delete_would_do_is_replayed_so(
    manner: str, links: tuple[Relationship, ...]
) -> None:
    schema = derive(inns("postgresql", *links)).schema
    replayed = what_if(schema, "fk_guests_house_id_houses", "SET NULL", manner)  # type: ignore[arg-type]
    refusing = {block.key.name for block in replayed.blocks}
    assert ("fk_letters_guest_id_guests" in refusing) == (not links)


def test_one_key_settles_it() -> None:
    design = inns("postgresql")
    (finding,) = found(design)
    assert finding.severity == "warning"
    assert "letters" in finding.message
    after = fixed(design, matters(design)[f"{RULE}.{finding.subject}"])
    assert found(after) == ()
    assert "tenant-optional" not in {f.rule for f in review(after).findings}
    column = derive(after).schema.table("guests").column("house_id")
    assert not column.nullable
