"""Rows of two tenants, with all that they need, so that one can try to see the other's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from schemawalk.rows.judgement import Values, judged
from schemawalk.rows.planned import NOTHING_CHOSEN, Rows, Wish
from schemawalk.schema.language.expression import Expression, Value
from schemawalk.schema.model import ForeignKey, Schema, Table
from schemawalk.schema.things import Policy


@dataclass
class Tenant:
    """One tenant's rows: what a row needs is made for the same tenant."""

    schema: Schema
    rows: Rows
    id: Value = None
    """What the session says to be this tenant; known once its first row is there."""
    _made: dict[str, Values] = field(default_factory=dict)

    def row(
        self, table: Table, within: tuple[Expression, ...] = (), given: Values = NOTHING_CHOSEN,
        outside: tuple[Expression, ...] = (),
    ) -> Values:  # fmt: skip
        """A new row of this tenant, with what is given; raises NoRowError."""
        policy = self._policy(table.name)
        fixed = {**self._parents(table, policy), **given}
        if policy and policy.column and not self._is_home(table, policy):
            fixed[policy.column] = self._id(table, policy)
        row = self.rows.add(table, Wish(fixed=fixed, within=within, outside=outside))
        if policy and self._is_home(table, policy):
            self.id = row[policy.column]
        self._made.setdefault(table.name, row)
        return row

    def some(self, table: Table, within: tuple[Expression, ...] = ()) -> Values:
        """A row of this tenant that obeys the rules, the one that is there or a new one."""
        there = self._made.get(table.name)
        fits = there is not None and all(judged(rule, there) is not False for rule in within)
        return there if there is not None and fits else self.row(table, within)

    def _policy(self, table: str) -> Policy | None:
        return next((p for p in self.schema.things(Policy) if p.table == table), None)

    def _is_home(self, table: Table, policy: Policy) -> bool:
        """Whether the table's rows are the tenants themselves."""
        return policy.column in table.primary_key.columns and self._key(table, policy) is None

    def _key(self, table: Table, policy: Policy) -> ForeignKey | None:
        """The key to the tenants."""
        found = (k for k in table.foreign_keys if k.columns == (policy.column,))
        return next(found, None)

    def _id(self, table: Table, policy: Policy) -> Value:
        """Which tenant it is; its first row is made where the table does not point to it."""
        if self.id is None:
            key = self._key(table, policy)
            self.some(self.schema.table(key.references) if key else self._home())
        return self.id

    def _home(self) -> Table:
        """The table of the tenants, to which all others with a column for them lead."""
        policies = self.schema.things(Policy)
        tables = (self.schema.table(policy.table) for policy in policies)
        return next(t for t, p in zip(tables, policies, strict=True) if self._is_home(t, p))

    def _parents(self, table: Table, policy: Policy | None) -> Values:
        """Values of the keys that must lead to rows of the same tenant."""
        tied = {through.columns for through in policy.through} if policy else set()
        fixed: dict[str, Value] = {}
        shared = policy.column if policy and not self._is_home(table, policy) else ""
        led = Counter(key.references for key in table.foreign_keys)
        for key in table.foreign_keys:
            # Of two keys to one table, each finds its own row: they may have to differ.
            inside = shared in key.columns and len(key.columns) > 1 and led[key.references] == 1
            required = not any(table.column(column).nullable for column in key.columns)
            if required and key.references != table.name and (inside or key.columns in tied):
                rules = self.rows.obeyed.of_parent(table.name, key)
                parent = self.some(self.schema.table(key.references), rules)
                fixed |= {own: parent[theirs] for own, theirs in key.pairs()}
        return fixed
