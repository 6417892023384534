"""The order in which tables can be made: what is referenced first, cycles cut at one key."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from schemawalk.schema.model import ForeignKey, Table


def ordered(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables, each after those it references; otherwise in the order given.

    Where tables reference each other in a circle, one table goes first all the same, and its
    foreign keys to later tables are marked `deferred`.  The table whose missing keys may all be
    NULL is preferred, so that a first row can be inserted.
    """
    waiting = {table.name: table for table in tables}
    needs = {name: _needs(table, waiting.keys()) for name, table in waiting.items()}
    users: dict[str, list[str]] = {name: [] for name in waiting}
    for name, needed in needs.items():
        for other in needed:
            users[other].append(name)
    ready = [name for name, needed in needs.items() if not needed]
    result: list[Table] = []
    while waiting:
        if not ready:
            ready = [_cut(waiting, needs)]
        for name in ready:
            result.append(_without_promises(waiting.pop(name), waiting.keys()))
        ready = _freed(ready, users, needs, waiting)
    return tuple(result)


def _needs(table: Table, known: Container[str]) -> set[str]:
    return {
        key.references
        for key in table.foreign_keys
        if key.references != table.name and key.references in known
    }


def _freed(
    made: list[str],
    users: dict[str, list[str]],
    needs: dict[str, set[str]],
    waiting: Container[str],
) -> list[str]:
    """Tables that wait for nothing any more, now that `made` exist."""
    freed = []
    for name in made:
        for user in users[name]:
            needs[user].discard(name)
            if not needs[user] and user in waiting and user not in freed:
                freed.append(user)
    return freed


def _cut(waiting: dict[str, Table], needs: dict[str, set[str]]) -> str:
    """The table at which a circle is cut: the one with the fewest required keys still missing."""

    def cost(name: str) -> tuple[int, int]:
        table, missing = waiting[name], needs[name]
        required = sum(
            not all(table.column(column).nullable for column in key.columns)
            for key in table.foreign_keys
            if key.references in missing
        )
        return required, len(missing)

    return min(_circling(waiting, needs), key=cost)


def _circling(waiting: Iterable[str], needs: dict[str, set[str]]) -> list[str]:
    """Those that something else still waits for: tables that only depend on a circle drop out."""
    circling = list(waiting)
    while True:
        needed = {other for name in circling for other in needs[name]}
        left = [name for name in circling if name in needed]
        if len(left) == len(circling):
            return left
        circling = left


def _without_promises(table: Table, later: Container[str]) -> Table:
    """The table with foreign keys to tables that come later marked as deferred."""

    def marked(key: ForeignKey) -> ForeignKey:
        waits = key.references in later and key.references != table.name
        return replace(key, deferred=True) if waits else key

    return replace(table, foreign_keys=tuple(marked(key) for key in table.foreign_keys))
