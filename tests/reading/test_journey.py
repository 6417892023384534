"""Steps are found in every form that journeys are written in, and in nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemawalk.reading.journey import Journey, read_journey

NUMBERED_HEADINGS = """# User Journey: Bike repair

## Primary Persona
### Mechanic Mo
Repairs bikes all day.

## Core Flow

### Step 1: Drop Off Bike
- **User Action**: Leaves a bike at the counter
- **System Response**: Prints a claim ticket

### Step 2: Approve Quote
**What Happens**:
1. The mechanic writes a quote
2. The rider approves the quote

## Success Metrics
- 90% of quotes are approved

## Out of Scope
- Selling bikes
"""


def titles(text: str) -> list[str]:
    """Return the titles of the steps in a text."""
    return [step.title for step in read_journey(text, "journey.md").steps]


def test_numbered_headings_are_steps() -> None:
    """`### Step 1: …` opens a step, which keeps its text, its file and its line."""
    first, second = read_journey(NUMBERED_HEADINGS, "docs/journey.md").steps
    assert (first.id, first.title, first.line) == ("drop-off-bike", "Drop Off Bike", 9)
    assert first.file == "docs/journey.md"
    assert "Prints a claim ticket" in first.text
    assert "The rider approves the quote" in second.text


def test_other_parts_are_kept_apart() -> None:
    """Personas, metrics and what is out of scope are no steps, and are not lost."""
    journey = read_journey(NUMBERED_HEADINGS, "journey.md")
    assert [part.title for part in journey.personas] == ["Mechanic Mo"]
    assert [part.title for part in journey.metrics] == ["Success Metrics"]
    assert [part.title for part in journey.other] == ["Out of Scope"]
    assert journey.metrics[0].line == 18


def test_numbered_lines_with_a_name_are_steps() -> None:
    """`1. **Scan code** — …` below a free heading is a step of its own."""
    text = """# Visitor journeys
## Entrance
1. **Scan Code** — The visitor scans a code
2. **Pick Seat** — The visitor picks a seat
   and confirms it
## Exit
1. **Rate Visit** — The visitor leaves a rating
2. **Leave** — The gate opens
"""
    steps = read_journey(text, "j.md").steps
    assert [(step.title, step.line) for step in steps] == [
        ("Scan Code", 3),
        ("Pick Seat", 4),
        ("Rate Visit", 7),
        ("Leave", 8),
    ]
    assert steps[1].text.endswith("and confirms it")


def test_user_stories_are_titled_by_what_is_wanted() -> None:
    """One sentence, several lines, quoted or listed: each story is a step."""
    text = """As a tenant, I want to report a leak so that it is repaired.
- As an owner, I'd like to see every report, so that I can act.

> As a plumber
>
> So that I can plan my day
>
> I want to list my visits
"""
    assert titles(text) == ["Report a leak", "See every report", "List my visits"]


def test_given_when_then_is_titled_by_what_is_done() -> None:
    """Acceptance scenarios on a line each are steps."""
    text = """## Acceptance
1. **Given** an empty cart, **When** I add a ticket, **Then** the cart holds it
2. **Given** a full cart, **When** I pay, **Then** an order is created
"""
    assert titles(text) == ["Add a ticket", "Pay"]


def test_a_table_of_steps_gives_a_step_a_row() -> None:
    """The action names the step; a table of frictions names none."""
    text = """## Journey 1
| Step | User Action | System Response |
|---|---|---|
| 1 | Opens the parcel list | Shows parcels |
| 2 | Marks a parcel as lost | Opens a claim |

## Friction Points
| Step | Friction | Action |
|---|---|---|
| 1 | Slow | Cache |
"""
    journey = read_journey(text, "j.md")
    assert [step.title for step in journey.steps] == [
        "Opens the parcel list",
        "Marks a parcel as lost",
    ]
    assert [step.line for step in journey.steps] == [4, 5]
    assert "Opens a claim" in journey.steps[1].text


def test_a_list_of_requirements_alone_gives_a_step_each() -> None:
    """Without stories, every coded requirement is a step."""
    text = """# Feature
