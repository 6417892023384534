"""Indexes in the walk: what the journey reads is proposed, own sentences are understood."""

from __future__ import annotations

from functools import cache

import pytest

from schemawalk.design.model import AccessPattern, Attribute, Design, Entity, Relationship
from schemawalk.design.model import Step as JourneyStep
from schemawalk.design.whole import Stack
from schemawalk.schema.derive import derive
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps import walk
from wizard_steps.access_answers import none_for_zero
from wizard_steps.asking.question import AnswerError
from wizard_steps.index_words import outcome, why_not
from wizard_steps.proposing.patterns import Suggestion, suggestions


def facts(entity: str, **kinds: str) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(id=f"{entity}.{name}", name=name, kind=kind.replace("_", "-"))
        for name, kind in kinds.items()
    )


def child(a: str, b: str) -> Relationship:
    return Relationship(id=f"{a}_{b}", a=a, b=b, many_b="yes", many_a="no", optional="no")


STATUS = Attribute(id="booking.status", name="status", kind="one-of",
                   values=("pending", "confirmed", "cancelled"))  # fmt: skip


def club(*texts: str, **update: object) -> Design:
    """A tennis club: players book courts; the steps say what is read."""
    steps = tuple(JourneyStep(id=f"s{i}", title=f"Part {i}", text=t) for i, t in enumerate(texts))
    entities = (
        Entity(id="player", name="Player", archetype="person",
               attributes=facts("player", email="email", created_at="moment")),
        Entity(id="court", name="Court", archetype="place",
               attributes=facts("court", name="short_text", tags="list", created_at="moment")),
        Entity(id="booking", name="Booking", archetype="thing", owner="player",
               attributes=(STATUS, *facts("booking", starts_at="moment", note="long_text",
                                          paid="yes_no", updated_at="moment",
                                          created_at="moment"))),
    )  # fmt: skip
    design = Design(
        steps=steps, entities=entities,
        relationships=(child("player", "booking"), child("court", "booking")),
    )  # fmt: skip
    return design.model_copy(update=update)


def suggested(*texts: str, **update: object) -> tuple[Suggestion, ...]:
    return suggestions(Lookup(club(*texts, **update)))


def read(text: str) -> AccessPattern:
    """The first pattern that a step's text leads to."""
    first = suggested(text)[0]
    assert first.because.startswith("step 1")
    return first.pattern


@cache
def grown() -> Design:
    """The club with its proposals taken."""
    return walk.propose(club("The player sees their bookings, newest first."), "access").design


def test_what_a_step_reads_is_proposed_with_its_words() -> None:
    found = suggested("Hello.", "The player sees their bookings, newest first.")[0]
    assert found.because == "step 2: 'The player sees their bookings, newest first.'"
    pattern = found.pattern
    assert pattern.name == "The player sees their bookings, newest first"
    assert (pattern.entity, pattern.who) == ("booking", "s1")
    assert (pattern.equals, pattern.sort, pattern.limit) == (
        ("player_booking",), ("-created_at",), 20,
    )  # fmt: skip


def test_who_asks_may_be_billing_or_a_worker() -> None:
    asked = read("Billing adds up the player's bookings of the month.")
    assert (asked.who, asked.range, asked.often) == ("billing", "starts_at", None)
    design = club(access_patterns=(asked,))
    assert walk.question(design, f"access.{asked.id}.often").recommended == ("daily",)
    assert read("The worker picks pending bookings, oldest first.").who == "worker"


def test_the_same_question_is_proposed_once() -> None:
    """The journey says what the archetype would have said: once is enough."""
    found = suggested("The player sees their bookings, newest first.")
    same = [s for s in found if s.pattern.equals == ("player_booking",) and s.pattern.sort]
    assert len(same) == 1


