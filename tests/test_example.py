"""The example that ships with the program: its documents, its answers, and the schema they give."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from schemawalk.design.file import load
from schemawalk.design.model import Attribute, Design, Entity, Note, Relationship
from schemawalk.reading.candidates import candidates
from schemawalk.reading.documents import Reading, read_documents
from schemawalk.schema.derive import Derived, derive
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import Schema, Table, Type
from schemawalk.schema.review import review
from wizard_steps.walk import first_open, questions

EXAMPLE = Path(__file__).parent.parent / "examples" / "compliance-saas"

ACTIONS = {
    ("assessment_frameworks", "assessment_id", "assessments", "CASCADE"),
    ("assessment_frameworks", "framework_id", "frameworks", "RESTRICT"),
    ("assessments", "document_id", "documents", "CASCADE"),
    ("assessments", "user_id", "users", "CASCADE"),
    ("documents", "user_id", "users", "CASCADE"),
    ("usage_events", "assessment_id", "assessments", "SET NULL"),
    ("usage_events", "team_id", "teams", "RESTRICT"),
    ("usage_events", "user_id", "users", "SET NULL"),
    ("users", "team_id", "teams", "SET NULL"),
}
NULLABLE = {
    "assessments": {"results", "error_message", "started_at", "completed_at", "duration_ms"},
    "frameworks": {"description"},
    "usage_events": {"user_id", "assessment_id"},
    "users": {"team_id"},
}
UNIQUES = {
    ("documents", ("storage_key",)),
    ("frameworks", ("code",)),
    ("users", ("email",)),
    ("users", ("auth_id",)),
}
CHECKS = {
    "assessments": {
        "status in ('pending', 'processing', 'completed', 'failed')",
        "duration_ms >= 0",
        "completed_at >= started_at",
        "status <> 'processing' or started_at is not null",
        "status <> 'completed' or completed_at is not null",
        "status <> 'failed' or error_message is not null",
    },
    "documents": {
        "status in ('uploading', 'ready', 'error')",
        "file_size_bytes > 0",
        "file_size_bytes <= 209715200",
    },
    "teams": {"plan_tier in ('free', 'team', 'business')"},
    "usage_events": {"event_type in ('assessment_completed', 'report_exported')", "quantity > 0"},
    "users": {"email matches '^[^@ ]+@[^@ ]+$'"},
}
DEFAULTS = {
    ("assessments", "status"): "'pending'",
    ("documents", "status"): "'uploading'",
    ("frameworks", "active"): "true",
    ("teams", "plan_tier"): "'free'",
    ("usage_events", "billable"): "true",
    ("usage_events", "quantity"): "1",
}
INDEXES = {
    "assessment_frameworks": {"framework_id"},
    "assessments": {
        "created_at where status in ('pending', 'processing')",
        "document_id, created_at desc",
        "user_id, created_at desc",
        "user_id, status, created_at desc",
    },
    "documents": {"created_at desc", "user_id, created_at desc"},
    "usage_events": {"assessment_id", "team_id, created_at", "user_id"},
    "users": {"team_id"},
}
TABLES = {
    "teams",
    "users",
    "documents",
    "frameworks",
    "assessments",
    "assessment_frameworks",
    "usage_events",
}


@pytest.fixture(scope="module")
def design() -> Design:
    """The finished answers."""
    return load(EXAMPLE / "schemawalk.toml")


@pytest.fixture(scope="module")
def derived(design: Design) -> Derived:
    """What follows from them."""
    return derive(design)


@pytest.fixture(scope="module")
def schema(derived: Derived) -> Schema:
    """The tables alone."""
    return derived.schema


@pytest.fixture(scope="module")
def reading() -> Reading:
    """The documents, read as if for the first time."""
    return read_documents([EXAMPLE])


def indexes_of(table: Table) -> set[tuple[tuple[tuple[str, bool], ...], object]]:
    """A table's indexes as columns with their direction, and the predicate."""
    return {
        (tuple((part.column, part.descending) for part in index.parts), index.predicate)
        for index in table.indexes
    }


def spelled(index: str) -> tuple[tuple[tuple[str, bool], ...], object]:
    """An index as written in INDEXES, in the same form."""
    columns, _, condition = index.partition(" where ")
    parts = (part.partition(" ") for part in columns.split(", "))
    made = tuple((column, direction == "desc") for column, _, direction in parts)
    return made, parse(condition) if condition else None


