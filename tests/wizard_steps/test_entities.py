"""Step "entities": what unsaid answers add, what makes two the same, and how things live."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Step
from schemawalk.schema.derive import derive
from schemawalk.schema.review import review
from tests.studio import told
from tests.wizard_steps.designs import start, taken
from wizard_steps import walk
from wizard_steps.asking.given import Given
from wizard_steps.asking.question import AnswerError
from wizard_steps.unsaid import TOPICS


def named(design: Design) -> set[str]:
    return {entity.name for entity in design.entities}


def offered(design: Design, question: str) -> set[str]:
    return {option.value for option in walk.question(design, question).options}


# What unsaid answers add


@pytest.mark.parametrize(
    ("topic", "answer", "adds"),
    [
        ("sign_in", "external", {"User"}),
        ("sign_in", "password", {"User", "Session", "Password reset", "Credential"}),
        ("groups", "yes", {"Team", "Invitation"}),
        ("roles", "tables", {"Role", "Permission"}),
        ("audit", "yes", {"Audit entry"}),
        ("usage", "yes", {"Usage event", "Plan", "Subscription", "Invoice"}),
        ("lines", "yes", {"Line item"}),
        ("history", "yes", {"Version"}),
        ("notifications", "yes", {"Notification", "Notification preference"}),
        ("files", "database", {"File"}),
        ("lists", "yes", {"Category", "Setting"}),
        ("metrics", "yes", {"Daily figure"}),
        ("machines", "yes", {"Api key", "Webhook", "Idempotency key"}),
    ],
)
def test_each_answer_offers_what_it_can_add(topic: str, answer: str, adds: set[str]) -> None:
    """Only what the answer means, and nothing for "no"."""
    nothing = {t.id: "none" if t.id == "sign_in" else "no" for t in TOPICS}
    design = Design()
    for each, value in (nothing | {topic: answer}).items():
        design = walk.answer(design, f"unsaid.{each}", value)
    assert offered(design, "found.which") == adds
    assert all(o.leads_to for o in walk.question(design, "found.which").options)


def test_what_is_ticked_is_there_and_what_is_not_stays_away() -> None:
    asked = walk.question(taken(), "found.which")
    assert asked.answer == ("User", "Session", "Team", "Usage event")
    design = walk.answer(taken(), asked.id, ("User", "Team", "Usage event", "Invoice"))
    assert "Invoice" in named(design)
    assert "Session" not in named(design)
    again = walk.propose(design, "entities").design
    assert "Session" not in named(again), "what was turned down is not proposed again"
    assert "Session" in offered(again, "found.which"), "but it can be ticked"
    back = walk.answer(again, asked.id, asked.answer)
    assert named(back) == named(taken())


def test_own_words_are_added_and_need_no_step() -> None:
    asked = walk.question(taken(), "found.which")
    design = walk.answer(taken(), asked.id, (*(asked.answer or ()), "Tax rate"))
    assert "Tax rate" in named(design)
    assert "tax_rate" not in {f.subject for f in review(design).findings
                              if f.rule == "entity-untraced"}  # fmt: skip


def test_what_a_step_names_is_not_found_twice() -> None:
    with pytest.raises(AnswerError, match="a step speaks of it"):
        walk.answer(taken(), "found.which", ("User", "Document"))


def test_leaving_a_found_thing_out_takes_along_what_spoke_of_it() -> None:
    design = walk.answer(taken(), "found.which", ("User", "Team"))
    assert not any("usage_event" in (x.a, x.b) for x in design.relationships)
    assert [f for f in review(design).findings if f.severity == "error"] == []


# What makes two the same


def test_a_name_can_be_unique_within_its_team_before_there_are_columns() -> None:
    design = walk.propose(start(), "unsaid").design
    design = walk.propose(design, "entities").design
    asked = walk.question(design, "entity.user.identity")
    assert {"email", "team_user"} <= {o.value for o in asked.options}
    design = walk.answer(design, asked.id, ("badge number", "team_user"))
    assert [f for f in derive(design).problems if f.severity == "error"] == []
    for step in ("relationships", "columns"):
        design = walk.propose(design, step).design
    users = derive(design).schema.table("users")
    assert ("badge_number", "team_id") in {unique.columns for unique in users.uniques}


def test_two_that_may_share_it_are_not_the_same_by_it() -> None:
    design = walk.answer(taken(), "attribute.user.email.unique", "no")
    users = derive(design).schema.table("users")
    assert ("email",) not in {unique.columns for unique in users.uniques}


def test_a_key_without_letters_is_refused() -> None:
    with pytest.raises(AnswerError, match="names no fact"):
        walk.answer(taken(), "entity.document.identity", ("??",))


def test_the_archetype_shows_what_it_brings() -> None:
    lines = walk.shows(taken(), "entity.document.archetype")
    assert lines[0] == "As a thing or file, a document usually brings:"
    assert any("created_at" in line for line in lines)
    assert any("newest first" in line for line in lines)
    as_event = walk.answer(taken(), "entity.document.archetype", "event")
    assert any("event_type" in line for line in walk.shows(as_event, "entity.document.archetype"))


# How it lives

LIFE = (
    Step(id="write", title="Write a letter", text="The clerk writes a letter."),
    Step(id="read", title="Look it up", text="The clerk opens the list of letters."),
    Step(id="mend", title="Mend", text="The clerk corrects the letter."),
    Step(id="end", title="Throw away", text="The clerk deletes the letter."),
)


def test_the_steps_say_who_creates_reads_changes_and_ends() -> None:
    design = walk.answer(Design(steps=LIFE), "nouns.write.which", ("Letter", "Clerk"))
    recommended = {
        node: walk.question(design, f"entity.letter.{node}").recommended
        for node in ("created_by", "read_by", "changed_by", "ended_by")
    }
    assert recommended == {
        "created_by": ("write",), "read_by": ("read",), "changed_by": ("mend",),
        "ended_by": ("end",),
    }  # fmt: skip


def test_several_steps_may_change_a_thing() -> None:
    design = walk.answer(taken(), "entity.document.changed_by", ("upload", "assess"))
    document = next(e for e in design.entities if e.id == "document")
    assert document.changed_by == ("upload", "assess")


def test_what_is_created_and_never_read_is_hinted_at() -> None:
    design = walk.answer(Design(steps=LIFE), "nouns.write.which", ("Letter", "Clerk"))
    design = walk.answer(design, "entity.letter.created_by", "write")
    unread = walk.answer(design, "entity.letter.read_by", ())
    hints = {f.subject for f in review(unread).findings if "reads it" in f.message}
    assert hints == {"letter"}
    shown = walk.answer(design, "entity.letter.read_by", ("read",))
    assert not any("reads it" in f.message for f in review(shown).findings)


def test_the_answers_alone_give_the_same_tables_again() -> None:
    """Nothing that the walk proposes can be had only by taking a proposal."""
    given = {q.id: Given(q.answer) for q in walk.questions(taken()) if q.answer is not None}
    again, refused = walk.answer_all(start(), given)
    assert [each for each in refused if not each.startswith("finish.")] == []
    assert set(derive(again).schema.tables) == set(derive(taken()).schema.tables)


# What is recommended


def test_what_an_answer_adds_is_what_the_answer_says() -> None:
    """A session that somebody signs in to is no process, whatever others are called so."""
    design = walk.answer(taken(), "unsaid.sign_in", "password")
    design = walk.propose(design, "entities").design
    asked = walk.question(design, "entity.session.archetype")
    assert (asked.answer, asked.recommended) == (("key",), ("key",))


@pytest.mark.parametrize(
    ("text", "archetype"),
    [("The user signs in and gets a session.", "key"), ("A trainer holds a session.", "process")],
)
def test_the_steps_say_which_session_is_meant(text: str, archetype: str) -> None:
    """That of somebody who signs in, or that with a trainer."""
    steps = (Step(id="first", title="First", text=text),)
    design = walk.answer(Design(steps=steps), "nouns.first.which", ("session",))
    design = walk.answer(design, "entity.session.persists", "yes")
    assert walk.question(design, "entity.session.archetype").recommended == (archetype,)


def test_no_moment_makes_two_the_same() -> None:
    """When something ends or was added is offered neither before there are facts nor after."""
    design = walk.answer(taken(), "unsaid.sign_in", "password")
    before = walk.propose(design, "entities").design
    after = walk.propose(before, "columns").design
    facts = {a.id for e in after.entities if e.id == "session" for a in e.attributes}
    assert "session.expires_at" in facts
    for each in (before, after):
        found = offered(each, "entity.session.identity")
        assert found
        assert not {"expires_at", "created_at", "updated_at"} & found


# What the journey calls them


def proposed_by(design: Design, *steps: str) -> Design:
    for step in ("sources", "stack", "unsaid", *steps):
        design = walk.propose(design, step).design
    return design


def test_the_group_is_the_noun_that_the_stack_names() -> None:
    """`studio_id` on each table: a Studio, and no Team; a column of no group decides nothing."""
    design = proposed_by(told(), "entities")
    groups = {e.name for e in design.entities if e.archetype == "group"}
    assert groups == {"Studio"}
    assert "Team" not in named(design)
    row = next(r for r in walk.propose(told(), "unsaid").rows if r.title == "groups")
    assert "a Studio that" in row.detail
    untold = told().model_copy(update={"stack": told().stack.model_copy(update={"facts": ()})})
    assert "Team" in named(proposed_by(untold, "entities"))


def test_what_the_steps_keep_is_proposed_and_what_they_only_name_is_told() -> None:
    walked = proposed_by(told())
    design = walk.propose(walked, "entities").design
    assert {"Instructor", "Lesson", "Course", "Report", "Note", "Payment"} <= named(design)
    assert not {"Emil", "Nora", "Payment provider", "Payment provider call"} & named(design)
    without = walk.propose(walked, "entities", ["lesson"])
    assert "Lesson" in without.headline


def test_labels_name_no_steps() -> None:
    """ "User Action" in each step is no word about users."""
    steps = tuple(
        Step(id=f"s{at}", title="Send", text=f"- **User Action**: {says}")
        for at, says in enumerate(("The user sends a parcel.", "A parcel comes.", "A parcel goes."))
    )
    user = next(e for e in proposed_by(Design(steps=steps), "entities").entities if e.id == "user")
    assert user.steps == ("s0",)


def test_people_are_known_by_what_they_do_and_dealings_by_their_time() -> None:
    design = proposed_by(told(), "entities")
    kinds = {e.name: e.archetype for e in design.entities}
    assert (kinds["Instructor"], kinds["Lesson"]) == ("person", "dealing")


def test_whose_a_thing_is_stands_in_the_journey() -> None:
    """ "The courses of the studio" are the studio's, where things are otherwise people's."""
    design = proposed_by(told(), "entities")
    owners = {e.name: e.owner for e in design.entities}
    assert (owners["Course"], owners["Report"]) == ("studio", "instructor")
    advised = walk.question(design, "entity.course.owner").because
    assert "courses of the studio" in advised