def test_without_a_journey_the_archetype_proposes() -> None:
    found = [s for s in suggested() if s.proposed]
    assert [s.pattern.name for s in found] == ["Player sees their bookings, newest first"]
    assert found[0].because == 'often asked of its kind, "thing or file"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The player sees bookings of a court by day.",
         {"equals": ("court_booking",), "range": "starts_at"}),
        ("The player filters their bookings by status.",
         {"equals": ("player_booking", "status"), "sort": ("-created_at",)}),
        ("The club sees pending bookings, oldest first.",
         {"fixed": ("status = 'pending'",), "sort": ("created_at",)}),
        ("The player sees their upcoming bookings.",
         {"equals": ("player_booking",), "range": "starts_at", "sort": ("starts_at",)}),
        ("The player searches courts by tags.", {"contains": "tags", "contains_how": "list"}),
        ("The player searches courts.", {"contains": "name", "contains_how": "words"}),
        ("The club looks through paid bookings in alphabetical order.",
         {"fixed": ("paid = true",), "sort": ()}),
        ("The player sees the 5 latest bookings.", {"sort": ("-created_at",), "limit": 5}),
        ("The club sees bookings by court.", {"equals": ("court_booking",)}),
    ],
)  # fmt: skip
def test_a_clause_becomes_a_pattern(text: str, expected: dict[str, object]) -> None:
    found = read(text)
    assert {field: getattr(found, field) for field in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        "The player opens a booking.",
        "The player sees courts.",
        "The player sees the players of a booking, newest first.",
        "The player filters bookings by colour.",
    ],
)
def test_what_no_column_answers_is_not_proposed(text: str) -> None:
    assert not any(s.because.startswith("step") for s in suggested(text))


def test_each_filter_is_a_question_of_its_own() -> None:
    found = suggested("The club filters bookings by status and court.")
    told = {s.pattern.name: s.pattern.equals for s in found if s.because.startswith("step")}
    assert told == {
        "Bookings by status": ("status",),
        "Bookings of one court": ("court_booking",),
    }


def test_a_promised_time_belongs_to_the_question_it_was_promised_for() -> None:
    targets = ("Bookings of a player, newest first | page | daily | 150 ms", "API p95 below 1 s")
    found = {s.pattern.name: s.pattern for s in suggested(stack=Stack(targets=targets))}
    assert found["Bookings of a player, newest first"].target_ms == 150
    assert found["Bookings of a player, newest first"].often == "daily"
    assert found["Bookings of a court"].target_ms == 1000


def test_foreign_keys_are_offered_but_not_proposed() -> None:
    keys = [s for s in suggested() if s.pattern.equals == ("court_booking",)]
    assert [(s.pattern.name, s.proposed) for s in keys] == [("Bookings of a court", False)]
    assert "Bookings of a court" not in {p.name for p in grown().access_patterns}


def test_the_row_says_the_index_and_who_says_so() -> None:
    rows = walk.propose(club("The player sees their bookings, newest first."), "access").rows
    assert rows[0].title == "The player sees their bookings, newest first"
    assert rows[0].detail == "index on player_id, created_at desc"
    assert rows[0].because.startswith("step 1: 'The player sees")
    assert (rows[-1].title, rows[-1].optional) == ("1 more foreign key", False)
    assert "court_id of bookings" in rows[-1].detail


def test_own_words_become_a_pattern() -> None:
    sentence = "users see bookings of a court by day"
    design = walk.answer(grown(), "asked.which", (*taken(grown()), sentence))
    made = design.access_patterns[-1]
    assert (made.name, made.equals, made.range) == (sentence, ("court_booking",), "starts_at")
    assert walk.question(design, f"access.{made.id}.index").recommended == ("yes",)


def taken(design: Design) -> tuple[str, ...]:
    return walk.question(design, "asked.which").answer or ()


def test_own_words_without_a_verb_do_too() -> None:
    design = walk.answer(grown(), "asked.which", ("bookings of a court, newest first",))
    assert design.access_patterns[0].sort == ("-created_at",)


def test_the_same_own_words_again_are_the_same_pattern() -> None:
    answers = (*taken(grown()), "bookings of a court, newest first")
    once = walk.answer(grown(), "asked.which", answers)
    assert walk.answer(once, "asked.which", answers).access_patterns == once.access_patterns


def test_words_that_name_nothing_known_are_refused_with_what_to_write() -> None:
    with pytest.raises(AnswerError, match=r"write who sees what.*bookings of a player"):
        walk.answer(grown(), "asked.which", ("the moon over the hill",))


def test_turning_down_is_remembered_and_choosing_again_takes_it_back() -> None:
    (only,) = taken(grown())
    without = walk.answer(grown(), "asked.which", ())
    assert (without.access_patterns, without.dropped) == ((), (only,))
    assert walk.propose(without, "access").design.access_patterns == ()
    offered = {o.value for o in walk.question(without, "asked.which").options}
    assert only in offered
    again = walk.answer(without, "asked.which", (only,))
    assert [p.id for p in again.access_patterns] == [only]
    assert again.dropped == ()


