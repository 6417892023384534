"""Triggers as a database can have them: rules that it cannot say, and what escapes its triggers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, Literal

from schemawalk.schema.capability.capable import Capability
from schemawalk.schema.language.expression import Expression, Fragment, Matches, walk
from schemawalk.schema.model import Schema
from schemawalk.schema.things import (
    Asserted,
    Audit,
    History,
    Limit,
    ParentRule,
    Stamp,
    Thing,
)

Lost = Literal["match", "fragment", "who", "silent-action"]

_UNPROTECTED: Final = Capability(
    "refused",
    "it has no functions for it, and would keep what it is given: the program must hash or encrypt "
    "before it writes",
)

SQLITE_TRIGGERS: Final[Mapping[str, Capability]] = {
    "protect-trigger": _UNPROTECTED,
    "who": Capability("lossy", "it knows nobody's name, and says what was done and when"),
}
INNODB_TRIGGERS: Final[Mapping[str, Capability]] = {
    "protect-trigger": _UNPROTECTED,
    "silent-action": Capability(
        "lossy",
        "what a foreign key's CASCADE deletes or SET NULL empties fires no trigger: let the "
        "program delete and change these rows itself",
    ),
}


def sayable(
    things: Iterable[Thing], lacking: Collection[str], database: str
) -> tuple[tuple[Thing, ...], list[tuple[Lost, str, str]]]:
    """The things whose rules the database can say, and those that it cannot.

    What is lost is told with the feature, whom it concerns, and what becomes of it.
    """
    kept: list[Thing] = []
    lost: list[tuple[Lost, str, str]] = []
    for thing in things:
        why = _unsayable(_rule(thing), lacking, database)
        if why is None:
            kept.append(thing)
        else:
            lost.append((why, thing.source or thing.name, f"{thing.name} is not enforced"))
    return tuple(kept), lost


def _rule(thing: Thing) -> Expression | None:
    match thing:
        case Asserted() | ParentRule():
            return thing.rule
        case Limit():
            return thing.among
        case _:
            return None


def _unsayable(
    rule: Expression | None, lacking: Collection[str], database: str
) -> Literal["match", "fragment"] | None:
    parts = tuple(walk(rule)) if rule is not None else ()
    if "match" in lacking and any(isinstance(part, Matches) for part in parts):
        return "match"
    strange = (p for p in parts if isinstance(p, Fragment) and p.database != database)
    return "fragment" if next(strange, None) else None


def unseen(schema: Schema, lacking: Collection[str]) -> Iterator[tuple[Lost, str, str]]:
    """What the database's triggers do not see: who works, and what foreign keys do."""
    logs = schema.things(Audit)
    if logs and "who" in lacking:
        yield "who", logs[0].into, logs[0].into
    if "silent-action" not in lacking:
        return
    keys = tuple(schema.references())
    changed = {
        table.name
        for table, key in keys
        if key.on_delete == "SET NULL" or key.on_update == "CASCADE"
    }
    deleted = {table.name for table, key in keys if key.on_delete == "CASCADE"}
    for thing in schema.around:
        # A stamp is for changes alone: the row that goes needs none.
        looked_at = changed if isinstance(thing, Stamp) else changed | deleted
        if isinstance(thing, Audit | History | Stamp) and thing.table in looked_at:
            what = f"{thing.name} does not see all changes of {thing.table}"
            yield "silent-action", thing.source or thing.name, what