## Functional Requirements
- **FR-001**: A clerk MUST be able to file a claim
- **FR-002**: The system MUST number every claim
"""
    assert titles(text) == [
        "A clerk MUST be able to file a claim",
        "The system MUST number every claim",
    ]


def test_key_entities_stay_together_beside_stories() -> None:
    """A specification's requirements and entities are one step each when it tells stories too."""
    text = """## Scenarios
### User Story 1 - Book a lane (Priority: P1)
As a bowler, I want to book a lane so that I can play.

## Requirements
### Functional Requirements
- **FR-001**: System MUST keep bookings
- **FR-002**: System MUST refuse double bookings
### Key Entities
- **Lane**: Where people play
"""
    assert titles(text) == [
        "Book a lane (Priority: P1)",
        "Functional Requirements",
        "Key Entities",
    ]


def test_text_without_structure_gives_a_step_a_paragraph() -> None:
    """Prose is read too."""
    assert titles("A nurse admits a patient.\nThen waits.\n\nA doctor writes a note.") == [
        "A nurse admits a patient",
        "A doctor writes a note",
    ]


def test_headings_in_code_and_unclosed_fences() -> None:
    """A `#` inside a fence is no heading; a fence that never closes hides nothing."""
    fenced = "### Step 1: Run\n```\n### Step 9: comment\n```\n### Step 2: Stop\nx\n"
    assert titles(fenced) == ["Run", "Stop"]
    assert titles("### Step 1: Run\n```\n### Step 2: Stop\nx\n") == ["Run", "Stop"]


def test_same_titles_get_ids_of_their_own() -> None:
    """Two steps of one name stay two."""
    text = "### Step 1: Pay\nx\n### Step 2: Pay\ny\n### Step 3: Pay 2\nz\n"
    ids = [step.id for step in read_journey(text, "j.md").steps]
    assert len(set(ids)) == 3
    assert ids[0] == "pay"


def test_titles_of_other_scripts_get_an_ascii_id() -> None:
    """Arabic, emoji and things that look like markup are titles as written."""
    text = "### Step 1: رفع المستند\nx\n### Step 2: 🎉\ny\n### Step 3: [/foo] and [bold]\nz\n"
    steps = read_journey(text, "j.md").steps
    assert [step.title for step in steps] == ["رفع المستند", "🎉", "[/foo] and [bold]"]
    assert [step.id for step in steps] == ["step-1", "step-2", "foo-and-bold"]


def test_nothing_of_a_block_is_lost() -> None:
    """What stands beside the stories of a block is kept as another part."""
    text = "As a cook, I want to plan meals.\n\nExceptions: the pantry is empty.\n"
    journey = read_journey(text, "j.md")
    assert titles(text) == ["Plan meals"]
    assert "pantry is empty" in journey.other[0].text


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "#", "```", "|", "---\n---"])
def test_hardly_any_text_gives_hardly_any_journey(text: str) -> None:
    """Nothing in, nothing out."""
    assert len(read_journey(text, "j.md").steps) <= 1


def check(journey: Journey, text: str) -> None:
    """Assert what holds of every journey."""
    lines = text.count("\n") + 1
    ids = [step.id for step in journey.steps]
    assert len(set(ids)) == len(ids)
    assert all(1 <= step.line <= lines for step in journey.steps)
    assert all(1 <= part.line <= lines for part in journey.sections)
    assert all(step.id.isascii() and step.title for step in journey.steps)


PIECES = st.sampled_from(
    [
        "### Step 1: Pay",
        "## Metrics",
        "# T",
        "As a x, I want y",
        "1. **A** — b",
        "| Step | Action |",
        "|---|---|",
        "| 1 | go |",
        "```",
        "- **FR-001**: z",
        "### FR-002",
        "Given a When b Then c",
        "",
        "===",
        "---",
        "\\n[/foo]",
        "**User Action**: q",
        "### Key Entities",
        "- **Order**: w",
        "🎉 שלום",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=30), max_size=25))
def test_any_text_gives_a_sound_journey(pieces: list[str]) -> None:
    """Never an error; ids unique; lines inside the text."""
    text = "\n".join(pieces).replace("\r", "\n")
    check(read_journey(text, "j.md"), text)
