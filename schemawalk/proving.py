"""Proofs of a design's SQL on several databases, side by side: each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from schemawalk.delivery import DEFAULT_DATABASE, DeliveryError, work_for
from schemawalk.design.model import Design
from schemawalk.engines.engine import EngineError
from schemawalk.schema.capability.fit import numbered
from schemawalk.schema.dialects.notations import MONGODB, NOTATIONS
from schemawalk.schema.things import Extension

if TYPE_CHECKING:
    from schemawalk.engines.engine import Engine
    from schemawalk.engines.proof import Proof
    from schemawalk.writers.work import Work

Tell = Callable[[str, int, int, str], None]
"""Told a database, how many of its steps are done, how many there are, and what is tried next.

It is called in the thread that asked for the proofs, and may raise to cancel all of them.
"""


WHOLE: Final = 100
"""Parts of the bar that all databases fill together: none knows its steps before it starts."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What all databases showed, in the order in which they were asked for."""

    proofs: tuple[Proof, ...]
    skipped: tuple[tuple[str, str], ...]
    """Databases that could not be used, and why."""

    @property
    def ok(self) -> bool:
        """Whether every database was used, and everything held."""
        return not self.skipped and all(proof.ok for proof in self.proofs)


def usual_databases(design: Design) -> tuple[str, ...]:
    """Where the walk proves unless somebody chooses: the design's own, SQLite, MariaDB if there.

    What is made for documents says nothing on a database of tables.  Where a MariaDB stands in for
    MySQL it is not tried a second time.
    """
    own = design.stack.database or DEFAULT_DATABASE
    if own == MONGODB.name:
        return (own,)
    more = ("mariadb",) if own != "mysql" and _is_there("mariadb") else ()
    return tuple(dict.fromkeys((own, "sqlite", *more)))


def possible_databases(design: Design) -> tuple[str, ...]:
    """The databases to choose from: the usual ones first, then others that are here."""
    usual = usual_databases(design)
    if usual[0] == MONGODB.name:
        return usual
    others = (name for name in ("postgresql", "mariadb", "mysql") if _is_there(name))
    return tuple(dict.fromkeys((*usual, *others)))


def _is_there(database: str) -> bool:
    """Whether a server of it can be started here: its programs, or its driver, are installed."""
    if database == "postgresql":
        return find_spec("psycopg") is not None
    from schemawalk.engines.mariadb_server import find_programs, has_mysql

    if database == "mysql":
        return has_mysql()
    try:
        return bool(find_programs())
    except EngineError:
        return False


