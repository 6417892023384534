"""Policies made to act: a second role sees and writes its own tenant's rows, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from schemawalk.engines.acts.sessions import (
    WITNESS,
    ask_for,
    become,
    must_be_forbidden,
    witness,
)
from schemawalk.engines.acts.tenants import Tenant
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.rows.planned import Planned, Rows
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Table
from schemawalk.schema.things import AllRows, Policy


def policy_acts(policy: Policy, rows: RowProof) -> Attempts:
    """What a policy hides, refuses, and keeps even from the table's owner."""
    tries: tuple[tuple[str, Callable[[_Scene], None]], ...] = (
        ("shows another role the rows of its own tenant alone", _sees_its_own),
        (f"shows another role no row without {policy.setting}", _sees_nothing),
        ("refuses a row for somebody else", _inserts_its_own),
        ("refuses to hand a row over to somebody else", _keeps_its_own),
        ("binds its owner too", _binds_its_owner)
        if policy.forced
        else ("lets its owner's triggers write for all", _lets_its_owner),
    )
    for said, work in tries:
        yield f"{policy.table}: {said}", partial(_tried, policy, rows, work)


def all_rows_acts(thing: AllRows, rows: RowProof) -> Attempts:
    """What is hidden from all others is not from the role that works for all tenants."""
    policy = next(p for p in rows.schema.things(Policy) if p.table == thing.table)
    yield (
        f"{thing.table}: shows {thing.role} the rows of all",
        partial(_all_seen, thing, policy, rows),
    )


def _all_seen(thing: AllRows, policy: Policy, rows: RowProof) -> str:
    with _scene(policy, rows) as scene:
        become(scene.engine, thing.role)
        if not (scene.sees(scene.own) and scene.sees(scene.others)):
            raise DisprovedError("it does not see the rows of two tenants")
    return ""


def _tried(policy: Policy, rows: RowProof, work: Callable[[_Scene], None]) -> str:
    with _scene(policy, rows) as scene:
        work(scene)
    return ""


@dataclass(frozen=True)
class _Scene:
    """Two tenants with a row each; the rows of two more are planned, and not there yet."""

    rows: RowProof
    policy: Policy
    table: Table
    own: Values
    others: Values
    new: tuple[Planned, ...]
    foreign: tuple[Planned, ...]
    tenants: tuple[Value, ...]

    @property
    def engine(self) -> Engine:
        return self.rows.engine

    def ask(self, tenant: Value) -> None:
        ask_for(self.engine, self.policy.setting, tenant)

    def become_witness(self) -> None:
        become(self.engine, WITNESS)

    def sees(self, row: Values) -> bool:
        where, values = self.rows.identified(self.table, row)
        return bool(self.engine.rows(f"SELECT 1 FROM {where}", values))


@contextmanager
def _scene(policy: Policy, rows: RowProof) -> Iterator[_Scene]:
    table, plan = rows.schema.table(policy.table), rows.on_top()
    tenants = [Tenant(rows.schema, plan) for _ in range(4)]
    own, others = (tenant.row(table) for tenant in tenants[:2])
    new, foreign = (_with_promised(tenant, table, plan) for tenant in tenants[2:])
    ids = tuple(tenant.id for tenant in tenants)
    with witness(rows.engine):
        rows.insert(planned for planned in plan.planned if planned not in (*new, *foreign))
        yield _Scene(rows, policy, table, own, others, new, foreign, ids)


def _with_promised(tenant: Tenant, table: Table, plan: Rows) -> tuple[Planned, ...]:
    """A row that was planned for a tenant, after all that it needs, and what it promises."""
    row = tenant.row(table)
    at = next(at for at, planned in enumerate(plan.planned) if planned.values is row)
    return tuple(plan.planned[at:])


def _sees_its_own(scene: _Scene) -> None:
    scene.become_witness()
    scene.ask(scene.tenants[0])
    if not scene.sees(scene.own):
        raise DisprovedError("it does not see its own row")
    if scene.sees(scene.others):
        raise DisprovedError("it sees the row of another tenant")
    where, values = scene.rows.identified(scene.table, scene.others)
    column = POSTGRESQL.quoted(scene.table.primary_key.columns[0])
    for sql in (f"DELETE FROM {where}", _update(where, column)):
        with scene.engine.savepoint():
            if scene.engine.rows(f"{sql} RETURNING 1", values):
                raise DisprovedError("it changes the row of another tenant")


def _update(where: str, column: str) -> str:
    table, _, condition = where.partition(" WHERE ")
    return f"UPDATE {table} SET {column} = {column} WHERE {condition}"


def _sees_nothing(scene: _Scene) -> None:
    scene.become_witness()
    for tenant in (None, ""):
        if tenant is not None:
            scene.ask(tenant)
        if scene.sees(scene.own) or scene.sees(scene.others):
            raise DisprovedError("it sees a row")


def _inserts_its_own(scene: _Scene) -> None:
    scene.become_witness()
    scene.ask(scene.tenants[2])
    with scene.engine.savepoint():
        scene.rows.insert(scene.new)
    scene.ask(scene.tenants[0])
    sql, values = scene.rows.insertion(scene.foreign[0])
    must_be_forbidden(scene.engine, sql, values, "the row")


def _keeps_its_own(scene: _Scene) -> None:
    scene.become_witness()
    scene.ask(scene.tenants[0])
    table, changed = POSTGRESQL.quoted(scene.table.name), _deciding(scene.policy)
    sets = ", ".join(f"{POSTGRESQL.quoted(c)} = ${at}" for at, c in enumerate(changed, 1))
    given = [scene.engine.bound(scene.table.column(c).type, scene.others[c]) for c in changed]
    # Without a condition that reads, WITH CHECK alone decides; it sees one row anyway.
    must_be_forbidden(scene.engine, f"UPDATE {table} SET {sets}", given, "the change")


def _deciding(policy: Policy) -> tuple[str, ...]:
    """The columns that decide whose a row is."""
    own = (policy.column,) if policy.column else ()
    through = (column for each in policy.through for column in each.columns)
    return tuple(dict.fromkeys((*own, *through)))


def _lets_its_owner(scene: _Scene) -> None:
    _give_away(scene)
    with scene.engine.savepoint():
        scene.engine.execute(*scene.rows.insertion(scene.foreign[0]))


def _give_away(scene: _Scene) -> None:
    """Make the witness the table's owner, and act as it."""
    name = POSTGRESQL.quoted(scene.table.name)
    try:
        scene.engine.execute(f"ALTER TABLE {name} OWNER TO {WITNESS}")
    except EngineError as error:
        raise DisprovedError(f"it cannot be given to another owner: {error}") from error
    scene.become_witness()


def _binds_its_owner(scene: _Scene) -> None:
    _give_away(scene)
    scene.ask(scene.tenants[0])
    if not scene.sees(scene.own) or scene.sees(scene.others):
        raise DisprovedError("its owner sees the row of another tenant")
