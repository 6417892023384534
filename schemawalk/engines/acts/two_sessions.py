"""Two sessions in one database at the same moment: the one holds what the other must wait for.

Nothing here depends on time: whoever holds a lock works in the same thread, so that a wait never
ends by itself, however short the other's patience is.  SQLite needs no such proof: it lets one
connection write at a time, and refuses (SQLITE_BUSY) to let one write that has read what is no more
so (SQLite, "Isolation In SQLite"); a trigger reads and writes in one and the same statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property
from typing import Final, Protocol, runtime_checkable

from schemawalk.engines.engine import Engine, EngineError, Refusal
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.row_writer import RowWriter
from schemawalk.engines.verdict import DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.rows.planned import Planned, Rows
from schemawalk.schema.capability.innodb import INNODB
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.model import Schema

_WAITED: Final = frozenset(("55P03", "1205"))
"""Waited for as long as it may: SQLSTATE (PostgreSQL manual, appendix A), or the error's number
(MariaDB and MySQL manuals, error codes)."""
_SENT_AWAY: Final = "1020"
"""What MariaDB says, from 11.6 on, to whoever looked before another changed what it wants now: that
transaction is to begin again (its manual, innodb_snapshot_isolation)."""
_LEAST: Final = "SET innodb_lock_wait_timeout = IF(VERSION() LIKE '%mariadb%', 0, 1)"
"""MySQL waits for a second at least (its manual, InnoDB startup options)."""
_PATIENCE: Final = {
    "postgresql": ("SET lock_timeout = '10ms'", "SET lock_timeout = '10s'"),
    "mariadb": ("SET innodb_lock_wait_timeout = 0", "SET innodb_lock_wait_timeout = 10"),
    "mysql": (_LEAST, "SET innodb_lock_wait_timeout = 10"),
}
"""What makes a session give up soon where it must wait, and late where it must not."""


@runtime_checkable
class HasOthers(Protocol):
    """An engine whose database more than one session can write to."""

    def another(self) -> AbstractContextManager[Engine]:
        """A second session, which sees what the first has committed."""


class TwoSessions:
    """The proof's own session, a second one, and rows that both see."""

    def __init__(self, rows: RowProof, open_: ExitStack) -> None:
        """`rows` were accepted, and are committed; `open_` keeps the second session open."""
        self._open = open_
        self.first: Engine = rows.engine
        self.schema: Schema = rows.schema
        self.plan: Rows = rows.on_top()
        self.dialect = DIALECTS[rows.engine.name]
        self.writer = RowWriter(self.first, self.schema)
        self._committed = 0

    @cached_property
    def second(self) -> Engine:
        """The other session, opened when it is first needed; raises EngineError."""
        assert isinstance(self.first, HasOthers)
        return self._open.enter_context(self.first.another())

    @property
    def others_writer(self) -> RowWriter:
        """What writes rows in the second session."""
        return RowWriter(self.second, self.schema)

    @contextmanager
    def apart_from(self, *own: Values) -> Iterator[list[Planned]]:
        """Commits all rows that were planned since but a session's `own`, which are given in turn.

        Those are forgotten afterwards, whatever becomes of them.
        """
        new = self.plan.planned[self._committed :]
        mine = [each for each in new if any(each.values is row for row in own)]
        self.commit([each for each in new if each not in mine])
        try:
            yield mine
        finally:
            for each in mine:
                self.plan.forget(each)
            self._committed = len(self.plan.planned)

    def commit(self, planned: Sequence[Planned]) -> None:
        """Insert rows for both sessions to see; raises EngineError."""
        self.committing(lambda: self.writer.insert(planned))

    def committing(self, work: Callable[[], object]) -> None:
        """Do something in the first session for both to see; raises EngineError."""
        self.first.execute("BEGIN")
        try:
            work()
        except EngineError:
            self.first.execute("ROLLBACK")
            raise
        self.first.execute("COMMIT")

    def must_wait(self, work: Callable[[], object], what: str) -> None:
        """The second session does something that the first must keep it from until it ends.

        In READ COMMITTED, where InnoDB takes no lock that is not asked for.
        """
        self.second.execute(_PATIENCE[self.first.name][0])
        try:
            with self._transaction("READ COMMITTED"):
                work()
        except EngineError as error:
            if error.sqlstate not in _WAITED:
                raise DisprovedError(f"{what} was refused, and did not wait: {error}") from error
        else:
            raise DisprovedError(f"{what} did not wait for the first session")

    def must_refuse(self, work: Callable[[], object], what: str, reason: Refusal | str) -> None:
        """The second session does what must be refused for that reason, or with that SQLSTATE."""
        try:
            work()
        except EngineError as error:
            if not {reason, _SENT_AWAY} & {error.refusal, error.sqlstate}:
                raise DisprovedError(f"{what} was refused for another reason: {error}") from error
        else:
            raise DisprovedError(f"{what} was accepted")

    @contextmanager
    def free(self, what: str) -> Iterator[None]:
        """The second session works in a transaction, and nothing that the first does stops it."""
        self.second.execute(_PATIENCE[self.first.name][1])
        try:
            with self.second.savepoint():
                yield
        except EngineError as error:
            waited = error.sqlstate in _WAITED
            said = f"{what} waited for the first session" if waited else f"{what}: {error}"
            raise DisprovedError(said) from error

    @contextmanager
    def with_an_old_look(self) -> Iterator[None]:
        """The second session is in a transaction that looked at all rows before what comes now."""
        with self._transaction("REPEATABLE READ"):
            name = self.dialect.quoted(self.schema.tables[0].name)
            self.second.rows(f"SELECT 1 FROM {name} LIMIT 1")
            try:
                yield
            except EngineError as error:
                if error.sqlstate != _SENT_AWAY:
                    raise

    @contextmanager
    def _transaction(self, isolation: str) -> Iterator[None]:
        """One of the second session's, rolled back at its end."""
        said = f"SET TRANSACTION ISOLATION LEVEL {isolation}"
        ahead = self.first.name in INNODB  # there it is said of the next transaction
        if ahead:
            self.second.execute(said)
        with self.second.savepoint():
            if not ahead:
                self.second.execute(said)
            yield
