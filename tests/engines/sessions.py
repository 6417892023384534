"""Real sessions beside each other: what one does while another waits, and what comes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from schemawalk.engines.acts.two_sessions import HasOthers
from schemawalk.engines.engine import Engine, EngineError

_WAITING = {
    "postgresql": "SELECT count(*) FROM pg_locks WHERE NOT granted",
    "mariadb": "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'",
}
"""How many sessions wait for another, in the last column of what it gives."""
_AT_MOST = 60
"""Seconds after which a session that neither ends nor waits is given up."""


class Work:
    """Something that one session does in a thread of its own."""

    def __init__(self, watch: Engine, work: Callable[[], object]) -> None:
        self.error: EngineError | None = None
        self.waited = False
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._look(watch)

    def _run(self) -> None:
        try:
            self._work()
        except EngineError as error:
            self.error = error

    def _look(self, watch: Engine) -> None:
        """Until it has ended, or stands still behind somebody else's lock."""
        for _ in range(_AT_MOST * 100):
            self._thread.join(0.01)
            if not self._thread.is_alive():
                return
            if int(watch.rows(_WAITING[watch.name])[0][-1]):
                self.waited = True
                return
        raise AssertionError("it neither ended nor waited")

    def end(self) -> Work:
        """Until it has ended; the same again."""
        self._thread.join(_AT_MOST)
        assert not self._thread.is_alive(), "it waits for ever"
        return self


class Pair:
    """Two sessions in one database, each in a transaction, and one that watches."""

    def __init__(self, watch: Engine, one: Engine, two: Engine) -> None:
        self.watch, self.one, self.two = watch, one, two

    def begin(self) -> None:
        """Both have looked at the rows before either writes: old looks are to do no harm."""
        for each in (self.one, self.two):
            each.execute("BEGIN")
            each.rows("SELECT 1 FROM halls")

    def at_once(self, first: str, second: str) -> Work:
        """The one does the first, the other the second meanwhile; then both commit."""
        self.begin()
        self.one.execute(first)
        work = Work(self.watch, lambda: self.two.execute(second))
        self.one.execute("COMMIT")
        work.end()
        self.two.execute("ROLLBACK" if work.error else "COMMIT")
        return work

    def ask(self, sql: str) -> Any:
        """What the one row of a query has in its one column."""
        return self.watch.rows(sql)[0][0]


@contextmanager
def pair(watch: Engine) -> Iterator[Pair]:
    """Two more sessions in the database of an engine, for as long as the context lasts."""
    assert isinstance(watch, HasOthers)
    with watch.another() as one, watch.another() as two:
        try:
            yield Pair(watch, one, two)
        finally:
            for each in (one, two):
                each.execute("ROLLBACK")
