"""Documents are found by name and content, and trouble with one does not stop the others."""

from __future__ import annotations

import hashlib
import random
import time
from pathlib import Path

import pytest

from schemawalk.reading.as_json import reading_json
from schemawalk.reading.documents import find_documents, read_documents
from schemawalk.reading.text import ReadingError

JOURNEY = (
    "### Step 1: Pack Crate\nA worker packs a crate.\n### Step 2: Ship Crate\nA truck leaves.\n"
)
STACK = "# Tech Stack\n**Database**: SQLite 3.45\n**Backend**: Django 5\n"


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("00-user-journey.md", "journey"),
        ("product-guidelines/02-tech-stack.md", "tech-stack"),
        ("product-guidelines/04-architecture.md", "architecture"),
        ("product-guidelines/10-backlog/BACKLOG.md", "backlog"),
        ("docs/prd/user-journeys.md", "journey"),
        ("docs/user_stories.md", "journey"),
        ("docs/prd.md", "journey"),
        ("specs/001-crates/spec.md", "journey"),
    ],
)
def test_documents_are_found_by_name(tmp_path: Path, name: str, kind: str) -> None:
    """Numbered and unnumbered, in the folders where projects keep them."""
    write(tmp_path, {name: "text", "docs/other.md": "nothing", "src/journey.md": "not here"})
    found = {known: paths for known, paths in find_documents(tmp_path).items() if paths}
    assert found == {kind: (tmp_path / name,)}


def test_documents_are_found_by_content(tmp_path: Path) -> None:
    """A file whose name says nothing is told by what it says."""
    write(tmp_path, {"docs/people.md": "As a buyer, I want to pay.\n", "docs/how.md": STACK})
    found = find_documents(tmp_path)
    assert found["journey"] == (tmp_path / "docs/people.md",)
    assert found["tech-stack"] == (tmp_path / "docs/how.md",)


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    """Steps, facts and fingerprints come together, with names relative to the folder."""
    write(tmp_path, {"docs/user-journey.md": JOURNEY, "docs/tech-stack.md": STACK})
    reading = read_documents([tmp_path])
    assert reading.journeys == ("docs/user-journey.md",)
    assert [step.id for step in reading.steps] == ["pack-crate", "ship-crate"]
    assert [step.file for step in reading.steps] == ["docs/user-journey.md"] * 2
    assert reading.problems == ()
    source = next(one for one in reading.sources if one.kind == "tech-stack")
    assert source.path == "docs/tech-stack.md"
    assert source.sha256 == hashlib.sha256(STACK.encode()).hexdigest()


def test_ids_stay_unique_over_journeys(tmp_path: Path) -> None:
    """Two journeys may have steps of the same name."""
    write(tmp_path, {"a-journey.md": JOURNEY, "b-journey.md": JOURNEY})
    ids = [step.id for step in read_documents([tmp_path]).steps]
    assert len(ids) == len(set(ids)) == 4


def test_a_named_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    """What the user asked for by name must be there."""
    with pytest.raises(ReadingError, match=r"gone\.md.*check the path"):
        read_documents([tmp_path / "gone.md"])


def test_bad_files_become_sentences(tmp_path: Path) -> None:
    """An empty file and a binary one are reported, and the good one is read."""
    write(tmp_path, {"empty.md": " \n", "journey.md": JOURNEY})
    (tmp_path / "junk.md").write_bytes(bytes(range(16)) * 500)
    reading = read_documents([tmp_path / name for name in ("empty.md", "junk.md", "journey.md")])
    assert len(reading.steps) == 2
    assert [problem.split(":")[0] for problem in reading.problems] == ["empty.md", "junk.md"]
    assert "is empty" in reading.problems[0]
    assert "is not text" in reading.problems[1]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    """No documents, no steps, no crash."""
    reading = read_documents([tmp_path])
    assert (reading.steps, reading.sources) == ((), ())


def test_ten_megabytes_are_read_in_time(tmp_path: Path) -> None:
    """A huge journey is read and ranked, and the reader is told what was cut."""
    chance = random.Random(7)
    words = ["clerk", "files", "a", "claim", "for", "the", "customer", "and", "ledger"]
    line = " ".join(chance.choice(words) for _ in range(4000))
    path = tmp_path / "journey.md"
    path.write_text((f"### Step 1: File claim\n{line}\n") * 450, encoding="utf-8")
    assert path.stat().st_size > 9_000_000
    started = time.process_time()
    shown = reading_json(read_documents([path]))
    assert time.process_time() - started < 45
    assert len(shown["steps"]) == 450
    assert "claim" in [one["name"] for one in shown["candidates"]]
    assert "very long" in read_documents([path]).problems[0]


def test_json_shows_steps_candidates_and_stack(tmp_path: Path) -> None:
    """The values that other programs read, best first."""
    write(
        tmp_path,
        {"journey.md": JOURNEY, "tech-stack.md": STACK + "p95 latency 90 ms\nRPS: 50 rps\n"},
    )
    shown = reading_json(read_documents([tmp_path]))
    assert set(shown) == {"steps", "candidates", "stack"}
    assert set(shown["steps"][0]) == {"id", "title", "line", "candidates"}
    assert set(shown["steps"][0]["candidates"][0]) == {"name", "score", "because"}
    assert shown["candidates"][0]["name"] == "crate"
    assert shown["candidates"][0]["steps"] == ["pack-crate", "ship-crate"]
    assert shown["stack"]["database"] == {"value": "sqlite", "file": "tech-stack.md", "line": 2}
    assert [one["value"] for one in shown["stack"]["target"]] == [
        "p95 latency 90 ms",
        "RPS: 50 rps",
    ]


REQUIREMENTS = """# Feature: Packing

## Architecture Links

See [the decisions](decisions.md).

## Functional Requirements

### Packing

#### FR-PK-001

The user can pack a crate. A crate has a weight.

#### FR-PK-002

The user can print a label.

### History

#### FR-PK-003

The user sees the crates of the last month.

## Components

| Component | Spec |
|---|---|
| CrateCard | components.md |
"""


def test_requirements_are_a_journey(tmp_path: Path) -> None:
    """Each with a code and none numbered as a step; a heading of links is not what it is about."""
    write(tmp_path, {"docs/features/packing.md": REQUIREMENTS})
    assert find_documents(tmp_path)["journey"] == (tmp_path / "docs/features/packing.md",)
    reading = read_documents([tmp_path])
    assert [step.title for step in reading.steps] == [
        "The user can pack a crate",
        "The user can print a label",
        "The user sees the crates of the last month",
    ]
    assert [step.line for step in reading.steps] == [11, 15, 21]
