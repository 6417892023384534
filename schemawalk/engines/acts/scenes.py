"""A scene for what policies do: rows of two tenants that are there, and of two more that may come.

To fill it takes most of the time of a policy's proof, so that all attempts on one policy share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from schemawalk.engines.acts.sessions import WITNESS, ask_for, become, witness
from schemawalk.engines.acts.tenants import Tenant
from schemawalk.engines.engine import Engine
from schemawalk.engines.row_proof import RowProof
from schemawalk.rows.judgement import Values
from schemawalk.rows.planned import Planned, Rows
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Table
from schemawalk.schema.things import Policy


@dataclass(frozen=True)
class Scene:
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
        """The database."""
        return self.rows.engine

    def ask(self, tenant: Value) -> None:
        """Say for which tenant the session asks."""
        ask_for(self.engine, self.policy.setting, tenant)

    def become_witness(self) -> None:
        """Act as a role that may do everything that policies let it."""
        become(self.engine, WITNESS)

    def sees(self, row: Values) -> bool:
        """Whether a row is shown."""
        where, values = self.rows.identified(self.table, row)
        return bool(self.engine.rows(f"SELECT 1 FROM {where}", values))


Try = Callable[[Scene], None]
"""One attempt; raises DisprovedError."""


@dataclass
class Stage:
    """The scene of one policy, set when the first attempt wants it."""

    policy: Policy
    rows: RowProof
    until: ExitStack
    """What clears it away."""
    _scene: Scene | None = field(default=None, init=False)

    def play(self, work: Try) -> str:
        """Make one attempt, and undo it; raises what that raises, and NoRowError."""
        if self._scene is None:
            self._scene = self.until.enter_context(_set(self.policy, self.rows))
        with self.rows.engine.savepoint():
            work(self._scene)
        return ""


@contextmanager
def _set(policy: Policy, rows: RowProof) -> Iterator[Scene]:
    table, plan = rows.schema.table(policy.table), rows.on_top()
    tenants = [Tenant(rows.schema, plan) for _ in range(4)]
    own, others = (tenant.row(table) for tenant in tenants[:2])
    new, foreign = (_with_promised(tenant, table, plan) for tenant in tenants[2:])
    ids = tuple(tenant.id for tenant in tenants)
    with witness(rows.engine):
        rows.insert(planned for planned in plan.planned if planned not in (*new, *foreign))
        yield Scene(rows, policy, table, own, others, new, foreign, ids)


def _with_promised(tenant: Tenant, table: Table, plan: Rows) -> tuple[Planned, ...]:
    """A row that was planned for a tenant, after all that it needs, and what it promises."""
    row = tenant.row(table)
    at = next(at for at, planned in enumerate(plan.planned) if planned.values is row)
    return tuple(plan.planned[at:])
