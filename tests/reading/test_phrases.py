"""What journeys say is done, read, owed and ended, in the many forms that they are told in."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Step
from schemawalk.reading.phrases import Read, duties, partings, reads, touches

NAMES = (
    "User", "Coach", "Player", "Booking", "Court", "Recipe", "Document", "Team", "Review",
    "Payment", "Usage event", "Assessment", "Invitation",
)  # fmt: skip


def told(*texts: str, title: str = "A step") -> tuple[Step, ...]:
    return tuple(Step(id=f"s{i}", title=title, text=text) for i, text in enumerate(texts))


def acts(text: str) -> set[tuple[str, str]]:
    return {(touch.name, touch.act) for touch in touches(told(text), NAMES)}


def read(text: str) -> Read:
    """The one read that a sentence tells of."""
    (found,) = reads(told(text), NAMES)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The user uploads a document.", {("Document", "create")}),
        ("A document is uploaded by the user.", {("Document", "create")}),
        ("As a coach, I want to add a court so that I can earn more.", {("Court", "create")}),
        ("As a user\nI'd like to write reviews.", {("Review", "create")}),
        ("1. Opens the document\n2. Renames the document",
         {("Document", "read"), ("Document", "change")}),
        ("- **User Action**: Browses recipes.", {("Recipe", "read")}),
        ("| 1 | Views the court | Shows it |", {("Court", "read")}),
        ("The coach approves the booking.", {("Booking", "change")}),
        ("The booking gets approved.", {("Booking", "change")}),
        ("The player cancels a booking.", {("Booking", "end")}),
        ("The invitation expires after seven days.", {("Invitation", "end")}),
        ("Creates, edits and deletes recipes.",
         {("Recipe", "create"), ("Recipe", "change"), ("Recipe", "end")}),
        ("Usage events are recorded.", {("Usage event", "create")}),
        ("When a team is dissolved, its users stay.", {("Team", "end")}),
        ("She adds a court, and retires the recipe.", {("Court", "create"), ("Recipe", "end")}),
        ("His documents and his bookings are deleted the same day.",
         {("Document", "end"), ("Booking", "end")}),
        ("The report adds up the team's usage events.", {("Usage event", "read")}),
    ],
)  # fmt: skip
def test_a_verb_says_what_is_done_to_its_object(text: str, expected: set[tuple[str, str]]) -> None:
    assert acts(text) == expected


def test_who_books_a_court_makes_a_booking_and_no_court() -> None:
    assert acts("The player books a court and pays for it.") == {
        ("Booking", "create"),
        ("Payment", "create"),
    }


def test_who_leaves_a_review_makes_one_and_who_leaves_a_team_goes() -> None:
    assert acts("The player leaves a review.") == {("Review", "create")}
    assert acts("The player leaves the team.") == {("Team", "change")}


@pytest.mark.parametrize(
    "text",
    [
        "The user cannot delete a document.",
        "A document is never deleted.",
        "Nobody edits a review.",
        "- **User Feels**: happy to delete the document.",
        "He is glad, so that he writes reviews.",
        "The document of the user matters.",
    ],
)
def test_what_is_denied_felt_or_only_wished_is_not_done(text: str) -> None:
    assert acts(text) == set()


def test_what_is_done_to_a_part_changes_the_whole() -> None:
    assert acts("The coach deletes the photo of a court.") == {("Court", "change")}
    assert acts("The coach adds a court description.") == {("Court", "change")}
    assert acts("The coach fills in the booking form.") == {("Booking", "change")}


def test_the_longer_name_is_meant() -> None:
    names = ("Event", "Usage event")
    (touch,) = touches(told("The worker deletes the usage event."), names)
    assert touch.name == "Usage event"


def test_the_clause_is_quoted_and_not_the_whole_sentence() -> None:
    step = told("The player opens the court, reads its reviews and uploads a document.")
    quotes = {touch.name: touch.quote for touch in touches(step, NAMES)}
    assert quotes["Court"] == "The player opens the court"
    assert quotes["Document"] == "uploads a document."


def test_a_long_clause_is_cut_at_a_word() -> None:
    (touch,) = touches(told(f"Uploads a document {'with a long tail ' * 20}."), NAMES)
    assert len(touch.quote) <= 120
    assert touch.quote.endswith("…")
    assert touch.quote.startswith("Uploads a document with a long tail")


def test_a_title_that_the_text_repeats_is_said_once() -> None:
    step = Step(id="s", title="Upload a document", text="- Upload a document at home")
    (touch,) = touches((step,), NAMES)
    assert touch.quote == "Upload a document at home"


def test_my_things_newest_first_a_page_at_a_time() -> None:
    found = read("As a coach I want to see my bookings, newest first, 20 at a time.")
    assert (found.name, found.owner, found.actor) == ("Booking", "me", "Coach")
    assert (found.sort, found.limit) == (("-created_at",), 20)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("The user sees the bookings of a court.", "Court"),
        ("The user sees the court's bookings.", "Court"),
        ("The user sees team documents.", "Team"),
        ("She opens the list of her assessments.", "me"),
        ("The operator sees the documents of all teams.", ""),
        ("The user lists documents.", ""),
    ],
)
def test_whose_they_are(text: str, owner: str) -> None:
    assert read(text).owner == owner


@pytest.mark.parametrize(
    ("text", "sort", "limit"),
    [
        ("Shows the 5 latest bookings.", ("-created_at",), 5),
        ("Users see the top 10 recipes.", (), 10),
        ("The coach sees upcoming bookings.", ("starts_at",), None),
        ("The user sees recipes sorted by price.", ("price",), None),
        ("The user sees recipes sorted by price descending.", ("-price",), None),
        ("The user browses the cheapest recipes.", ("price",), None),
        ("The user browses recipes in alphabetical order.", ("name",), None),
        ("The user sees bookings of the last 30 days.", (), None),
    ],
)
def test_in_what_order_and_how_many(text: str, sort: tuple[str, ...], limit: int | None) -> None:
    found = read(text)
    assert (found.sort, found.limit) == (sort, limit)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("The cook searches recipes by ingredient.", ("ingredient",)),
        ("She filters the list of her assessments by status.", ("status",)),
        ("The user filters recipes by price, level and cooking time to find one.",
         ("price", "level", "cooking time")),
        ("The user sees recipes.", ()),
    ],
)  # fmt: skip
def test_by_what_they_are_filtered(text: str, filters: tuple[str, ...]) -> None:
    assert read(text).filters == filters


def test_a_day_is_a_stretch_of_time_and_no_filter() -> None:
    found = read("Users see bookings of a court by day.")
    assert (found.owner, found.period, found.filters) == ("Court", True, ())


def test_a_state_is_known() -> None:
    assert read("The coach sees pending bookings.").state == "pending"


def test_searching_words_is_known() -> None:
    assert read("The user searches recipes.").words
    assert not read("The user sees recipes.").words


@pytest.mark.parametrize(
    "text",
    [
        "The user opens a document.",
        "The dashboard shows the number of bookings.",
        "The coach deletes bookings.",
    ],
)
def test_one_thing_or_a_figure_is_no_list(text: str) -> None:
    assert reads(told(text), NAMES) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Two bookings of one court must not overlap.", "exclusion"),
        ("A court that is already booked is not offered.", "exclusion"),
        ("No two users share an address.", "unique"),
        ("Each code must be unique.", "unique"),
        ("A player reviews a court only once.", "unique"),
        ("A player has at most 3 open bookings.", "at-most"),
        ("Uploads are limited to 20 MB.", "at-most"),
        ("Only the owner may delete a recipe.", "only-if"),
        ("A booking cannot be cancelled after it began.", "only-if"),
        ("The end must be later than the start.", "check"),
        ("Players cannot change a paid booking.", "other"),
        ("Invoices are never deleted.", "lasting"),
        ("An invoice that was issued is never deleted.", "lasting"),
        ("A contract cannot be changed once it is signed.", "lasting"),
        ("The ledger is append-only.", "lasting"),
        ("A review may only be written after the stay.", "only-if"),
    ],
)
def test_a_rule_has_a_kind(text: str, kind: str) -> None:
    (duty,) = duties(told(text))
    assert (duty.kind, duty.sentence) == (kind, text)


@pytest.mark.parametrize(
    "text",
    [
        "The system must provide a list of recipes.",
        "The player books a court.",
        "Mother says: I can't remember the code!",
        "The lamp flashes twice.",
        "The cook makes unique meals.",
    ],
)
def test_a_wish_for_a_feature_is_no_rule(text: str) -> None:
    assert duties(told(text)) == ()


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("The user closes their account.", "User", "The account is closed"),
        ("The coach deletes the court.", "Court", "The court is deleted"),
        ("The team is archived.", "Team", "The team is archived"),
        ("The player leaves the team.", "Team", "Somebody leaves the team"),
        ("The invitation expires.", "Invitation", "The invitation expires"),
    ],
)
def test_the_endings_that_a_journey_knows(text: str, name: str, title: str) -> None:
    (parting,) = partings(told(text), NAMES)
    assert (parting.name, parting.title, parting.quote) == (name, title, text)


def test_an_account_of_its_own_is_not_the_user() -> None:
    (parting,) = partings(told("The user closes their account."), ("User", "Account"))
    assert parting.name == "Account"


def test_an_ending_is_told_once_however_often_it_is_said() -> None:
    found = partings(told("He deletes a document.", "She deletes the document."), NAMES)
    assert [(each.step, each.title) for each in found] == [("s0", "The document is deleted")]


@pytest.mark.parametrize(
    "text",
    ["uploads a document and " * 60_000, "list of " * 200_000, "|" * 500_000, "a" * 1_000_000,
     "uploads,\n" * 150_000, "sees documents by " * 60_000],
    ids=["clauses", "of", "pipes", "letters", "commas", "by"],
)  # fmt: skip
def test_a_text_without_an_end_is_read_to_its_limit(text: str) -> None:
    """Nothing is quadratic: these come back at once, or the run would not."""
    step = told(text)
    found = (touches(step, NAMES), reads(step, NAMES), duties(step), partings(step, NAMES))
    assert all(len(each) < 10 for each in found)


def test_nothing_to_read_gives_nothing() -> None:
    found = (*touches((), NAMES), *reads((), NAMES), *duties(()), *partings((), NAMES))
    assert found == ()
    assert touches(told("The user uploads a document."), ()) == ()


def test_hostile_text_is_only_text() -> None:
    assert acts("The user [/x] {document} '; DROP TABLE users; -- uploads \x1b[31m a document") <= {
        ("Document", "create"),
        ("User", "end"),
    }
