"""The checklists: every line follows from findings and figures, and says what it looked at."""

from __future__ import annotations

from schemawalk.design.model import Design, Waiver
from schemawalk.design.whole import Keeping
from schemawalk.schema.review import RULES, review
from schemawalk.schema.review.checklist import CHECKLISTS, Verdict, checklist
from schemawalk.schema.review.rule import Matter
from tests.schema.designs import entity, fact, link, shop

SIDES = {"Journey alignment", "Completeness", "Performance", "Data integrity", "Stack alignment",
         "Scalability", "Documentation"}  # fmt: skip


def verdicts(design: Design) -> dict[str, Verdict]:
    found = review(design)
    groups = checklist(Matter(design, found.schema), found.findings, found.waived)
    return {verdict.line: verdict for group in groups for verdict in group.verdicts}


def test_every_side_of_quality_has_its_lines() -> None:
    assert {title for title, _ in CHECKLISTS} == SIDES
    lines = [item.line for _, items in CHECKLISTS for item in items]
    assert len(lines) == len(set(lines)) > 35


def test_every_rule_of_the_review_counts_in_some_line() -> None:
    """A finding that no line knows of would leave every tick in its place."""
    counted = {rule for _, items in CHECKLISTS for item in items for rule in item.rules}
    not_a_mistake = {"char-or-arbitrary-varchar", "control-characters", "native-enum",
                     "natural-or-string-pk"}  # fmt: skip
    assert {rule.id for rule in RULES} - counted == not_a_mistake


def test_a_line_fails_with_what_is_wrong_and_holds_with_what_was_looked_at() -> None:
    good = verdicts(shop())["SET NULL meets columns that take NULL"]
    assert good.holds is None, "no such key"
    bad = link("customer", "order", optional="no", on_delete="set-null")
    failed = verdicts(shop(relationships=(bad,), access_patterns=()))
    line = failed["SET NULL meets columns that take NULL"]
    assert (line.holds, line.wrong, line.seen) == (False, ("customer_order",), "1 such key")
    kept = verdicts(shop())["Foreign keys are indexed"]
    assert (kept.holds, kept.seen) == (True, "3 foreign keys")


def test_what_is_accepted_holds_and_is_named() -> None:
    plate = fact("car", "plate", unique="alone", required="optional", purpose="its plate")
    design = Design(entities=(entity("Car", plate, identity=()),))
    assert verdicts(design)["Business keys are unique"].holds is False
    waiver = Waiver(rule="nullable-unique", subject="car.plate", reason="Not all have one.")
    line = verdicts(design.model_copy(update={"waivers": (waiver,)}))["Business keys are unique"]
    assert line.holds is True
    assert line.accepted == ("car.plate",)


def test_figures_fail_lines_of_their_own() -> None:
    found = verdicts(Design(entities=(entity("Car", fact("car", "name"), persists="yes"),)))
    assert found["Rows that change carry created_at and updated_at"].wrong == (
        "cars.created_at", "cars.updated_at", "car",
    )  # fmt: skip
    assert found["The migration format is decided"].holds is False
    assert found["NULL is a decision"].wrong[:1] == ("car.name",)


def test_an_index_that_the_program_gives_its_own_reason_for_is_not_idle() -> None:
    """Nobody asked for the index of a log; whoever looks into it does."""
    log = entity("Audit entry", fact("audit_entry", "created_at", required="start", default="now"),
                 origin="unsaid.audit", archetype="event")  # fmt: skip
    logged = shop(entities=(*shop().entities, log), keeping=Keeping(versions="log"))
    indexes = [i for t in review(logged).schema.tables for i in t.indexes if not i.serves]
    assert any(len(index.parts) > 2 for index in indexes)
    assert verdicts(logged)["No index without a reason"].wrong == ()
    assert "index-too-wide" not in {finding.rule for finding in review(logged).findings}
