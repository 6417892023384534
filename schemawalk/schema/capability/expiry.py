"""Which clean-ups a TTL index of MongoDB does by itself, and what keeps it from the others.

The index deletes a document when its moment is so long ago, and looks at nothing else: not at other
collections, and not at what a program does at a delete (MongoDB manual, "TTL Indexes").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from schemawalk.design.spans import Span, Unit
from schemawalk.schema.model import Schema
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import Audit, History, Thing

LONGEST: Final = 2**31 - 1
"""Most seconds that a TTL index waits: 68 years (MongoDB manual, "TTL Indexes")."""
_DAYS: Final[Mapping[Unit, int]] = {"day": 1, "month": 31, "year": 366}
"""The longest that a unit can be: nothing goes before its time."""
_DAY: Final = 86_400


def seconds(age: Span) -> int:
    """How many seconds after its moment a document goes, at the earliest."""
    return age.count * _DAYS[age.unit] * _DAY


def why_not_by_itself(routine: Routine, schema: Schema, around: Iterable[Thing]) -> str | None:
    """What a TTL index would get wrong in a routine's place; None where it does the same.

    Empty where the routine does something else altogether.  `around` is what stands around the
    tables where triggers are to be had.
    """
    if routine.purpose != "purge" or routine.age is None:
        return ""
    return next(_reasons(routine, routine.age, schema, around), None)


def _reasons(routine: Routine, age: Span, schema: Schema, around: Iterable[Thing]) -> Iterator[str]:
    looked_into = [name for name in routine.seen if name != routine.table]
    if looked_into:
        yield f"it first looks into {_listed(looked_into)}, and no TTL index does"
    keys = [(table.name, key) for table, key in schema.references() if not key.embedded]
    if referring := [name for name, key in keys if key.references == routine.table]:
        yield f"a TTL index would leave {_listed(referring)} referring to nothing"
    for thing in around:
        if isinstance(thing, Audit | History) and thing.table == routine.table:
            yield f"a TTL index would delete what {thing.into} then never hears of"
    if any(key.embedded for key in schema.table(routine.table).foreign_keys):
        yield "a TTL index deletes whole documents"
    if seconds(age) > LONGEST:
        yield "a TTL index waits for 68 years at most"


def _listed(names: Iterable[str]) -> str:
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last
