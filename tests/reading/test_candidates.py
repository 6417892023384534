"""What is acted on ranks before the words that every journey uses."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from schemawalk.design.model import Step
from schemawalk.reading.candidates import Candidate, candidates, step_candidates
from schemawalk.reading.journey import Section, read_journey
from schemawalk.reading.labels import without_labels

LIBRARY = """# Journey
### Step 1: Borrow Book
- **User Action**: Member scans a book and borrows it
- **System Response**: Creates a loan for the member
- **Pain Point**: Waiting in line
- **Success Metric**: 95% of loans take a minute

### Step 2: Return Book
- **User Action**: Member returns the books to a branch
- **System Response**: Closes each loan, calculates fines
- **Pain Point**: Late fines
- **Success Metric**: 80% on time

### Step 3: Reserve
- **User Action**: Member reserves a book, sees all reservations
- **System Response**: Sends a notification, lists reservations of the branch
- **Pain Point**: Long queues
- **Success Metric**: Fewer calls
"""


def ranked(text: str) -> list[Candidate]:
    """Return the candidates of a text."""
    return list(candidates(read_journey(text, "j.md").steps))


def names(text: str) -> list[str]:
    """Return their names, best first."""
    return [candidate.name for candidate in ranked(text)]


def test_what_people_act_on_comes_first() -> None:
    """Book, loan, member and reservation are among the first six."""
    assert {"book", "loan", "member", "reservation"} <= set(names(LIBRARY)[:6])


def test_words_of_the_template_come_late_but_come() -> None:
    """Said in a sentence, "pain point" is weighed down, not dropped."""
    found = names(LIBRARY + "\nThe clerk adds pain points and a success metric to fines.\n")
    assert found.index("pain point") > found.index("fine")
    assert "success metric" in found


def test_labels_of_lines_are_no_mentions() -> None:
    """ "User Action" speaks of no user; a label of the text's own stays."""
    found = names(LIBRARY + "- **Librarian**: Opens the archive\n")
    assert not {"user", "user action", "system", "system response", "pain point"} & set(found)
    assert {"librarian", "archive"} <= set(found)
    marked = "**User Actions (at night)**:\nUser Action: a\n1. **What Happens:** b\n"
    assert without_labels(marked) == "(at night)\n a\n1.  b\n"


def test_names_of_people_in_the_story_come_late() -> None:
    """Ada and Jonas act in each step and are nothing to remember; a role without "the" is."""
    text = "".join(
        f"### Step {at}: Sort\nAda sorts the parcels, and Jonas sends a parcel. Guest pays. "
        "The file that Jonas sent is read.\n"
        for at in range(1, 4)
    )
    by_name = {one.name: one for one in ranked(text)}
    assert by_name["ada"].somebody
    assert by_name["jona"].somebody
    assert not by_name["guest"].somebody
    assert by_name["guest"].score > by_name["ada"].score
    assert by_name["parcel"].score > 2 * by_name["ada"].score


def test_what_facts_are_told_of_is_a_thing() -> None:
    """ "Services of the salon, each with a price": a service is no technology there."""
    plain = "### Step 1: X\nThe owner lists services of the salon. A guest picks a service.\n"
    told = plain.replace("the salon.", "the salon, each with a name and a price.")
    score = {one.name: one.score for one in ranked(told)}
    assert score["service"] > {one.name: one.score for one in ranked(plain)}["service"]
    service = next(one for one in ranked(told) if one.name == "service")
    assert service.stored
    assert "its facts are told" in service.because
    assert not next(one for one in ranked(told) if one.name == "salon").stored


def test_who_does_what_people_do_is_a_person() -> None:
    """An usher picks; a door opens, and is none."""
    found = {
        one.name: one for one in ranked("### Step 1: X\nThe usher picks a seat. A door opens.")
    }
    assert found["usher"].person
    assert not found["door"].person
    assert not found["seat"].person


def test_a_verb_with_an_object_is_no_noun() -> None:
    """In "and books an appointment" nothing is a book; in "lasts" nothing is a last."""
    found = names(
        "### Step 1: X\nA guest sees days and books a table. A meal lasts an hour, twice.\n"
    )
    assert not {"book", "last", "meal last", "twice"} & set(found)