# The schema


def test_it_derives_to_its_seven_tables_without_problems(derived: Derived) -> None:
    """Nothing of the example is left out or misunderstood."""
    assert derived.problems == ()
    assert {table.name for table in derived.schema.tables} == TABLES


def test_each_deletion_does_what_the_journey_promises(schema: Schema) -> None:
    """Accounts can go, invoices stay, old frameworks stay."""
    found = {
        (table.name, *key.columns, key.references, key.on_delete)
        for table, key in schema.references()
    }
    assert found == ACTIONS


def test_deleting_a_user_is_blocked_by_nothing_on_its_path(schema: Schema) -> None:
    """Whatever a deleted account takes with it, no RESTRICT stands in the way."""
    falling = ["users"]
    for parent in falling:
        for table, key in schema.references():
            if key.references == parent:
                assert key.on_delete != "RESTRICT", key.name
                if key.on_delete == "CASCADE" and table.name not in falling:
                    falling.append(table.name)
    assert set(falling) == {"users", "documents", "assessments", "assessment_frameworks"}


def test_only_what_comes_later_or_never_may_be_null(schema: Schema) -> None:
    """A key that is set to NULL by a deletion is among them."""
    found = {t.name: {c.name for c in t.columns if c.nullable} for t in schema.tables}
    assert {name: columns for name, columns in found.items() if columns} == NULLABLE


def test_what_must_be_unique_is(schema: Schema) -> None:
    """The provider's id, the address, the key of the file, the framework's code."""
    assert {(t.name, unique.columns) for t in schema.tables for unique in t.uniques} == UNIQUES


def test_a_framework_is_linked_to_an_assessment_once(schema: Schema) -> None:
    """The pair is the key of the join table, and nothing else stands in it."""
    link = schema.table("assessment_frameworks")
    assert link.primary_key.columns == ("assessment_id", "framework_id")
    assert len(link.columns) == 2


def test_the_rules_of_the_product_are_checks(schema: Schema) -> None:
    """Fixed lists, sizes, the order of two moments, and what each state of an assessment needs."""
    found = {t.name: {check.expression for check in t.checks} for t in schema.tables if t.checks}
    assert found == {table: {parse(rule) for rule in rules} for table, rules in CHECKS.items()}


def test_new_rows_begin_as_the_journey_says(schema: Schema) -> None:
    """A team on the free plan, an assessment pending."""
    found = {
        (t.name, c.name): c.default
        for t in schema.tables
        for c in t.columns
        if c.default and not c.name.endswith("_at") and c.name != "id"
    }
    assert found == {place: parse(value) for place, value in DEFAULTS.items()}


def test_every_moment_knows_its_time_zone(schema: Schema) -> None:
    """Columns that end in _at are timestamptz, and ids are UUIDs."""
    moments = [c for t in schema.tables for c in t.columns if c.name.endswith("_at")]
    ids = [c for t in schema.tables for c in t.columns if c.name == "id"]
    assert {c.type for c in moments} == {Type("timestamptz")}
    assert {c.type for c in ids} == {Type("uuid")}


def test_each_index_serves_a_query_and_none_is_a_prefix_of_another(schema: Schema) -> None:
    """Single columns are merged, the worker's index is partial, small tables have none."""
    found = {table.name: indexes_of(table) for table in schema.tables if table.indexes}
    assert found == {name: {spelled(index) for index in all_} for name, all_ in INDEXES.items()}


# The answers


def parts_of(design: Design) -> list[Entity | Attribute | Relationship]:
    """Everything that becomes a table, a column or a foreign key."""
    facts = [attribute for entity in design.entities for attribute in entity.attributes]
    return [*design.entities, *facts, *design.relationships]


def test_everything_says_what_it_is_for(design: Design) -> None:
    """Each entity, attribute and relationship has a purpose, each pattern somebody who asks."""
    assert [part.id for part in parts_of(design) if not part.purpose] == []
    assert [pattern.id for pattern in design.access_patterns if not pattern.name] == []


def test_everything_is_traced_to_a_step(design: Design) -> None:
    """Ids of steps that exist, or one of the askers that no step is."""
    steps = {step.id for step in design.steps}
    for part in parts_of(design):
        assert part.steps, part.id
        assert steps.issuperset(part.steps), part.id
    assert {pattern.who for pattern in design.access_patterns} <= steps | {"worker", "billing"}


