"""Lengths of time are added up as numbers are, on every database."""

from __future__ import annotations

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.schema.derive import derive
from schemawalk.schema.things import View
from schemawalk.writers import sql
from tests.engines.migrations import outcome
from tests.schema.designs import entity, fact, link


def repairs(*sums: str) -> Design:
    """Shops with repairs, each of which took some time."""
    took = fact("repair", "took", kind="duration", required="start")
    note = fact("repair", "note", kind="short-text", required="start")
    repair = entity("Repair", took, note, summed="parent", summed_by="shop_repair", sums=sums)
    shop = entity("Shop", fact("shop", "name", required="start"))
    return Design(entities=(shop, repair), relationships=(link("shop", "repair"),))


def test_lengths_of_time_are_summed_up(engine: Engine) -> None:
    work = work_for(repairs("took"), engine.name)
    (view,) = (v for v in work.schema.things(View) if v.purpose == "summary")
    assert [column.name for column in view.columns] == ["shop_id", "number_of_repairs", "took"]
    proof = prove(engine, work.schema, sql.up(work.schema, work.dialect),
                  sql.down(work.schema, work.dialect))  # fmt: skip
    assert outcome(proof) == []
    assert f"{view.name}: counts each row once" in {check.name for check in proof.checks}


def test_what_cannot_be_added_up_is_said() -> None:
    (problem,) = (p for p in derive(repairs("took", "note")).problems
                  if p.rule == "sum-not-possible")  # fmt: skip
    assert problem.subject == "repair"
    assert "note" in problem.message