def test_names_are_folded_into_the_singular() -> None:
    """One and many, and short forms, are one candidate."""
    text = "### Step 1: X\nA clerk adds criteria, a category and statuses; an admin edits docs.\n"
    found = names(text)
    assert {"criterion", "category", "status", "administrator", "document"} <= set(found)
    assert not {"criteria", "categories", "statuses", "admin", "docs"} & set(found)


def test_a_candidate_says_why_and_where() -> None:
    """Reasons quote the verb; steps are in the order of the journey."""
    book = next(one for one in ranked(LIBRARY) if one.name == "book")
    assert book.steps == ("borrow-book", "return-book", "reserve")
    assert "named in 3 steps" in book.because
    assert "heading of step 1" in book.because
    assert any(reason.startswith('object of "') for reason in book.because)
    assert 0 < book.score <= 1


def test_candidates_of_one_step_keep_the_order() -> None:
    """A step lists its own words only, ranked as overall."""
    steps = read_journey(LIBRARY, "j.md").steps
    overall = candidates(steps)
    own = step_candidates(steps[1], overall)
    assert [one for one in overall if one in own] == list(own)
    assert "fine" in [one.name for one in own]
    assert "notification" not in [one.name for one in own]


def test_a_definition_and_a_table_name_outrank_repetition() -> None:
    """`- **Ferry**: …` and `crossing_tickets` are said once and lead."""
    text = """### Step 1: Sail
A guard opens a gate. The guard closes the gate. Guards write reports about gates.
Every guard sends a report. A `crossing_tickets` row appears.
### Key Entities
- **Ferry**: A ship
"""
    score = {one.name: one.score for one in ranked(text)}
    assert score["ferry"] > score["guard"]
    assert score["crossing ticket"] > score["report"]


def test_compounds_speak_for_their_head() -> None:
    """ "Insurance claim" and "warranty claim" make "claim" a candidate too."""
    found = names("### Step 1: X\nA clerk files an insurance claim and a warranty claim.\n")
    assert found.index("claim") < found.index("insurance claim")


def test_actors_of_stories_are_candidates() -> None:
    """ "As a beekeeper, …" speaks for the beekeeper."""
    text = "As a beekeeper, I want to log a hive so that I find it.\n"
    beekeeper = next(one for one in ranked(text) if one.name == "beekeeper")
    assert "speaks in a user story" in beekeeper.because


def test_labels_of_diagrams_are_read() -> None:
    """A literal backslash-n in a diagram parts words; names of nodes are no words."""
    text = '### Step 1: Flow\n```mermaid\ngraph TD\n  AB["Courier\\nParcel"] --> C[Depot]\n```\n'
    found = names(text)
    assert {"courier", "parcel", "depot"} <= set(found)
    assert not {"nparcel", "ab", "graph td", "mermaid"} & set(found)


def test_other_parts_count_less_than_steps() -> None:
    """A section speaks for a candidate, but names no step."""
    step = Step(id="a", title="A", text="The clerk opens a claim.")
    found = candidates([step], [Section("Notes", "The clerk opens a ledger.", 9)])
    by_name = {one.name: one for one in found}
    assert by_name["claim"].score > by_name["ledger"].score
    assert by_name["ledger"].steps == ()


def test_a_long_journey_is_ranked_quickly() -> None:
    """100 kB in a moment, and a megabyte-long step does not run away."""
    steps = read_journey(LIBRARY * 150, "j.md").steps
    started = time.process_time()
    assert candidates(steps)[0].name in {"book", "member", "loan"}
    assert time.process_time() - started < 5
    assert len(candidates([Step(id="a", title="A", text="a[(`<!--*_/|" * 100_000)])) < 500


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_steps_give_sound_candidates(texts: list[str]) -> None:
    """Twice the same, scores in range and falling, steps known."""
    steps = [Step(id=f"s{at}", title=f"T{at}", text=text) for at, text in enumerate(texts)]
    found = candidates(steps)
    candidates([Step(id="other", title="Other", text="clears nothing")])
    assert found == candidates([step.model_copy() for step in steps])
    assert all(0 <= one.score <= 1 for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert {step for one in found for step in one.steps} <= {step.id for step in steps}
