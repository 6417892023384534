"""Step "columns": which facts, of which kind, and what is refused because it does not fit."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Attribute, Design
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Column, Table
from schemawalk.schema.review import review
from tests.wizard_steps.designs import start, taken
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError


def documents(design: Design) -> Table:
    derived = derive(design)
    assert [p for p in derived.problems if p.severity == "error"] == []
    return derived.schema.table("documents")


def column(design: Design, name: str) -> Column:
    return documents(design).column(name)


def rules(design: Design) -> set[str]:
    return {POSTGRESQL.sql(check.expression) for check in documents(design).checks}


def attribute(design: Design, attribute_id: str) -> Attribute:
    entity_id = attribute_id.partition(".")[0]
    entity = next(e for e in design.entities if e.id == entity_id)
    return next(a for a in entity.attributes if a.id == attribute_id)


def with_fact(name: str, kind: str) -> Design:
    """Documents with one more fact of a kind."""
    facts = walk.question(taken(), "facts.document.which").answer or ()
    design = walk.answer(taken(), "facts.document.which", (*facts, name))
    return walk.answer(design, f"attribute.document.{name}.kind", kind)


# Which facts


def test_facts_can_be_unticked_and_ticked_again() -> None:
    asked = walk.question(taken(), "facts.document.which")
    answered = asked.answer or ()
    less = tuple(each for each in answered if each != "file_size_bytes")
    design = walk.answer(taken(), asked.id, less)
    assert "file_size_bytes" not in {c.name for c in documents(design).columns}
    assert "file_size_bytes" in {o.value for o in walk.question(design, asked.id).options}
    assert walk.propose(design, "columns").design.entities == design.entities
    back = walk.answer(design, asked.id, answered)
    assert "file_size_bytes" in {c.name for c in documents(back).columns}


def test_a_thing_without_facts_gets_none_again() -> None:
    design = walk.answer(taken(), "facts.document.which", ())
    again = walk.propose(design, "columns").design
    assert walk.question(again, "facts.document.which").answer == ()


def test_what_such_things_often_have_is_offered_and_not_proposed() -> None:
    asked = walk.question(taken(), "facts.document.which")
    assert "description" in {o.value for o in asked.options}
    assert "description" not in asked.recommended
    design = walk.answer(taken(), asked.id, (*(asked.answer or ()), "description", "Due date"))
    names = [c.name for c in documents(design).columns]
    assert names[-2:] == ["created_at", "updated_at"], "stamps stay last"
    assert {"description", "due_date"} <= set(names)
    assert walk.question(design, "attribute.document.due_date.kind").recommended == ("date",)


def test_a_fact_that_goes_takes_along_what_spoke_of_it() -> None:
    design = walk.answer(
        taken(), "attribute.assessment.status.rules",
        ("status = 'completed' implies completed_at is not null",),
    )  # fmt: skip
    facts = walk.question(design, "facts.assessment.which").answer or ()
    without = tuple(each for each in facts if each != "completed_at")
    design = walk.answer(design, "facts.assessment.which", without)
    assert attribute(design, "assessment.status").rules == ()
    assert [f for f in review(design).findings if f.severity == "error"] == []


def test_a_fact_without_letters_is_refused() -> None:
    with pytest.raises(AnswerError, match="names no fact"):
        walk.answer(taken(), "facts.document.which", ("!!",))


@pytest.mark.parametrize(
    ("kept", "wanted", "unwanted"),
    [("object-store", "storage_key", "content"), ("database", "content", "storage_key")],
)
def test_where_files_are_kept_decides_their_columns(kept: str, wanted: str, unwanted: str) -> None:
    design = walk.take_all(walk.answer(start(), "unsaid.files", kept))
    names = {c.name for c in documents(design).columns}
    assert wanted in names
    assert unwanted not in names
    if kept == "database":
        assert column(design, "content").type.name == "bytes"


# Of which kind


def test_a_length_is_asked_of_short_texts_and_becomes_a_check() -> None:
    asked = walk.question(taken(), "attribute.document.file_name.length")
    assert asked.recommended == ("0",)
    design = walk.answer(taken(), asked.id, "255")
    assert "char_length(file_name) <= 255" in rules(design)
    nodes = {q.node for q in walk.questions(taken()) if q.subject == "document.created_at"}
    assert "length" not in nodes


def test_a_length_can_be_the_type_s() -> None:
    design = walk.answer(taken(), "attribute.document.file_name.length", "40")
    asked = walk.question(design, "attribute.document.file_name.bounded")
    assert asked.recommended == ("check",)
    design = walk.answer(design, asked.id, "varchar")
    assert POSTGRESQL.type(column(design, "file_name").type) == "varchar(40)"
    assert not any("char_length(file_name)" in rule for rule in rules(design))


def test_case_matters_where_two_cannot_share_a_text() -> None:
    """An address is the same in any case; a name only when somebody says so."""
    design = with_fact("email", "email")
    nodes = {q.node for q in walk.questions(design) if q.subject == "document.email"}
    assert "collation" not in nodes
    design = walk.answer(design, "attribute.document.email.unique", "alone")
    assert walk.question(design, "attribute.document.email.collation").recommended == ("any-case",)
    assert column(design, "email").collation == "any-case"
    exact = walk.answer(design, "attribute.document.email.collation", "exact")
    assert column(exact, "email").collation == ""


def test_an_own_rule_of_one_database_is_kept_and_one_statement_more_refused() -> None:
    asked = "attribute.document.file_name.rules"
    design = walk.answer(taken(), asked, ("postgresql: starts_with(file_name, 'a')",))
    assert "starts_with(file_name, 'a')" in rules(design)
    with pytest.raises(AnswerError, match="is not part of a rule"):
        walk.answer(taken(), asked, ("postgresql: true); DROP TABLE documents; --",))
    with pytest.raises(AnswerError, match="has no wings"):
        walk.answer(taken(), asked, ("postgresql: wings > 2",))


def test_digits_and_places_are_those_of_the_column() -> None:
    design = with_fact("weight", "decimal")
    design = walk.answer(design, "attribute.document.weight.precision", "6")
    design = walk.answer(design, "attribute.document.weight.scale", "3")
    assert POSTGRESQL.type(column(design, "weight").type) == "numeric(6,3)"
    with pytest.raises(AnswerError, match="6 digits in all cannot have 7"):
        walk.answer(design, "attribute.document.weight.scale", "7")
    with pytest.raises(AnswerError, match="cannot have 3 decimal places"):
        walk.answer(design, "attribute.document.weight.precision", "2")


@pytest.mark.parametrize("typed", ["euro", "eur", "EURO", "€"])
def test_a_currency_is_a_code_or_per_row(typed: str) -> None:
    design = with_fact("fee_cents", "money")
    with pytest.raises(AnswerError, match="three capital letters"):
        walk.answer(design, "attribute.document.fee_cents.currency", typed)
    design = walk.answer(design, "attribute.document.fee_cents.currency", "per-row")
    assert column(design, "fee_cents_currency").type.name == "text"


def test_parts_of_json_that_are_searched_become_columns_and_go_again() -> None:
    design = with_fact("metadata", "json")
    asked = "attribute.document.metadata.searched"
    design = walk.answer(design, asked, ("Page count",))
    assert column(design, "page_count").type.name == "integer"
    assert attribute(design, "document.metadata").searched == ("page_count",)
    back = walk.answer(design, asked, ())
    assert "page_count" not in {c.name for c in documents(back).columns}


def test_a_list_of_keys_becomes_a_many_to_many() -> None:
    design = with_fact("framework_ids", "list")
    asked = walk.question(design, "attribute.document.framework_ids.holds_keys")
    assert asked.recommended == ("yes",)
    design = walk.answer(design, asked.id, "yes")
    assert "framework_ids" not in {c.name for c in documents(design).columns}
    joined = derive(design).schema.table("document_frameworks")
    assert {key.references for key in joined.foreign_keys} == {"documents", "frameworks", "teams"}
    back = walk.answer(design, asked.id, "no")
    assert column(back, "framework_ids").type.name == "list"
    assert "document_frameworks" not in {t.name for t in derive(back).schema.tables}


def test_keys_of_something_new_bring_it_along() -> None:
    design = walk.answer(with_fact("tags", "list"), "attribute.document.tags.holds_keys", "yes")
    assert {"tags", "document_tags"} <= {t.name for t in derive(design).schema.tables}
    back = walk.answer(design, "attribute.document.tags.holds_keys", "no")
    assert "tags" not in {t.name for t in derive(back).schema.tables}


def test_what_always_follows_from_others_is_computed_by_the_database() -> None:
    design = with_fact("twice", "computed")
    from_ = "attribute.document.twice.computed_from"
    design = walk.answer(design, from_, ("file_size_bytes",))
    design = walk.answer(design, "attribute.document.twice.computed", "file_size_bytes * 2")
    made = column(design, "twice")
    assert made.generated is not None
    assert POSTGRESQL.sql(made.generated) == "file_size_bytes * 2"
    assert (made.type.name, made.nullable) == ("bigint", False)
    assert not any("twice" in rule for rule in rules(design))
    asked = {q.node for q in walk.questions(design) if q.subject == "document.twice"}
    assert "required" not in asked, "what it follows from says whether it is known"
    later = walk.answer(design, "attribute.document.twice.computed", "now-and-then")
    assert column(later, "twice").generated is None


@pytest.mark.parametrize(
    ("told", "type_", "null"),
    [
        ("file_size_bytes / 2", "numeric", False),
        ("lower(file_name) || '!'", "text", False),
        ("created_at + 30 days", "timestamptz", False),
        ("updated_at - created_at", "interval", False),
        ("year(created_at)", "integer", False),
        ("day(created_at)", "date", False),
        ("status = 'ready'", "boolean", False),
        ("length(file_name) / file_size_bytes", "numeric", True),
        ("file_size_bytes * 1.5", "numeric", False),
    ],
)
def test_what_follows_has_the_type_of_what_it_follows_from(
    told: str, type_: str, null: bool
) -> None:
    design = with_fact("made", "computed")
    design = walk.answer(design, "attribute.document.made.computed", told)
    made = column(design, "made")
    assert (made.type.name, made.nullable) == (type_, null)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("created_at < now()", r"now\(\) is another each time"),
        ("created_at + 3", "give 3 a unit"),
        ("postgresql: file_size_bytes % 2", "nobody else knows the type"),
        ("twice + 1", "itself"),
        ("wings * 2", "has no wings"),
        ("lower(file_size_bytes)", "needs text"),
        ("file_size_bytes *", "cannot be computed"),
    ],
)
def test_what_cannot_be_computed_is_refused(typed: str, says: str) -> None:
    with pytest.raises(AnswerError, match=says):
        walk.answer(with_fact("twice", "computed"), "attribute.document.twice.computed", typed)


# When it is known, and what it may be


def test_a_value_that_comes_later_says_by_which_step() -> None:
    design = walk.answer(taken(), "attribute.document.file_size_bytes.required", "later")
    asked = walk.question(design, "attribute.document.file_size_bytes.known_by")
    assert {"upload", "worker"} <= {o.value for o in asked.options}
    design = walk.answer(design, asked.id, "assess")
    assert column(design, "file_size_bytes").because.endswith('known later by "Run an assessment"')


@pytest.mark.parametrize(
    ("fact", "default", "says"),
    [
        ("file_name", "0", "text and 0 is a number"),
        ("file_size_bytes", "'big'", "a number and 'big' is text"),
        ("status", "'lost'", "not one of the values of status: uploading, ready, error"),
        ("created_at", "3", "a moment and 3 is a number"),
        ("file_name", "now", "now is a moment"),
    ],
)
def test_a_default_must_fit_its_kind(fact: str, default: str, says: str) -> None:
    with pytest.raises(AnswerError, match=says):
        walk.answer(taken(), f"attribute.document.{fact}.default", default)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("length(file_size_bytes) < 3", r"length\(\) needs text"),
        ("file_name > 3", "file_name is text and 3 is a number"),
        ("status = 'sent'", "not one of the values of status"),
        ("wings > 2", "has no wings: it has id, team_id, user_id"),
        ("file_size_bytes", "a rule says yes or no"),
    ],
)
def test_a_rule_must_fit_its_columns(rule: str, says: str) -> None:
    with pytest.raises(AnswerError, match=says):
        walk.answer(taken(), "attribute.document.file_name.rules", (rule,))


@pytest.mark.parametrize(
    "rule", ["length(file_name) <= 80", "user_id is not null", "id <> user_id"]
)
def test_a_rule_may_speak_of_every_column_of_its_table(rule: str) -> None:
    design = walk.answer(taken(), "attribute.document.file_name.rules", (rule,))
    assert attribute(design, "document.file_name").rules == (rule,)


def test_a_misfit_in_a_file_that_was_edited_by_hand_is_a_finding() -> None:
    def edited(update: dict[str, object]) -> set[str]:
        entities = tuple(
            e.model_copy(update={"attributes": tuple(
                a.model_copy(update=update) if a.id == "document.file_name" else a
                for a in e.attributes)})
            for e in taken().entities
        )  # fmt: skip
        found = derive(taken().model_copy(update={"entities": entities})).problems
        return {finding.rule for finding in found}

    assert edited({"rules": ("file_name > 3",)}) == {"broken-rule"}
    assert edited({"default": "3"}) == {"broken-default"}


def test_a_fact_can_be_unique_together_with_its_parent() -> None:
    design = walk.answer(taken(), "attribute.document.file_name.unique", "together")
    asked = walk.question(design, "attribute.document.file_name.unique_with")
    assert asked.recommended == ("user_document",)
    design = walk.answer(design, asked.id, ("user_document", "status"))
    found = {unique.columns for unique in documents(design).uniques}
    assert ("team_id", "user_id", "status", "file_name") in found


def test_within_a_group_is_offered_only_where_there_are_groups() -> None:
    asked = walk.question(taken(), "attribute.document.file_name.unique")
    assert "per-tenant" in {o.value for o in asked.options}
    alone = walk.take_all(walk.answer(start(), "unsaid.groups", "no"))
    without = tuple(e for e in alone.entities if e.archetype != "group")
    ungrouped = alone.model_copy(update={"entities": without, "relationships": ()})
    offered = walk.question(ungrouped, "attribute.document.file_name.unique").options
    assert "per-tenant" not in {o.value for o in offered}


# Who may see it


def test_protection_is_asked_of_what_needs_it() -> None:
    email = walk.question(taken(), "attribute.user.email.protection")
    assert {o.value for o in email.options} == {"comment", "mask", "encrypt", "hash"}
    nodes = {q.node for q in walk.questions(taken()) if q.subject == "document.status"}
    assert "protection" not in nodes
    secret = walk.question(taken(), "attribute.user.password_hash.protection")
    assert secret.recommended == ("hash",)


def test_what_is_encrypted_is_bytes_without_rules_and_says_so() -> None:
    design = walk.answer(taken(), "attribute.user.email.protection", "encrypt")
    users = derive(design).schema.table("users")
    assert users.column("email").type.name == "bytes"
    assert "encrypted by the program" in users.column("email").because
    assert not any("email" in POSTGRESQL.sql(c.expression) for c in users.checks)
    asked = walk.question(taken(), "attribute.user.email.protection")
    told = next(o.leads_to for o in asked.options if o.value == "encrypt")
    assert "its rules and its uniqueness can no longer be checked" in told


def test_what_is_proposed_is_what_is_recommended() -> None:
    """A fact that comes with its thing as unique or later is not recommended to be otherwise."""
    asked = [q for q in walk.questions(taken(), "columns") if q.node in ("unique", "required")]
    assert any(q.answer == ("alone",) for q in asked)
    assert [q.id for q in asked if q.answer != q.recommended] == []
