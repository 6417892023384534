"""Proves a schema and its migration on a real database: up, down, and rows taken and refused."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from types import MappingProxyType

from schemawalk.engines.acts import acts
from schemawalk.engines.acts.at_once import at_once
from schemawalk.engines.acts.partitions import parts
from schemawalk.engines.catalogue import differences, expected
from schemawalk.engines.definitions import unlike
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.path_guard import path_attempts
from schemawalk.engines.role_guard import role_attempts
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import (
    Attempt,
    DisprovedError,
    Proof,
    ProofCheck,
    tried,
)
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.model import Schema

__all__ = ["Progress", "Proof", "ProofCheck", "prove"]

Progress = Callable[[int, int, str], None]
"""Told how many steps are done, how many there are, and what is tried next; may raise to cancel."""

_STEPS_AROUND = 11
"""Steps besides the tables': seven before their rows, four after."""
_STEPS_AROUND_SEEDS = 3
"""Steps besides the scripts': up before them, two after."""
NO_SEEDS: Mapping[str, str] = MappingProxyType({})
_SHOWN = 5
"""How many differences or leftovers a check names."""


def prove(
    engine: Engine,
    schema: Schema,
    up: str,
    down: str,
    progress: Progress | None = None,
    seeds: Mapping[str, str] = NO_SEEDS,
    written: str = "",
) -> Proof:
    """What `engine` shows about `schema` and the SQL that makes it and takes it back.

    `seeds` are scripts with rows, by path, in the order in which they are to be run; `written` is
    how routines and triggers must read, where that is not `up` itself.
    `schema` has passed `capability.fit` for the engine's database, and the database is empty; it is
    empty again afterwards.  Nothing that goes wrong in a check is raised, only what `progress`
    raises.
    """
    proving = _Proving(engine, schema, up, down, progress or _silent, seeds, written or up)
    try:
        checks = tuple(proving.checks())
    finally:
        with contextlib.suppress(EngineError):
            engine.clear()
    return Proof(engine.name, engine.version, checks)


def _silent(_done: int, _total: int, _what: str) -> None:
    return None


class _Proving:
    """One proof: its checks in order, each told to `progress` before it is made."""

    def __init__(
        self,
        engine: Engine,
        schema: Schema,
        up: str,
        down: str,
        progress: Progress,
        seeds: Mapping[str, str],
        written: str,
    ) -> None:
        self._engine = engine
        self._schema = schema
        self._up = up
        self._down = down
        self._progress = progress
        self._seeds = seeds
        self._written = written
        self._done = 0
        self._total = 2 * len(schema.tables) + len(schema.around) + _STEPS_AROUND
        self._total += sum(1 for _ in role_attempts(engine, schema, up))
        self._total += sum(1 for _ in path_attempts(engine, schema, up))
        self._total += 2 * len(seeds) + _STEPS_AROUND_SEEDS if seeds else 0

    def checks(self) -> Iterator[ProofCheck]:
        rows = RowProof(self._engine, self._schema)
        for attempt in self._migration():
            check = self._step(attempt)
            yield check
            if not check.ok and attempt[0].startswith("up"):
                return
        with self._engine.savepoint():
            yield from self._rows(rows)
        filled = self._step(("every accepted row at once", partial(self._fill, rows)))
        yield filled
        self._tell("two sessions at once")
        yield from map(tried, at_once(rows) if filled.ok else ())
        for attempt in chain(self._way_back(), self._sowing()):
            yield self._step(attempt)

    def _migration(self) -> Iterator[Attempt]:
        yield "up", partial(self._run, self._up)
        yield "the catalogue equals the schema", self._compare
        yield "every routine and trigger reads as it was written", self._read
        yield "no table has a row yet", self._empty
        yield from role_attempts(self._engine, self._schema, self._up)
        yield from path_attempts(self._engine, self._schema, self._up)
        yield "down", partial(self._run, self._down)
        yield "nothing is left", self._look_around
        yield "up again", partial(self._run, self._up)

    def _way_back(self) -> Iterator[Attempt]:
        yield "down with rows", partial(self._run, self._down)
        yield "nothing is left after that", self._look_around

    def _sowing(self) -> Iterator[Attempt]:
        """The seeds in an empty schema, each script twice: the second time finds all its rows."""
        if not self._seeds:
            return
        yield "up for the seeds", partial(self._run, self._up)
        for path, script in self._seeds.items():
            yield f"{path}: passes every constraint", partial(self._sow, script)
            yield f"{path}: changes nothing when it is run again", partial(self._sow_again, script)
        yield "down with the seeds", partial(self._run, self._down)
        yield "nothing is left after the seeds", self._look_around

    def _rows(self, rows: RowProof) -> Iterator[ProofCheck]:
        accepting: set[str] = set()
        for table in self._schema.tables:
            self._tell(table.name)
            for attempt in rows.accepted(table):
                check = tried(attempt)
                accepting |= {table.name} if check.ok else set()
                yield check
        for table in self._schema.tables:
            self._tell(table.name)
            if table.name not in accepting:
                name = f"{table.name}: refuses what it should"
                yield ProofCheck(name, False, "not tried: it accepts no row at all", made=False)
                continue
            yield from map(tried, rows.refused(table))
            yield from map(tried, parts(table, rows))
        for thing in self._schema.around:
            self._tell(thing.name)
            yield from map(tried, acts(thing, rows))

    def _step(self, attempt: Attempt) -> ProofCheck:
        self._tell(attempt[0])
        return tried(attempt)

    def _tell(self, what: str) -> None:
        self._progress(self._done, self._total, what)
        self._done += 1

    def _run(self, script: str) -> str:
        self._engine.run(script)
        return ""

    def _sow(self, script: str) -> str:
        before = sum(self._counts().values())
        self._engine.run(script)
        return f"{sum(self._counts().values()) - before} rows"

    def _sow_again(self, script: str) -> str:
        before = self._counts()
        self._engine.run(script)
        after = self._counts()
        if more := [name for name in after if after[name] != before[name]]:
            raise DisprovedError(f"it changed how many rows there are in {', '.join(more)}")
        return ""

    def _counts(self) -> dict[str, int]:
        dialect = DIALECTS[self._engine.name]
        counting = "SELECT count(*) FROM {}".format
        names = [table.name for table in self._schema.tables]
        return {n: int(self._engine.rows(counting(dialect.quoted(n)))[0][0]) for n in names}

    def _compare(self) -> str:
        actual = self._engine.catalogue()
        if found := differences(expected(self._schema, self._engine), actual):
            raise DisprovedError(_some(found))
        return f"{len(actual.facts)} facts"

    def _read(self) -> str:
        if found := unlike(self._written, self._engine):
            raise DisprovedError(_some(found))
        return ""

    def _empty(self) -> str:
        if filled := [name for name, count in self._counts().items() if count]:
            raise DisprovedError(f"the migration puts rows into {', '.join(filled)}")
        return ""

    def _look_around(self) -> str:
        if found := self._engine.leftovers():
            raise DisprovedError(f"left: {_some(found)}")
        return ""

    def _fill(self, rows: RowProof) -> str:
        rows.repeat()
        return ""


def _some(sentences: tuple[str, ...]) -> str:
    more = len(sentences) - _SHOWN
    return "; ".join(sentences[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