def test_no_step_of_the_journey_is_without_its_data(design: Design) -> None:
    """Each step is served by some entity."""
    served = {step for entity in design.entities for step in entity.steps}
    assert [step.id for step in design.steps if step.id not in served] == []


def test_no_question_was_left_open(design: Design) -> None:
    """Every question that the walk asks about this design is answered, and every step is done."""
    asked = questions(design)
    assert len(asked) > 300
    assert [question.id for question in asked if question.state != "answered"] == []
    assert first_open(design) is None


def test_the_review_finds_nothing(design: Design) -> None:
    """No warning greets whoever opens the example."""
    assert review(design).findings == ()


def test_what_does_not_outlive_the_session_says_where_it_lives(design: Design) -> None:
    """Reports and sessions are named in the journey, and have no table."""
    transient = [entity for entity in design.entities if entity.persists == "no"]
    assert {(e.id, e.lives_in) for e in transient} == {("report", "cache"), ("session", "session")}


def test_each_big_choice_has_alternatives_with_reasons(design: Design) -> None:
    """What was not chosen, why, and when to think again."""
    assert len(design.alternatives) >= 5
    for choice in design.alternatives:
        assert choice.instead, choice.name
        assert choice.why_not, choice.name
        assert choice.reconsider, choice.name


def line_of(note: Note) -> str:
    """The line that a note points to, counted from 1."""
    file, _, number = note.source.rpartition(":")
    return (EXAMPLE / file).read_text(encoding="utf-8").split("\n")[int(number) - 1]


def test_a_note_from_a_document_quotes_the_line_that_it_points_to(design: Design) -> None:
    """`02-tech-stack.md:10` says what the note says that it says."""
    from_documents = [note for note in design.notes if note.by == "document"]
    assert len(from_documents) >= 20
    for note in from_documents:
        quoted = re.match(r'"([^"]+)"', note.why)
        assert quoted, note.id
        assert quoted[1] in line_of(note), note.id


def test_a_note_belongs_to_a_question_and_gives_a_reason(design: Design) -> None:
    """No note speaks of a question that the walk does not ask."""
    asked = {question.id for question in questions(design)}
    assert [note.id for note in design.notes if note.id not in asked] == []
    assert [note.id for note in design.notes if not note.why] == []
    assert len({note.id for note in design.notes}) == len(design.notes)


# The documents


def test_the_fingerprints_are_those_of_the_documents(design: Design) -> None:
    """Nobody is told at once that a document changed."""
    kinds = {source.kind: source for source in design.sources}
    assert set(kinds) == {"journey", "tech-stack", "architecture"}
    for source in design.sources:
        data = (EXAMPLE / source.path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == source.sha256, source.path


def test_reading_the_documents_finds_what_the_design_holds(
    design: Design, reading: Reading
) -> None:
    """The same sources and steps, word for word and line for line."""
    assert reading.problems == ()
    assert reading.sources == design.sources
    assert reading.steps == design.steps
    assert len(reading.steps) == 9


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("database", "postgresql"),
        ("version", "16"),
        ("language", "python"),
        ("framework", "fastapi"),
        ("tool", "alembic"),
        ("tenancy", "shared"),
    ],
)
def test_reading_the_documents_finds_the_stack(reading: Reading, field: str, value: str) -> None:
    """What was considered and turned down is not taken for a choice."""
    assert [fact.value for fact in reading.facts if fact.field == field] == [value]


def test_the_targets_of_the_design_are_those_of_the_documents(
    design: Design, reading: Reading
) -> None:
    """In the words of the documents."""
    targets = tuple(fact.value for fact in reading.facts if fact.field == "target")
    assert design.stack.targets == targets
    assert len(targets) > 9


@pytest.mark.parametrize("name", ["team", "user", "document", "framework", "assessment"])
def test_what_becomes_a_table_is_among_the_first_candidates(reading: Reading, name: str) -> None:
    """A newcomer finds it on the first screen."""
    assert name in [c.name for c in candidates(reading.steps, reading.sections)[:20]]


def entity_named(design: Design, name: str) -> Entity:
    """The entity of that id."""
    return next(entity for entity in design.entities if entity.id == name)


def test_usage_is_there_although_no_step_creates_it(design: Design) -> None:
    """The question about billing adds it, as the design says."""
    usage = entity_named(design, "usage_event")
    assert (usage.origin, usage.created_by) == ("unsaid.usage", "system")
