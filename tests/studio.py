"""A small yoga studio's journey: several studios side by side, teachers, pupils and lessons."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Design
from schemawalk.reading.documents import Reading
from schemawalk.reading.journey import read_journey
from schemawalk.reading.stack import read_stack
from wizard_steps.sources import taken

JOURNEY: Final = """# Journey
### Step 1: Open the studio
- **User Action**: Nora opens the studio with its name and its address. She adds each instructor
  with a name and an e-mail address, and the courses of the studio, each with a title and a price.
- **System Response**: The studio is created. Each instructor receives an invitation and chooses a
  password.

### Step 2: Enrol
- **User Action**: Emil enrols as a pupil with his name and his phone number.
- **System Response**: The pupil is kept.

### Step 3: Book a lesson
- **User Action**: Emil picks a course and books a lesson with one instructor.
- **System Response**: A lesson has its start and its end. An instructor never has two lessons at
  the same time. A lesson lasts between 20 and 90 minutes. The instructor sees the lessons of a day.

### Step 4: Write the report
- **User Action**: The instructor writes a report about the lesson, and a note with a title.
- **System Response**: Reports and notes are kept. A pupil reads each note.

### Step 5: Pay
- **User Action**: Emil pays the invoice, and Nora sees it.
- **System Response**: The payment provider call returns a reference. The payment is kept.
"""

STACK: Final = """# Stack
- **Database**: PostgreSQL 16
- **Tenancy**: shared tables, `studio_id` on each table, and row-level security

## Lookups
| Query | Who | Calls | p95 (ms) |
|---|---|---|---|
| Lessons of an instructor by day | instructor | 5 a second | 100 |
| Free instructors of a day | pupil | 20 a second | 200 |
"""


def told() -> Design:
    """What the two documents tell, before anything is asked."""
    steps = read_journey(JOURNEY, "journey.md").steps
    facts = read_stack({"stack.md": STACK})
    return taken(Design(), Reading(steps=steps, facts=facts))
