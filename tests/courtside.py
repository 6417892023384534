"""A small product's documents, for tests that walk: a journey of three steps and a stack."""

from __future__ import annotations

from pathlib import Path

JOURNEY = """\
# User Journey: Courtside

## Step 1: Sign up
- **User Action**: A player signs up with an e-mail address and a password, and joins a club.
- **System Response**: The club sees its new member.

## Step 2: Book a court
- **User Action**: The player picks a court of the club and books it for an hour.
- **System Response**: The booking is stored; nobody else can book the court at that time.

## Step 3: Cancel a booking
- **User Action**: The player cancels the booking, or the club closes the court.
- **System Response**: The court is free again, and the player is told.
"""

STACK = """\
# Tech Stack

- **Database**: SQLite 3.40
- **Backend**: FastAPI (Python 3.12)
"""


def documents(folder: Path) -> Path:
    """Write the documents into a folder; gives the folder."""
    guidelines = folder / "product-guidelines"
    guidelines.mkdir(parents=True)
    (guidelines / "00-user-journey.md").write_text(JOURNEY)
    (guidelines / "02-tech-stack.md").write_text(STACK)
    return folder
