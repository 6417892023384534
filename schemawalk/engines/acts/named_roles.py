"""What each role of the schema's sees and writes behind a policy: its rights, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from schemawalk.engines.acts.scenes import Scene, Try
from schemawalk.engines.acts.sessions import FORBIDDEN, become, must_be_forbidden
from schemawalk.engines.engine import EngineError
from schemawalk.engines.verdict import DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Schema
from schemawalk.schema.things import AllRows, Grant, Policy, Privilege, Role


@dataclass(frozen=True)
class _Actor:
    """A role with what it may do in one table."""

    name: str
    may: frozenset[Privilege]
    through: bool
    """Whether it sees the rows of all tenants."""
    writes: bool
    """Whether it writes them, too."""


def as_each_role(policy: Policy, schema: Schema) -> Iterator[tuple[str, Try]]:
    """What is tried of a policy as each role that has a right to its table."""
    for role in schema.things(Role):
        actor = _actor(role.name, policy.table, schema)
        if actor.may:
            said = (
                f"shows {actor.name} the rows of all"
                if actor.through
                else f"lets {actor.name} {', '.join(sorted(actor.may))} its own tenant's rows alone"
            )
            yield said, partial(_acts, actor)


def hands_over(scene: Scene) -> tuple[str, list[object]]:
    """The statement that gives rows to another tenant, and its values.

    Without a condition that reads, WITH CHECK alone decides; it sees one row anyway.
    """
    table, changed = POSTGRESQL.quoted(scene.table.name), _deciding(scene.policy)
    sets = ", ".join(f"{POSTGRESQL.quoted(c)} = ${at}" for at, c in enumerate(changed, 1))
    given = [scene.engine.bound(scene.table.column(c).type, scene.others[c]) for c in changed]
    return f"UPDATE {table} SET {sets}", given


def _deciding(policy: Policy) -> tuple[str, ...]:
    """The columns that decide whose a row is."""
    own = (policy.column,) if policy.column else ()
    through = (column for each in policy.through for column in each.columns)
    return tuple(dict.fromkeys((*own, *through)))


def _actor(name: str, table: str, schema: Schema) -> _Actor:
    granted = (g for g in schema.things(Grant) if g.role == name and table in g.on)
    past = [a for a in schema.things(AllRows) if a.role == name and a.table == table]
    may = frozenset(privilege for grant in granted for privilege in grant.privileges)
    return _Actor(name, may, bool(past), any(not each.reads_only for each in past))


def _acts(actor: _Actor, scene: Scene) -> None:
    """Every right that the role has, for its own tenant, for another, and for none."""
    become(scene.engine, actor.name)
    for tenant in (None, scene.tenants[0]):
        if tenant is not None:
            scene.ask(tenant)
        if "SELECT" in actor.may:
            _reads(actor, scene, own=tenant is not None)
        for privilege in ("UPDATE", "DELETE"):
            if privilege in actor.may:
                _changes(actor, scene, privilege, own=tenant is not None)
    if "UPDATE" in actor.may and not actor.writes:
        must_be_forbidden(scene.engine, *hands_over(scene), "to hand its row over")
    if "INSERT" in actor.may:
        _inserts(actor, scene)


def _reads(actor: _Actor, scene: Scene, *, own: bool) -> None:
    for row, due, whose in _rows(scene, actor.through, own=own):
        if scene.sees(row) != due:
            raise DisprovedError(f"it {'sees' if not due else 'does not see'} {whose}")


def _rows(scene: Scene, through: bool, *, own: bool) -> Iterator[tuple[Values, bool, str]]:
    """The two rows, each with whether it is to be reached while the own tenant is named or not."""
    yield scene.own, own or through, "its own row" if own else "a row without a tenant"
    yield scene.others, through, "the row of another tenant"


def _changes(actor: _Actor, scene: Scene, privilege: str, *, own: bool) -> None:
    for row, due, whose in _rows(scene, actor.writes, own=own):
        if _reaches(scene, privilege, row) != due:
            raise DisprovedError(f"{privilege} {'reaches' if not due else 'misses'} {whose}")


def _reaches(scene: Scene, privilege: str, row: Values) -> bool:
    """Whether a change reaches the row; another rule may well refuse it once it does."""
    where, values = scene.rows.identified(scene.table, row)
    table, _, condition = where.partition(" WHERE ")
    column = POSTGRESQL.quoted(scene.table.primary_key.columns[0])
    begin = f"UPDATE {table} SET {column} = {column}"
    sql = f"DELETE FROM {where}" if privilege == "DELETE" else f"{begin} WHERE {condition}"
    try:
        with scene.engine.savepoint():
            return bool(scene.engine.rows(f"{sql} RETURNING 1", values))
    except EngineError as error:
        if error.sqlstate in FORBIDDEN:
            raise DisprovedError(f"{privilege} was refused: {error}") from error
        return True


def _inserts(actor: _Actor, scene: Scene) -> None:
    scene.ask(None if actor.writes else scene.tenants[2])
    with scene.engine.savepoint():
        scene.rows.insert(scene.new)
    if not actor.writes:
        scene.ask(scene.tenants[0])
        sql, values = scene.rows.insertion(scene.foreign[0])
        must_be_forbidden(scene.engine, sql, values, "the row of another tenant")