class Together:
    """One bar for all databases, each of which fills its share of it: it never goes back."""

    def __init__(self, databases: Sequence[str], tell: Callable[[int, int, str], None]) -> None:
        """`tell` is told how many of WHOLE parts are done, and how far each database is."""
        self._far = dict.fromkeys(databases, (0, 0))
        self._tell = tell

    def start(self) -> None:
        """Tell that all of them are starting."""
        self._tell(0, WHOLE, self._said())

    def __call__(self, database: str, done: int, total: int, _what: str) -> None:
        """Told how many steps of one database are done, and how many there are."""
        self._far[database] = (done, total)
        shares = (WHOLE * done // total if total else 0 for done, total in self._far.values())
        self._tell(sum(shares) // len(self._far), WHOLE, self._said())

    def _said(self) -> str:
        return ", ".join(
            f"{NOTATIONS[name].title} {f'{done} of {total}' if total else 'is starting'}"
            for name, (done, total) in self._far.items()
        )


@dataclass(frozen=True, slots=True)
class _Step:
    database: str
    done: int
    total: int
    what: str


@dataclass(frozen=True, slots=True)
class _End:
    database: str
    proof: Proof | None = None
    why: str = ""
    fault: BaseException | None = None


class _StoppedError(Exception):
    """Another thread was cancelled or failed."""


def prove(
    design: Design,
    databases: Sequence[str],
    *,
    urls: dict[str, str] | None = None,
    progress: Tell | None = None,
) -> Proven:
    """Prove the design's SQL on real databases, all at the same time.

    `urls` gives servers by database; without one a throw-away server is started.  A server that is
    older than the design says gets the SQL for its own version, and the proof says so.  A database
    that cannot be used is skipped, the others go on.  Raises DeliveryError when there is no table,
    and whatever `progress` raises, after all threads have ended.
    """
    if not work_for(design).schema.tables:
        raise DeliveryError("There is no table yet to prove: choose the entities first.")
    names = list(dict.fromkeys(databases))
    ended = {end.database: end for end in _Proving(design, urls or {}).ends(names, progress)}
    return Proven(
        tuple(proof for name in names if (proof := ended[name].proof) is not None),
        tuple((name, ended[name].why) for name in names if ended[name].proof is None),
    )


class _Proving:
    """Threads that prove, and the queue on which they tell the one that waits for them."""

    def __init__(self, design: Design, urls: dict[str, str]) -> None:
        self._design = design
        self._urls = urls
        self._said: SimpleQueue[_Step | _End] = SimpleQueue()
        self._stop = threading.Event()

    def ends(self, databases: Sequence[str], progress: Tell | None) -> Iterator[_End]:
        threads = [threading.Thread(target=self._run, args=(name,)) for name in databases]
        for thread in threads:
            thread.start()
        try:
            yield from self._listened(len(threads), progress)
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _listened(self, running: int, progress: Tell | None) -> Iterator[_End]:
        while running:
            said = self._said.get()
            if isinstance(said, _End):
                if said.fault is not None:
                    raise said.fault
                running -= 1
                yield said
            elif progress is not None:
                progress(said.database, said.done, said.total, said.what)

    def _run(self, database: str) -> None:
        try:
            self._said.put(_End(database, proof=self._proof(database)))
        except EngineError as error:
            self._said.put(_End(database, why=str(error)))
        except BaseException as fault:
            self._said.put(_End(database, fault=fault))

    def _proof(self, database: str) -> Proof:
        from schemawalk.engines.proof import prove as proven
        from schemawalk.writers import seeds, sql

        def tell(done: int, total: int, what: str) -> None:
            if self._stop.is_set():
                raise _StoppedError
            self._said.put(_Step(database, done, total, what))

        work = work_for(self._design, database)
        with _engine(self._design, database, work, self._urls.get(database)) as engine:
            real = work_for(self._design, database, engine.version)
            up, down = sql.up(real.schema, real.dialect), sql.down(real.schema, real.dialect)
            proof = proven(engine, real.schema, up, down, tell, seeds.files(real))
        meant = _wanted(self._design, database)
        version = proof.version + _unlike(database, meant, proof.version)
        if real.schema != work.schema:
            version += ", with the SQL for this version"
        return replace(proof, version=version)


def _wanted(design: Design, database: str) -> str | None:
    """The version that the stack names of that database; None where it names none."""
    own = database == (design.stack.database or DEFAULT_DATABASE)
    return design.stack.version if own else None


def _unlike(database: str, meant: str | None, real: str) -> str:
    """What is said of a server of another series than the one that the stack names."""
    series = numbered(meant)[: 1 if database == "postgresql" else 2]
    same = numbered(real)[: len(series)] == series
    return "" if same else f", not {meant} as the stack says"


def _engine(
    design: Design, database: str, work: Work, url: str | None
) -> AbstractContextManager[Engine]:
    """A server that can hold the schema, of the design's own version if there is one."""
    from schemawalk.engines.registry import open_engine

    if database == MONGODB.name:
        raise EngineError(
            "No MongoDB server can be started here, and none is needed to write the scripts: try "
            "them on an empty one, with mongosh."
        )
    if database == "mysql" and url is None and not _is_there("mysql"):
        need_the_real_one(work)
    needed = tuple(extension.name for extension in work.schema.things(Extension))
    version = _wanted(design, database)
    return open_engine(database, url, extensions=needed, version=version)


def need_the_real_one(work: Work) -> None:
    """Raise EngineError when MariaDB, which stands in for MySQL, cannot read the SQL."""
    for table in work.schema.tables:
        for index in table.indexes:
            if any(part.expression is not None for part in index.parts):
                raise EngineError(
                    f"A MariaDB stands in for MySQL, and it has no indexes on expressions, as "
                    f"{index.name} is one: lend an empty database with --url mysql://…"
                )
