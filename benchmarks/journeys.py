"""Measures how many of a journey's real entities are among the first candidates.

Usage: python benchmarks/journeys.py CORPUS_DIR [--json] [--misses]

CORPUS_DIR holds `labels.json` and `journeys/<id>/journey/*`, the files of a text, which are read
together.  The labels list, per text, its `id`, its `gold_entities_mentioned_in_journey` and, per
entity, the words that name it in the journey under `surface_terms`.

Matching rule: an entity counts as found when one of its surface terms equals the name of a
candidate after folding (plural to singular, one spelling) and without spaces, so that
`TourStop`, `tour_stops` and "tour stops" are one.  An entity is counted once, at the best rank
of its terms.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from schemawalk.reading.candidates import Candidate, candidates
from schemawalk.reading.documents import read_documents
from schemawalk.reading.lemmas import fold_name

DEPTHS = (20, 50)


@dataclass
class Measured:
    """Recall of one text: of all candidates, and of the first 20 and 50."""

    id: str
    entities: int
    candidates: int
    recall: float
    at: dict[int, float]
    seconds: float
    ranks: dict[str, int | None] = field(default_factory=dict)


def main() -> None:
    """Print the table, or the same as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpus", type=Path, help="folder with labels.json and journeys/")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--misses", action="store_true", help="also list what is not in the first 20"
    )
    arguments = parser.parse_args()
    labels = json.loads((arguments.corpus / "labels.json").read_text(encoding="utf-8"))
    measured = [measure(label, arguments.corpus) for label in labels]
    if arguments.json:
        print(json.dumps([asdict(text) for text in measured] + [mean(measured)], indent=2))
    else:
        print(table(measured))
    if arguments.misses:
        print(misses(measured))


def measure(label: dict[str, Any], corpus: Path) -> Measured:
    """Read one text and look its entities up among the candidates."""
    files = sorted((corpus / "journeys" / label["id"] / "journey").iterdir())
    started = time.perf_counter()
    reading = read_documents(files, corpus, kind="journey")
    ranked = candidates(reading.steps, reading.sections)
    seconds = time.perf_counter() - started
    wanted = label["gold_entities_mentioned_in_journey"]
    ranks = {name: rank(label["surface_terms"].get(name) or [name], ranked) for name in wanted}
    found = [place for place in ranks.values() if place is not None]
    return Measured(
        id=label["id"],
        entities=len(wanted),
        candidates=len(ranked),
        recall=len(found) / len(wanted),
        at={depth: sum(place <= depth for place in found) / len(wanted) for depth in DEPTHS},
        seconds=seconds,
        ranks=ranks,
    )


def rank(terms: list[str], ranked: tuple[Candidate, ...]) -> int | None:
    """Return the best place, from 1, of a candidate that one of the terms names."""
    names = {folded(term) for term in terms}
    places = (place for place, one in enumerate(ranked, start=1) if folded(one.name) in names)
    return next(places, None)


def folded(name: str) -> str:
    """Return a name as it is compared."""
    return fold_name(name).replace(" ", "")


def mean(measured: list[Measured]) -> dict[str, Any]:
    """Return the mean over the texts, each text counting alike."""
    count = len(measured) or 1
    return {
        "id": "mean",
        "recall": sum(text.recall for text in measured) / count,
        "at": {depth: sum(text.at[depth] for text in measured) / count for depth in DEPTHS},
    }


def table(measured: list[Measured]) -> str:
    """Return the numbers as a table, one line a text, and their mean."""
    head = f"{'text':16} entities candidates recall   @20   @50 seconds"
    lines = [
        f"{text.id:16} {text.entities:8} {text.candidates:10} {text.recall:6.2f}"
        f" {text.at[20]:5.2f} {text.at[50]:5.2f} {text.seconds:7.2f}"
        for text in measured
    ]
    means = mean(measured)
    last = f"{'mean':35} {means['recall']:6.3f} {means['at'][20]:5.3f} {means['at'][50]:5.3f}"
    return "\n".join([head, *lines, last])


def misses(measured: list[Measured]) -> str:
    """Return, per text, the entities that are not among the first 20, with their ranks."""
    return "\n".join(
        f"{text.id}: {name} at {place or 'no place'}"
        for text in measured
        for name, place in text.ranks.items()
        if place is None or place > DEPTHS[0]
    )


if __name__ == "__main__":
    main()
