"""Keeping: whose rows are whose, what deleting means, how long rows stay, who overwrites whom."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Attribute, Design, Entity, Relationship
from schemawalk.design.spans import SpanError, span
from schemawalk.design.whole import Keeping, Stack, Unsaid
from schemawalk.schema.review import review
from tests.wizard_steps.designs import taken
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError


def asked(design: Design) -> set[str]:
    return {q.id for q in walk.questions(design, "keeping")}


def entity(design: Design, entity_id: str) -> Entity:
    return next(e for e in design.entities if e.id == entity_id)


def shop(**update: object) -> Design:
    """People of one shop who pay; shops share the tables."""
    email = Attribute(id="user.email", name="email", kind="email", sensitivity="personal")
    stamp = Attribute(id="user.updated_at", name="updated_at", kind="moment")
    closed = Attribute(id="invoice.closed_at", name="closed_at", kind="moment", required="later")
    design = Design(
        stack=Stack(database="postgresql", tenancy="shared"),
        entities=(
            Entity(id="shop", name="Shop", archetype="group"),
            Entity(id="user", name="User", archetype="person", attributes=(email, stamp)),
            Entity(id="invoice", name="Invoice", archetype="money", attributes=(closed,)),
            Entity(id="colour", name="Colour", archetype="catalogue"),
        ),
        relationships=(
            Relationship(id="shop_user", a="shop", b="user", many_b="yes", many_a="no",
                         optional="yes"),
            Relationship(id="user_invoice", a="user", b="invoice", many_b="yes", many_a="no"),
        ),
    )  # fmt: skip
    return design.model_copy(update=update)


# Tenancy


def test_tenancy_is_asked_only_where_groups_share_tables() -> None:
    assert "tenancy.tables" in asked(shop())
    assert walk.question(shop(), "tenancy.tables").called == "stack: groups share tables"
    assert "tenancy.tables" not in asked(shop(stack=Stack(tenancy="none")))
    apart = shop(stack=Stack(tenancy="separate"), unsaid=Unsaid(groups="yes"))
    assert "tenancy.tables" not in asked(apart)
    spoken = shop(stack=Stack(), unsaid=Unsaid(groups="yes"))
    assert "tenancy.tables" in asked(spoken)


def test_what_hangs_on_the_group_is_its_own_and_people_who_may_be_without_it_are_not() -> None:
    assert walk.question(shop(), "tenancy.tables").recommended == ("invoice",)
    bound = walk.answer(shop(), "relationship.shop_user.optional", "no")
    assert walk.question(bound, "tenancy.tables").recommended == ("user", "invoice")


def test_each_table_is_somebodys_or_nobodys_after_the_answer() -> None:
    design = walk.answer(shop(), "tenancy.tables", ("user", "invoice"))
    assert {e.id: e.tenant for e in design.entities} == {
        "shop": "no", "user": "yes", "invoice": "yes", "colour": "no",
    }  # fmt: skip
    assert walk.question(design, "tenancy.tables").answer == ("user", "invoice")


def test_a_table_that_comes_later_re_opens_the_question_and_keeps_what_was_said() -> None:
    design = walk.answer(shop(), "tenancy.tables", ("user", "invoice"))
    late = Entity(id="note", name="Note", archetype="thing")
    link = Relationship(id="user_note", a="user", b="note", many_b="yes", many_a="no")
    design = design.model_copy(update={"entities": (*design.entities, late),
                                       "relationships": (*design.relationships, link)})  # fmt: skip
    question = walk.question(design, "tenancy.tables")
    assert question.state == "open"
    assert question.recommended == ("user", "invoice", "note")


def test_only_a_database_that_has_policies_is_offered_them() -> None:
    assert walk.question(shop(), "tenancy.policies").recommended == ("database",)
    lite = shop(stack=Stack(database="sqlite", tenancy="shared"))
    assert {o.value for o in walk.question(lite, "tenancy.policies").options} == {"application"}


# Deletion and retention


def test_rows_are_really_deleted_unless_people_take_deletions_back() -> None:
    assert walk.question(shop(), "keeping.deletion").recommended == ("real",)
    told = taken().steps[0].model_copy(update={"text": "A deleted document is in the trash."})
    design = shop(steps=(told,))
    question = walk.question(design, "keeping.deletion")
    assert question.recommended == ("soft",)
    assert "trash" in question.because


def test_days_to_restore_are_asked_only_where_something_is_hidden() -> None:
    assert "keeping.restore_days" not in asked(shop(keeping=Keeping(deletion="real")))
    design = walk.answer(shop(), "keeping.deletion", "soft")
    assert walk.question(design, "keeping.restore_days").recommended == ("30",)
    single = shop(keeping=Keeping(deletion="real"))
    single = walk.answer(single, "retention.invoice.deletion", "soft")
    assert "keeping.restore_days" in asked(single)


def test_retention_is_asked_where_data_is_personal_money_or_piles_up() -> None:
    about = {q.subject: q.called for q in walk.questions(shop(), "keeping") if q.subject}
    assert about["user"] == "users hold personal data: email"
    assert "money" in about["invoice"]
    assert not {"shop", "colour"} & about.keys()
    visits = Entity(id="visit", name="Visit", archetype="event", rows=200_000)
    piled = shop(entities=(*shop().entities, visits))
    called = walk.question(piled, "retention.visit.deletion").called
    assert called == "200,000 visits a year, and none ever changes"


def test_money_is_kept_for_years_and_outweighs_the_wish_to_be_forgotten() -> None:
    design = walk.propose(shop(), "keeping").design
    invoice = entity(design, "invoice")
    assert (invoice.keep_for, invoice.forget) == ("10 years", "keep")
    assert design.keeping.forget == "anonymise"
    assert entity(design, "user").forget == "anonymise"


def test_without_a_duty_to_keep_personal_data_goes() -> None:
    people = tuple(e for e in shop().entities if e.id in ("shop", "user"))
    design = walk.propose(shop(entities=people), "keeping").design
    assert design.keeping.forget == "delete"
    assert design.keeping.cleanup is None, "nothing has a time of its own"


@pytest.mark.parametrize("text", ["a while", "10", "years", "-1 days", "0 days", ""])
def test_a_time_that_is_none_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(SpanError, match="90 days"):
        span(text)
    with pytest.raises(AnswerError):
        walk.answer(shop(), "retention.invoice.keep_for", text)


def test_lengths_of_time_are_read_as_people_write_them() -> None:
    assert [str(span(text)) for text in ("90 days", "1 Year", "18 months", "forever")] == [
        "90 days", "1 year", "18 months", "None",
    ]  # fmt: skip
    design = walk.answer(shop(), "retention.invoice.keep_for", "forever")
    assert entity(design, "invoice").keep_for == "forever"


def test_what_is_kept_for_ever_needs_no_job() -> None:
    design = walk.answer(shop(), "retention.invoice.keep_for", "forever")
    assert "keeping.cleanup" in asked(shop())
    assert "keeping.cleanup" not in asked(design)


# Changes


def test_versions_are_asked_when_somebody_wants_the_past() -> None:
    assert "keeping.versions" not in asked(shop())
    proven = shop(unsaid=Unsaid(audit="yes"))
    assert walk.question(proven, "keeping.versions").recommended == ("log",)
    earlier = shop(unsaid=Unsaid(history="yes"))
    assert walk.question(earlier, "keeping.versions").recommended == ("history",)
    own = Entity(id="version", name="Version", archetype="event", origin="unsaid.history")
    kept = earlier.model_copy(update={"entities": (*earlier.entities, own)})
    assert walk.question(kept, "keeping.versions").recommended == ("no",)


def test_locking_is_asked_of_what_several_steps_change_and_advised_where_work_is_lost() -> None:
    text = Attribute(id="page.body", name="body", kind="long-text")
    page = Entity(id="page", name="Page", archetype="thing", attributes=(text,),
                  changed_by=("write", "correct"))  # fmt: skip
    plain = page.model_copy(update={"id": "flag", "name": "Flag", "attributes": ()})
    alone = plain.model_copy(update={"id": "mark", "name": "Mark", "changed_by": ("write",)})
    design = shop(entities=(*shop().entities, page, plain, alone))
    question = walk.question(design, "changing.page.locking")
    assert question.called == "2 steps change a page"
    assert question.recommended == ("version",)
    assert walk.question(design, "changing.flag.locking").recommended == ("last-wins",)
    assert "changing.mark.locking" not in asked(design)


def test_what_never_says_when_it_is_over_is_advised_to_stay() -> None:
    """A time that nothing begins to run removes nothing: the untouched walk promises none."""
    endless = tuple(e.model_copy(update={"attributes": ()}) if e.id == "invoice" else e
                    for e in shop().entities)  # fmt: skip
    taken = walk.propose(shop(entities=endless), "keeping")
    assert entity(taken.design, "invoice").keep_for == "forever"
    assert taken.headline == "Really deleted; 1 entity keeps rows for ever"
    assert "keep-without-end" not in {f.rule for f in review(taken.design).findings}
    hidden = walk.answer(shop(entities=endless), "keeping.deletion", "soft")
    assert walk.question(hidden, "retention.invoice.keep_for").recommended == ("10 years",)


def test_updated_at_is_asked_about_where_there_is_one() -> None:
    assert walk.question(shop(), "keeping.stamps").recommended == ("trigger",)
    bare = tuple(e.model_copy(update={"attributes": ()}) for e in shop().entities)
    assert "keeping.stamps" not in asked(shop(entities=bare))


def test_the_proposal_reads_in_sentences() -> None:
    proposal = walk.propose(shop(), "keeping")
    assert proposal.headline == "Really deleted; 1 entity keeps rows for 10 years"
    rows = {row.title: row.detail for row in proposal.rows}
    assert rows["Whose rows"] == "of one shop: invoices; the system's: users, colours"
    assert rows["Invoice"] == "really deleted; kept for 10 years; stays, whoever asks"


def test_each_row_leads_to_its_question() -> None:
    design = walk.propose(taken(), "keeping").design
    ids = {q.id for q in walk.questions(design)} | {
        f"{q.tree}.{q.subject}" for q in walk.questions(design)
    }
    for step in ("states", "keeping", "growth", "unchosen"):
        for row in walk.propose(taken(), step).rows:
            assert row.id in ids | {q.subject for q in walk.questions(design)}, row


def test_nothing_to_keep_says_so() -> None:
    assert walk.propose(Design(), "keeping").headline == "Nothing calls for this"
