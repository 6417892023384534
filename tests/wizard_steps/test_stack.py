"""Step "stack": databases and their cost, how rows are identified, how tables are named, tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.delivery import deliver
from schemawalk.design.model import Design, Step
from schemawalk.design.whole import Stack
from schemawalk.schema.derive import derive
from schemawalk.schema.language.expression import Call
from schemawalk.schema.review import review
from schemawalk.schema.tools import AS_THEY_ARE, TOOLS
from schemawalk.writers.registry import WRITERS
from tests.wizard_steps.designs import start, taken
from wizard_steps import tools, walk


def test_all_five_databases_are_offered_with_what_they_cost_later() -> None:
    asked = walk.question(start(), "stack.database")
    assert {o.value for o in asked.options} == {
        "postgresql", "mysql", "mariadb", "sqlite", "mongodb",
    }  # fmt: skip
    for option in asked.options:
        assert "later:" in option.leads_to


def test_documents_need_no_migration_tool() -> None:
    """The tools are for SQL; scripts for mongosh are written instead."""
    design = walk.answer(taken(), "stack.database", "mongodb")
    assert "migration.tools" not in {asked.id for asked in walk.questions(design)}
    assert "migration.tools" in {asked.id for asked in walk.questions(taken())}
    assert walk.propose(design, "tools").headline.startswith("Scripts for mongosh")
    assert not review(design).blocked


@pytest.mark.parametrize(
    ("answers", "recommended", "because"),
    [
        ({"offline": "yes"}, "uuid", "no database can hand out numbers"),
        ({"offline": "no", "guessable": "no"}, "uuid", "must not tell the next one"),
        ({"guessable": "yes", "inserts": "20000"}, "bigint", "at that rate"),
        ({"guessable": "yes", "inserts": "10"}, "bigint", "one database counts"),
    ],
)
def test_how_rows_are_identified_follows_from_three_questions(
    answers: dict[str, str], recommended: str, because: str
) -> None:
    design = start()
    for node, value in answers.items():
        design = walk.answer(design, f"stack.{node}", value)
    asked = walk.question(design, "stack.identifiers")
    assert asked.recommended == (recommended,)
    assert because in asked.because


def test_what_an_earlier_answer_decides_about_ids_is_not_asked() -> None:
    design = walk.answer(start(), "stack.offline", "yes")
    asked = {q.node for q in walk.questions(design, "stack")}
    assert asked.isdisjoint({"guessable", "inserts"})
    guarded = walk.answer(start(), "stack.guessable", "no")
    assert "inserts" not in {q.node for q in walk.questions(guarded, "stack")}


@pytest.mark.parametrize(
    ("text", "node", "value"),
    [
        ("The surveyor works offline in the cellar.", "offline", "yes"),
        ("The surveyor works in the cellar.", "offline", "no"),
        ("12,000 readings per second arrive.", "inserts", "12000"),
        ("15k events/s arrive.", "inserts", "15000"),
        ("Readings arrive.", "inserts", "10"),
    ],
)
def test_what_the_journey_says_of_writers_and_rates_is_heard(
    text: str, node: str, value: str
) -> None:
    design = Design(steps=(Step(id="s", title="Work", text=text),), stack=Stack(guessable="yes"))
    assert walk.question(design, f"stack.{node}").recommended == (value,)


def test_tables_are_called_as_answered_and_shown_on_own_names() -> None:
    asked = walk.question(taken(), "stack.names")
    assert "teams" in asked.options[0].leads_to
    assert "user must be quoted" in asked.options[1].leads_to
    design = walk.answer(taken(), "stack.names", "singular")
    names = {table.name for table in derive(design).schema.tables}
    assert {"user", "document", "assessment_framework"} <= names


def test_what_else_the_documents_say_can_be_corrected() -> None:
    told = start().model_copy(update={"stack": Stack(facts=("cache: Redis (stack.md:4)",))})
    kept = walk.answer(told, "stack.facts", ("cache: none", "queue: SQS, in Frankfurt"))
    assert kept.stack.facts == ("cache: none", "queue: SQS, in Frankfurt")
    rows = {row.title: row for row in walk.propose(told, "stack").rows}
    assert (rows["cache"].detail, rows["cache"].because) == ("Redis", "stack.md:4")


@pytest.mark.parametrize(
    ("language", "framework", "tool"),
    [
        ("typescript", "nextjs", "prisma"),
        ("typescript", "NestJS", "typeorm"),
        ("javascript", "express", "prisma"),
        ("typescript", "hono", "prisma"),
        ("python", "fastapi", "alembic"),
        ("python", "django", "django"),
        ("python", "none", "alembic"),
        ("go", "gin", "golang-migrate"),
        ("ruby", "rails", "rails"),
        ("other", "spring", None),
    ],
)
def test_the_tool_follows_from_language_and_framework(
    language: str, framework: str, tool: str | None
) -> None:
    design = Design(stack=Stack.model_validate({"language": language, "framework": framework}))
    asked = walk.question(design, "migration.tools")
    assert asked.recommended == ((tool,) if tool else ())


def test_a_tool_that_a_document_names_goes_before_habit() -> None:
    design = Design(stack=Stack(language="python", facts=("tool: django (stack.md:7)",)))
    asked = walk.question(design, "migration.tools")
    assert asked.recommended == ("django",)
    assert "stack.md:7" in asked.because


def test_the_tools_of_the_own_language_come_first_and_all_can_be_chosen() -> None:
    design = Design(stack=Stack(language="go"))
    offered = [o.value for o in walk.question(design, "migration.tools").options]
    assert offered[:2] == ["golang-migrate", "goose"]
    assert set(offered) == set(TOOLS)


def test_the_table_of_tools_knows_which_have_a_writer() -> None:
    """A tool says that it has files exactly when something writes them."""
    assert {t.id for t in TOOLS.values() if t.files} == {w.name for w in WRITERS} & set(TOOLS)
    assert {tool for tool, _ in (*tools.OF_FRAMEWORK.values(), *tools.OF_LANGUAGE.values())} <= set(
        TOOLS
    )


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if not TOOLS[tool].files])
def test_a_tool_without_a_writer_stops_nothing_and_is_hinted_at(tool: str, tmp_path: Path) -> None:
    design = walk.answer(taken(), "migration.tools", (tool,))
    asked = walk.question(design, "migration.tools")
    leads_to = next(o.leads_to for o in asked.options if o.value == tool)
    assert ("not written here yet" in leads_to) == (tool != AS_THEY_ARE)
    hinted = {f.rule for f in review(design).findings if f.severity == "hint"}
    assert ("tool-not-written" in hinted) == (tool != AS_THEY_ARE)
    assert any(path.endswith("0001_initial.up.sql") for path in deliver(design, tmp_path).texts)


def test_the_version_of_a_database_that_was_decided_against_is_looked_at_again() -> None:
    design = walk.answer(taken(), "stack.database", "postgresql", by="document", source="s.md:1")
    design = walk.answer(design, "stack.version", "14", by="document", source="s.md:1")
    assert walk.question(design, "stack.version").recommended == ("14",)
    changed = walk.answer(design, "stack.database", "sqlite")
    version = walk.question(changed, "stack.version")
    assert version.answer == ("14",), "nothing is overwritten in silence"
    assert version.recommended == ("3.40",)
    assert version.state == "look again"


def test_an_id_can_tell_when_it_was_made_or_nothing_at_all() -> None:
    """Version 7 where the server makes it; version 4 when somebody asks for it, or has to."""
    design = walk.answer(taken(), "stack.identifiers", "uuid")
    offered = {o.value: o.leads_to for o in walk.question(design, "stack.identifiers").options}
    assert "before PostgreSQL 18" in offered["uuid"]
    newer = walk.answer(design, "stack.version", "18")
    offered = {o.value: o.leads_to for o in walk.question(newer, "stack.identifiers").options}
    assert "in order of time" in offered["uuid"]
    for answer, function in (("uuid", "uuid7"), ("uuid-v4", "uuid")):
        chosen = walk.answer(newer, "stack.identifiers", answer)
        assert derive(chosen).schema.table("users").column("id").default == Call(function)
