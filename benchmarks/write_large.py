"""Writes a design of 1,000 tables with 15 columns each with every writer: seconds and memory.

    python -m benchmarks.write_large [TABLES]

Each writer's share is timed in one run; the memory is the peak of the whole process.  Derivation,
review and the capability pass are part of the figures, as they are of `schemawalk write`.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from schemawalk.delivery import deliver
from schemawalk.design.model import AccessPattern, Attribute, Design, Entity, Relationship
from schemawalk.design.whole import Stack
from schemawalk.writers.output import apply

COLUMNS = 15
NAMES = (
    "name", "email", "status", "description", "price_cents", "quantity", "is_active", "metadata",
    "due_on", "started_at", "url", "score",
)  # fmt: skip
"""With id, foreign key and created_at these make fifteen columns."""


def large(tables: int) -> Design:
    """A forest: every table but each hundredth has a parent, an index and a checked list."""
    entities = tuple(_entity(number) for number in range(tables))
    links = tuple(
        Relationship(id=f"link_{n}", a=f"thing_{n // 2}", b=f"thing_{n}", many_b="yes",
                     many_a="no", optional="no", on_delete="cascade")
        for n in range(1, tables)
    )  # fmt: skip
    patterns = tuple(
        AccessPattern(id=f"newest_{n}", name=f"Newest things {n} of their parent",
                      entity=f"thing_{n}", equals=(f"link_{n}",), sort=("-created_at",))
        for n in range(1, tables)
    )  # fmt: skip
    return Design(entities=entities, relationships=links, access_patterns=patterns,
                  stack=Stack(database="postgresql", tools=("alembic", "prisma")))  # fmt: skip


def _entity(number: int) -> Entity:
    entity_id = f"thing_{number}"
    attributes = [_attribute(entity_id, name) for name in NAMES]
    created = Attribute(id=f"{entity_id}.created_at", name="created_at", required="start",
                        default="now", purpose="when it was added")  # fmt: skip
    return Entity(id=entity_id, name=f"Thing {number}", purpose=f"The thing of number {number}.",
                  origin="user", attributes=(*attributes, created))  # fmt: skip


def _attribute(entity_id: str, name: str) -> Attribute:
    values = ("open", "closed") if name == "status" else None
    return Attribute(id=f"{entity_id}.{name}", name=name, required="start", values=values,
                     kept_by="developers" if values else None, purpose=f"the {name}")  # fmt: skip


def main(tables: int) -> None:
    """Print the table of one run."""
    before = _peak_mb()
    design = large(tables)
    print(f"{tables:,} tables of {COLUMNS} columns; the design itself takes "
          f"{_peak_mb() - before:.0f} MB (Python with imports: {before:.0f} MB)")  # fmt: skip
    started = time.perf_counter()
    marks: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        delivery = deliver(design, Path(folder), progress=lambda _done, _total, name: marks.append(
            (name or "plan", time.perf_counter())))  # fmt: skip
        marks.append(("write", time.perf_counter()))
        apply(delivery.plan)
    marks.append(("", time.perf_counter()))
    assert all(len(table.columns) >= COLUMNS - 1 for table in delivery.work.schema.tables)
    spans = pairwise([("derive, review, fit", started), *marks])
    for (name, start), (_, end) in spans:
        print(f"  {name:<20} {end - start:7.3f} s")
    size = sum(map(len, delivery.texts.values())) / 1e6
    total = marks[-1][1] - started
    print(f"  {'total':<20} {total:7.3f} s, {size:.1f} MB of text, peak {_peak_mb():.0f} MB")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