def test_leaving_out_a_row_is_the_same_as_not_ticking_it() -> None:
    (only,) = taken(grown())
    left = walk.propose(club("The player sees their bookings, newest first."), "access", [only])
    assert left.design.dropped == (only,)
    assert walk.question(left.design, "asked.which").answer == ()


def test_taking_the_proposal_again_adds_nothing_after_a_rename() -> None:
    renamed = walk.propose(grown(), "access").design
    entities = tuple(e.model_copy(update={"name": "Reservation"}) if e.id == "booking" else e
                     for e in renamed.entities)  # fmt: skip
    again = walk.propose(renamed.model_copy(update={"entities": entities}), "access").design
    assert [p.id for p in again.access_patterns] == [p.id for p in renamed.access_patterns]


def pattern(**more: object) -> AccessPattern:
    usual: dict[str, object] = {"id": "p", "name": "P", "entity": "booking"}
    return AccessPattern.model_validate(usual | more)


def said(*patterns: AccessPattern) -> str:
    """What the first of the patterns comes to."""
    design = club(access_patterns=patterns)
    return outcome(Lookup(design), patterns[0])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"equals": ("player_booking",), "sort": ("-created_at",)},
         "index on player_id, created_at desc"),
        ({"equals": ("court_booking",), "among": ("status",), "sort": ("starts_at",),
          "range": "created_at"}, "index on court_id, status, starts_at, created_at"),
        ({"sort": ("created_at",), "fixed": ("status = 'pending'",)},
         "index on created_at where status = 'pending'"),
        ({"equals": ("status", "court_booking"), "fixed": ("status = 'pending'",)},
         "index on court_id where status = 'pending'"),
        ({"entity": "court", "contains": "tags"}, "GIN on tags"),
        ({"equals": ("court_booking", "status"), "covering": ("starts_at",)},
         "index on court_id, status, with starts_at beside it"),
        ({"equals": ("player_booking",), "rows": 400}, "no index: 400 rows fit a few pages"),
        ({"equals": ("player_booking",), "often": "rarely"},
         "no index: asked rarely, while every write would pay for it"),
        ({"equals": ("status",)},
         "no index: status alone has 3 values: each would find too many rows"),
        ({"equals": ("paid",)},
         "no index: paid alone has 2 values: each would find too many rows"),
        ({"sort": ("-updated_at",), "often": "daily"},
         "no index: updated_at changes at nearly every use, and the index with it"),
        ({"contains": "note", "contains_how": "words"},
         "full text (GIN) on note"),
        ({"contains": "note", "contains_how": "similar"},
         "trigrams (GIN) on note"),
        ({}, "no index: nothing is compared or sorted"),
        ({"equals": ("player_booking",)}, "already covered by its foreign key"),
        ({"equals": ("status", "court_booking"), "index": "no"}, "no index: as decided"),
        ({"equals": ("status",), "index": "yes"}, "index on status"),
    ],
)  # fmt: skip
def test_the_outcome_says_the_index_or_why_there_is_none(
    asked: dict[str, object], expected: str
) -> None:
    assert said(pattern(**{"rows": 200_000, **asked})) == expected


def test_a_longer_index_covers_a_shorter_one_and_is_named() -> None:
    short = pattern(equals=("court_booking", "status"))
    long = pattern(id="q", name="Q", equals=("court_booking", "status"), sort=("starts_at",))
    assert said(short, long) == 'already covered by "Q"'
    assert said(long, short) == "index on court_id, status, starts_at"
    other = long.model_copy(update={"fixed": ("paid = true",)})
    assert said(short, other) == "index on court_id, status"


def test_of_two_that_ask_the_same_one_has_the_index() -> None:
    first = pattern(equals=("court_booking", "status"))
    second = pattern(id="q", name="Q", equals=("court_booking", "status"))
    lookup = Lookup(club(access_patterns=(first, second)))
    assert outcome(lookup, first) == "index on court_id, status"
    assert outcome(lookup, second) == 'already covered by "P"'


def test_what_the_outcome_says_is_what_is_derived() -> None:
    """The words in the walk and the schema follow the same rule."""
    asked = pattern(equals=("court_booking", "status"), sort=("-starts_at",), range="created_at",
                    fixed=("status = 'pending'",), rows=200_000, index="yes")  # fmt: skip
    (table,) = (t for t in derive(club(access_patterns=(asked,))).schema.tables
                if t.source == "booking")  # fmt: skip
    (index,) = (i for i in table.indexes if "p" in i.serves)
    parts = [f"{p.column} desc" if p.descending else p.column for p in index.parts]
    assert said(asked) == f"index on {', '.join(parts)} where status = 'pending'"


