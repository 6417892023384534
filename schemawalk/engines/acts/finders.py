"""Functions that find a row before its tenant is known, made to act: the row, and nothing else."""

from __future__ import annotations

from functools import partial

from schemawalk.engines.acts.sessions import WITNESS, become, must_be_forbidden, witness
from schemawalk.engines.acts.tenants import Tenant
from schemawalk.engines.engine import EngineError
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Values, keys
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.language.expression import Expression, IsNull, Logic, Name, Value
from schemawalk.schema.model import Table
from schemawalk.schema.routine import Routine

Found = list[tuple[object, ...]]


def find_acts(thing: Routine, rows: RowProof) -> Attempts:
    """What the function finds for the role that calls it, what it overlooks, whom it refuses."""
    yield f"{thing.name}: finds one row of all tenants'", partial(_found, thing, rows)
    if _may_be_shared(thing, rows.schema.table(thing.table)):
        said = "finds nothing where two tenants have the same" if thing.alone else "finds each row"
        yield f"{thing.name}: {said}", partial(_shared, thing, rows)
    if thing.among is not None:
        yield f"{thing.name}: overlooks what is not to be found", partial(_overlooked, thing, rows)
    yield f"{thing.name}: shows nothing else of {thing.table}", partial(_nothing_else, thing, rows)
    yield f"{thing.name}: is refused to everybody else", partial(_refused, thing, rows)


def _found(thing: Routine, rows: RowProof) -> str:
    """The row of one of two tenants, in whichever letters it is asked for."""
    finder = _Finder(thing, rows)
    own, _ = finder.row(), finder.row()
    for given in (finder.given(own), finder.in_other_letters(own)):
        finder.must_find(given, [own])
    return ", ".join(thing.shown)


def _shared(thing: Routine, rows: RowProof) -> str:
    finder = _Finder(thing, rows)
    own = finder.row()
    other = finder.row({name: own[name] for name in thing.compared})
    finder.must_find(finder.given(own), [] if thing.alone else [own, other])
    return ""


def _overlooked(thing: Routine, rows: RowProof) -> str:
    finder = _Finder(thing, rows)
    assert thing.among is not None
    own = finder.row(outside=(thing.among,))
    finder.must_find(finder.given(own), [])
    return ""


def _nothing_else(thing: Routine, rows: RowProof) -> str:
    """Whoever called it knows the key, and still sees no row of the table."""
    finder = _Finder(thing, rows)
    own = finder.row()
    where, values = rows.identified(finder.table, own)
    with rows.engine.savepoint():
        rows.insert(finder.plan.planned)
        become(rows.engine, thing.role)
        finder.asked(finder.given(own))
        if rows.engine.rows(f"SELECT 1 FROM {where}", values):
            raise DisprovedError(f"{thing.role} sees the row in its table")
    return ""


def _refused(thing: Routine, rows: RowProof) -> str:
    finder = _Finder(thing, rows)
    with witness(rows.engine):
        become(rows.engine, WITNESS)
        must_be_forbidden(rows.engine, finder.call, [None] * len(thing.compared), "the call")
    return ""


def _may_be_shared(thing: Routine, table: Table) -> bool:
    """Whether rows of two tenants may have the same in all that is compared."""
    said = _parts(thing.among)
    bound = (key for key in keys(table) if key.predicate is None or key.predicate in said)
    tied = {c for key in table.foreign_keys for c in key.columns}
    unique = any(set(key.columns) <= set(thing.compared) for key in bound)
    return not unique and tied.isdisjoint(thing.compared)


def _parts(condition: Expression | None) -> tuple[Expression, ...]:
    if isinstance(condition, Logic) and condition.operator == "and":
        return condition.parts
    return () if condition is None else (condition,)


class _Finder:
    """One function with rows for it to find, each of another tenant."""

    def __init__(self, thing: Routine, rows: RowProof) -> None:
        self.thing = thing
        self.rows = rows
        self.table = rows.schema.table(thing.table)
        self.plan = rows.on_top()
        places = ", ".join(f"${at}" for at in range(1, len(thing.compared) + 1))
        self.call = f"SELECT * FROM {POSTGRESQL.quoted(thing.name)}({places})"

    def row(self, fixed: Values | None = None, outside: tuple[Expression, ...] = ()) -> Values:
        """A row of a tenant that has no other: one to be found, unless it is `outside`."""
        among = () if self.thing.among is None or outside else (self.thing.among,)
        there = tuple(IsNull(Name(name), negated=True) for name in self.thing.compared)
        tenant = Tenant(self.rows.schema, self.plan)
        return tenant.row(self.table, (*among, *there), fixed or {}, outside)

    def given(self, row: Values) -> list[Value]:
        return [row[name] for name in self.thing.compared]

    def in_other_letters(self, row: Values) -> list[Value]:
        """The same values, with the letters of those swapped in which their case is the same."""
        return [
            value.swapcase() if name in self.thing.folded and isinstance(value, str) else value
            for name, value in zip(self.thing.compared, self.given(row), strict=True)
        ]

    def asked(self, given: list[Value]) -> Found:
        types = (self.table.column(name).type for name in self.thing.compared)
        bound = [self.rows.engine.bound(t, v) for t, v in zip(types, given, strict=True)]
        try:
            return self.rows.engine.rows(self.call, bound)
        except EngineError as error:
            raise DisprovedError(f"{self.thing.role} cannot call it: {error}") from error

    def must_find(self, given: list[Value], wanted: list[Values]) -> None:
        """Ask without a tenant, as the role that calls it."""
        with self.rows.engine.savepoint():
            self.rows.insert(self.plan.planned)
            due = sorted((self.told(row) for row in wanted), key=repr)
            become(self.rows.engine, self.thing.role)
            found = self.asked(given)
        if sorted(found, key=repr) != due:
            raise DisprovedError(f"it tells {len(found)} rows, or others, instead of {len(due)}")

    def told(self, row: Values) -> tuple[object, ...]:
        """What the database holds of a row in the columns that are shown."""
        shown = ", ".join(map(POSTGRESQL.quoted, self.thing.shown))
        found = self.rows.found(self.table, row, shown)
        assert found is not None
        return tuple(found)
