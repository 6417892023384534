"""Foreign keys made to act: rows without a parent, with another's, and parents that go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from schemawalk.engines.engine import EngineError, Refusal
from schemawalk.engines.row_writer import RowWriter
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.consequences import Consequences, children, consequences, emptying
from schemawalk.rows.decided import decided
from schemawalk.rows.judgement import Values, said_of_parent
from schemawalk.rows.planned import NoRowError, Rows, Wish
from schemawalk.schema.language.expression import Compare, Expression, IsNull, Literal, Name
from schemawalk.schema.model import ForeignKey, Schema, Table
from schemawalk.schema.things import Sealed


class ReferenceProof:
    """The attempts on the foreign keys of a schema."""

    def __init__(self, schema: Schema, rows: Rows, writer: RowWriter) -> None:
        """`rows` are those that are there already."""
        self._schema = schema
        self._children = children(schema)
        self._rows = rows
        self._writer = writer

    def attempts(self, table: Table, key: ForeignKey) -> Attempts:
        """What shows that the key refuses, and what it does when its parent goes."""
        columns = ", ".join(key.columns)
        name = f"{table.name}: refuses a missing row of {key.references} in {columns}"
        yield name, partial(self._orphan, table, key)
        if self._tied(key):
            name = f"{table.name}: refuses another's row of {key.references} in {columns}"
            yield name, partial(self._strayed, table, key)
        if emptying(table, key) is None:
            yield f"{self._outcome(table, key)} ({columns})", partial(self._deleted, table, key)
        if key.on_update != "NO ACTION":
            follows = "follows" if key.on_update == "CASCADE" else "keeps"
            name = f"{table.name}: {follows} the key of {key.references} when it changes"
            yield f"{name} ({columns})", partial(self._updated, table, key)

    def _outcome(self, table: Table, key: ForeignKey) -> str:
        match key.on_delete:
            case "CASCADE":
                return f"{table.name}: goes along when its row of {key.references} is deleted"
            case "SET NULL":
                return f"{table.name}: stays without its row of {key.references}"
            case _:
                return f"{table.name}: keeps its row of {key.references} from being deleted"

    def _tied(self, key: ForeignKey) -> bool:
        """Whether the key has a column beside what points to the parent's own key."""
        own = self._schema.table(key.references).primary_key.columns
        return len(key.columns) > 1 and set(key.referenced_columns) > set(own)

    # Rows whose parent is not there, or is another's

    def _orphan(self, table: Table, key: ForeignKey) -> str:
        rows = self._rows.on_top()
        try:
            row = rows.add(table, Wish(orphaned=key))
        except NoRowError:
            # Keys that share a column with it are broken as well.
            rows = self._rows.on_top()
            row = rows.add(table, Wish(within=_present(key.columns)))
            lost = {**row, **rows.absent(table, key)}
            return self._refused(table, rows, row, key, lost)
        return self._refused(table, rows, row, key)

    def _strayed(self, table: Table, key: ForeignKey) -> str:
        """The parent is there, but belongs to somebody else."""
        rows = self._rows.on_top()
        parent = self._schema.table(key.references)
        first = rows.add(table, Wish(within=_present(key.columns)))
        own = set(parent.primary_key.columns)
        pairs = list(key.pairs())
        apart = tuple(
            Compare("<>", Name(theirs), Literal(first[mine]))
            for mine, theirs in pairs if theirs not in own
        )  # fmt: skip
        other = rows.add(parent, Wish(within=apart))
        fixed = {mine: other[theirs] if theirs in own else first[mine] for mine, theirs in pairs}
        try:
            row = rows.add(table, Wish(fixed=fixed))
        except NoRowError:
            # Nothing else can have what `first` has: it is the one that strays.
            if not key.deferrable:  # It promised nothing, and may come after the other.
                rows.planned.sort(key=lambda each: each.values is first and not each.later)
            return self._refused(table, rows, first, key, {**first, **fixed})
        return self._refused(table, rows, row, key)

    def _refused(
        self, table: Table, rows: Rows, row: Values, key: ForeignKey, bad: Values | None = None
    ) -> str:
        """Insert what was planned, with `bad` in the place of `row`: it must be refused."""
        bad = row if bad is None else bad
        hurt = [k for k in table.foreign_keys if k == key or self._dangles(k, rows, bad)]
        wanted = {self._writer.reported_key(table, each) for each in hurt}
        planned = [replace(each, values=bad) if each.values is row else each
                   for each in rows.planned]  # fmt: skip
        self._writer.refuse(planned, wanted)
        return _besides(key, [each.name for each in hurt])

    def _dangles(self, key: ForeignKey, rows: Rows, row: Values) -> bool:
        values = [row.get(column) for column in key.columns]
        there = (
            [other.get(column) for column in key.referenced_columns]
            for other in rows.of(key.references)
        )
        return None not in values and values not in there

    # A parent that goes, or gets another key

    def _deleted(self, table: Table, key: ForeignKey) -> str:
        """Delete a parent that one row alone refers to, by this key alone where that can be."""
        rows, owner = self._rows.on_top(), self._schema.table(key.references)
        parent, child = self._pair(rows, table, key)
        met = consequences(self._children, rows, owner, parent)
        with self._writer.savepoint():
            self._writer.insert(rows.planned)
            if key.on_delete in ("CASCADE", "SET NULL"):
                return self._goes(table, key, parent, child, met)
            wanted = {self._writer.reported_key(t, k) for t, k in met.refusing}
            wanted |= set(self._sealed(key, table, met))
            delete = partial(self._writer.delete, owner, parent)
            self._writer.expect(delete, wanted, "the delete")
        return _besides(key, [k.name for _, k in met.refusing])

    def _pair(self, rows: Rows, table: Table, key: ForeignKey) -> tuple[Values, Values]:
        """A new parent that nothing else refers to if that can be, and a row that refers to it."""
        owner = self._schema.table(key.references)
        fitting = [rule for _, rule in said_of_parent(table, key)]
        fitting += rows.obeyed.of_parent(table.name, key)
        parent = rows.add(owner, Wish(within=(*_present(key.referenced_columns), *fitting)))
        rows.hide(parent)
        pairs = key.pairs()
        refers = {column: parent[referenced] for column, referenced in pairs}
        try:
            return parent, rows.add(table, self._surviving(table, key, refers, rows))
        except NoRowError:
            # The parent follows from what the child is: an owner belongs to what they own.
            child = rows.add(table, Wish(within=_present(key.columns)))
            return _referred(rows, key, child), child

    def _goes(
        self, table: Table, key: ForeignKey, parent: Values, child: Values, met: Consequences
    ) -> str:
        """The delete is carried out, or refused by a key that has every right to."""
        may = {self._writer.reported_key(t, k): k.name for t, k in met.refusing}
        may |= self._sealed(key, table, met)
        try:
            with self._writer.savepoint():
                self._writer.delete(self._schema.table(key.references), parent)
                self._see_after(table, key, child)
        except EngineError as error:
            if error.refusal is None or error.refusal not in may:
                raise
            return f"never alone: {may[error.refusal]} says no"
        return ""

    def _sealed(self, key: ForeignKey, table: Table, met: Consequences) -> dict[Refusal, str]:
        """The triggers that keep rows from going, or from changing as the key would have it."""
        gone = {name for name, _ in met.gone}
        seals = self._schema.things(Sealed)
        found = [seal for seal in seals if seal.table in gone and "DELETE" in seal.events]
        if key.on_delete == "SET NULL":
            found += [s for s in seals if s.table == table.name and "UPDATE" in s.events]
        return {self._writer.reported_trigger(s.table, s.name): s.name for s in found}

    def _surviving(self, table: Table, key: ForeignKey, fixed: Values, rows: Rows) -> Wish:
        """A child that obeys its CHECKs without its parent too, if there can be one."""
        if key.on_delete == "SET NULL":
            wish = Wish(fixed=fixed, emptied=key.emptied or key.columns)
            try:
                rows.on_top().add(table, wish)
            except NoRowError:
                return Wish(fixed=fixed)
            return wish
        return Wish(fixed=fixed)

    def _see_after(self, table: Table, key: ForeignKey, child: Values) -> None:
        emptied = key.emptied or key.columns
        found = self._writer.look(table, child, emptied)
        if key.on_delete == "CASCADE" and found:
            raise DisprovedError("the row is still there")
        if key.on_delete == "SET NULL" and not found:
            raise DisprovedError("the row is gone")
        if key.on_delete == "SET NULL" and any(value is not None for value in found[0]):
            raise DisprovedError(f"{', '.join(emptied)} still has a value")

    def _updated(self, table: Table, key: ForeignKey) -> str:
        """Give a parent another key, and look what becomes of the row that refers to it."""
        rows, owner = self._rows.on_top(), self._schema.table(key.references)
        parent, child = self._pair(rows, table, key)
        changed = rows.on_top().add(owner, Wish(within=_present(key.referenced_columns)))
        led = decided(self._schema, owner)
        new = {name: changed[name] for name in key.referenced_columns if name not in led}
        held = [k for k in _holding(table, key, new) if k == key or _refers(k, child, parent)]
        with self._writer.savepoint():
            self._writer.insert(rows.planned)
            change = partial(self._writer.change, owner, parent, new)
            if key.on_update == "RESTRICT":
                wanted = {self._writer.reported_key(table, each) for each in held}
                self._writer.expect(change, wanted, "the change")
                return _besides(key, [each.name for each in held])
            change()
            moved = {own: new[theirs] for own, theirs in key.pairs() if theirs in new}
            after = {**child, **moved}
            if not self._writer.look(table, after, table.primary_key.columns, moved):
                raise DisprovedError("the row did not follow")
        return ""


def _holding(table: Table, key: ForeignKey, new: Values) -> list[ForeignKey]:
    """The keys of a table to the same parent that keep something of `new` from changing."""
    beside = (each for each in table.foreign_keys if each.references == key.references)
    return [k for k in beside if k.on_update != "CASCADE" and set(k.referenced_columns) & set(new)]


def _refers(key: ForeignKey, child: Values, parent: Values) -> bool:
    return all(child[own] == parent[theirs] for own, theirs in key.pairs())


def _referred(rows: Rows, key: ForeignKey, child: Values) -> Values:
    """The row that a child points to."""
    wanted = {theirs: child[own] for own, theirs in key.pairs()}
    return next(row for row in rows.of(key.references) if wanted.items() <= dict(row).items())


def _present(columns: Sequence[str]) -> tuple[Expression, ...]:
    return tuple(IsNull(Name(column), negated=True) for column in columns)


def _besides(key: ForeignKey, hurt: Sequence[str]) -> str:
    others = [name for name in dict.fromkeys(hurt) if name != key.name]
    return f"never alone: {', '.join(others)} says no as well" if others else ""