def asked_of(made: AccessPattern) -> list[str]:
    design = club(access_patterns=(made,))
    return [q.node for q in walk.questions(design, "access") if q.tree == "access"]


def test_nodes_are_asked_only_where_they_make_sense() -> None:
    small = asked_of(pattern(equals=("player_booking",), rows=10))
    assert {"fixed", "covering", "target", "limit", "contains", "contains_how"}.isdisjoint(small)
    big = asked_of(pattern(equals=("court_booking", "status"), sort=("starts_at",), rows=200_000))
    assert {"fixed", "covering", "target", "limit"} <= set(big)
    assert "contains" in asked_of(pattern(entity="court", sort=("name",)))
    assert "contains_how" in asked_of(pattern(entity="court", contains="tags"))
    assert "among" not in asked_of(pattern(entity="court", sort=("name",)))


@pytest.mark.parametrize(
    ("node", "value", "field", "expected"),
    [
        ("range", "starts_at", "range", "starts_at"),
        ("range", "none", "range", None),
        ("limit", "0", "limit", None),
        ("limit", "50", "limit", 50),
        ("target", "250", "target_ms", 250),
        ("target", "0", "target_ms", None),
        ("who", "report", "who", "report"),
        ("who", "the door's display", "who", "the door's display"),
        ("often", "daily", "often", "daily"),
    ],
)
def test_an_answer_is_a_field(node: str, value: str, field: str, expected: object) -> None:
    (only,) = taken(grown())
    design = walk.answer(grown(), f"access.{only}.{node}", value)
    assert getattr(design.access_patterns[0], field) == expected
    assert walk.question(design, f"access.{only}.{node}").state == "answered"


def test_searching_elsewhere_asks_anew_how() -> None:
    made = pattern(entity="court", contains="tags", contains_how="list")
    design = walk.answer(club(access_patterns=(made,)), "access.p.contains", "name")
    how = walk.question(design, "access.p.contains_how")
    assert (how.answer, how.recommended) == (None, ("words",))
    assert {o.value for o in how.options} == {"words", "similar"}


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(AnswerError, match="whole number"):
        none_for_zero("limit")(grown(), taken(grown())[0], ("many",))


def test_a_recommendation_stays_when_somebody_answers_otherwise() -> None:
    (only,) = taken(grown())
    design = walk.answer(grown(), f"access.{only}.sort", ("starts_at",))
    asked = walk.question(design, f"access.{only}.sort")
    assert (asked.answer, asked.recommended) == (("starts_at",), ("-created_at",))
    assert asked.because.startswith("step 1")


def test_the_advice_and_the_reason_go_together() -> None:
    for each in suggested("The player sees pending bookings, oldest first."):
        design = club(access_patterns=(each.pattern,))
        reason = why_not(Lookup(design), each.pattern)
        advised = walk.question(design, f"access.{each.pattern.id}.index").recommended
        assert advised == (("no",) if reason else ("yes",))


def test_every_node_has_a_case_in_the_users_own_words() -> None:
    for asked in walk.questions(grown(), "access"):
        assert asked.example
        assert "{" not in asked.example
    index = walk.question(grown(), f"access.{taken(grown())[0]}.index")
    assert "The player sees their bookings" in index.example


def test_a_hostile_sentence_is_only_a_sentence() -> None:
    hostile = "users see bookings of a court [/x] {owner} '; DROP TABLE users; --"
    design = walk.answer(grown(), "asked.which", (hostile,))
    assert design.access_patterns[0].name == hostile
    assert derive(design).problems == ()


def test_what_is_only_usual_is_not_proposed_when_it_is_read_the_other_way_already() -> None:
    """One index is read from both ends; a second one would only be written to."""
    targets = ("Bookings of a player, oldest first | page | daily | 150 ms",)
    found = {s.pattern.name: s for s in suggested(stack=Stack(targets=targets))}
    assert found["Bookings of a player, oldest first"].proposed
    assert not found["Player sees their bookings, newest first"].proposed
    alone = {s.pattern.name: s for s in suggested()}
    assert alone["Player sees their bookings, newest first"].proposed
