"""Views made to act: what is hidden, masked and summed up in them, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from schemawalk.engines.acts.sessions import WITNESS, ask_for, become, witness
from schemawalk.engines.acts.tenants import Tenant
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.rows.planned import NoRowError, Rows, Wish
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import (
    Call,
    Compare,
    Expression,
    IsNull,
    Literal,
    Name,
    names,
)
from schemawalk.schema.things import Policy, View, ViewColumn

Mask = Callable[[str], str]

MASKS: Final[Mapping[str, Mask]] = {
    "mask_email": lambda text: f"{text[:1]}…{text[text.find('@') :]}" if "@" in text else "•••",
    "mask_phone": lambda text: f"…{text[-2:]}",
    "mask_name": lambda text: f"{text[:1]}…",
    "mask_text": lambda _: "•••",
}
"""What each mask shows of a value."""


def view_acts(view: View, rows: RowProof) -> Attempts:
    """What the view shows and what it leaves out, by what it is for."""
    if view.predicate is not None and view.purpose != "summary":
        yield (
            f"{view.name}: shows what its condition lets through alone",
            partial(_within, view, rows),
        )
    if view.purpose == "masked":
        yield f"{view.name}: shows sensitive facts in part", partial(_masked, view, rows)
    if view.purpose == "summary":
        yield f"{view.name}: counts each row once", partial(_summed, view, rows)
        if view.predicate is not None:
            said = f"{view.name}: leaves out what its condition does"
            yield said, partial(_not_summed, view, rows)
    if any(policy.table == view.table for policy in rows.schema.things(Policy)):
        yield f"{view.name}: shows the rows of one tenant alone", partial(_apart, view, rows)


def _within(view: View, rows: RowProof) -> str:
    assert view.predicate is not None
    table, plan = rows.schema.table(view.table), rows.on_top()
    shown = plan.add(table, Wish(within=(view.predicate,)))
    hidden = plan.add(table, Wish(outside=(view.predicate,)))
    with rows.engine.savepoint():
        rows.insert(plan.planned)
        _ask(view, rows, shown)
        if not _look(view, rows, shown):
            raise DisprovedError("a row that it should show is not in it")
        _ask(view, rows, hidden)
        if _look(view, rows, hidden):
            raise DisprovedError("a row that it should leave out is in it")
    return ""


def _ask(view: View, rows: RowProof, row: Values) -> None:
    """Ask for the tenant of a row, where the view's own text wants to know."""
    policy = _policy(view, rows)
    if policy and policy.column and rows.engine.name == "postgresql":
        ask_for(rows.engine, policy.setting, row[policy.column])


def _policy(view: View, rows: RowProof) -> Policy | None:
    return next((p for p in rows.schema.things(Policy) if p.table == view.table), None)


def _look(view: View, rows: RowProof, row: Values, what: str = "1") -> list[tuple[Any, ...]]:
    """What the view shows of one row."""
    table = rows.schema.table(view.table)
    where, values = rows.identified(table, row)
    quoted = DIALECTS[rows.engine.name].quoted
    start = quoted(table.name)
    return rows.engine.rows(f"SELECT {what} FROM {quoted(view.name)}{where[len(start) :]}", values)


# Masks


def _masked(view: View, rows: RowProof) -> str:
    table, plan = rows.schema.table(view.table), rows.on_top()
    hidden = [c for c in view.columns if c.expression != Name(c.name)]
    full = tuple(IsNull(Name(c.name), negated=True) for c in hidden)
    row = plan.add(table, Wish(within=full))
    listed = DIALECTS[rows.engine.name].names(tuple(c.name for c in view.columns))
    with rows.engine.savepoint():
        rows.insert(plan.planned)
        _ask(view, rows, row)
        where, values = rows.identified(table, row)
        stored = rows.engine.rows(f"SELECT {listed} FROM {where}", values)[0]
        shown = _look(view, rows, row, listed)
    if not shown:
        raise DisprovedError("the row is not in it")
    for column, before, after in zip(view.columns, stored, shown[0], strict=True):
        if after != _expected(column.expression, before):
            raise DisprovedError(f"{column.name} shows {after!r}, not a mask of the value")
    return ", ".join(column.name for column in hidden)


def _expected(shown: Expression, stored: object) -> object:
    match shown:
        case Literal(value):
            return value
        case Call(function, _):
            return MASKS[function](str(stored))
        case _:
            return stored


# Sums

_Sums = dict[tuple[Any, ...], tuple[float, ...]]


def _summed(view: View, rows: RowProof) -> str:
    """Adds a row, and looks at what changes: one line, by one and by the row's own numbers."""
    plan = rows.on_top()
    row = _one_more(view, rows, plan)
    with rows.engine.savepoint():
        rows.insert(plan.planned[:-1])
        _ask(view, rows, row)
        before = _sums(view, rows)
        rows.insert(plan.planned[-1:])
        if view.materialised and _read(view, rows) != before:
            raise DisprovedError("it changes before it is refreshed")
        after = _sums(view, rows)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if len(changed) != 1:
        raise DisprovedError(f"one row more changes {len(changed)} lines")
    key = changed.pop()
    none = (0.0,) * len(after.get(key, ()))
    more = [new - old for new, old in zip(after[key], before.get(key, none), strict=True)]
    if [round(each, 6) for each in more] != _numbers(view, row):
        raise DisprovedError(f"one row more adds {more}, not {_numbers(view, row)}")
    return "refreshed while it can be read" if view.materialised else ""


def _one_more(view: View, rows: RowProof, plan: Rows) -> Values:
    """A row that is counted on the line of another, with something to add, if there can be one."""
    table = rows.schema.table(view.table)
    inside = (view.predicate,) if view.predicate is not None else ()
    grouped = {c for column in view.columns for c in names(column.expression)
               if column.name in view.grouped_by}  # fmt: skip
    summed = {c for column in view.columns for c in names(column.expression)} - grouped
    more = tuple(Compare(">", Name(column), Literal(0)) for column in sorted(summed))
    first = plan.add(table, Wish(within=inside))
    same = {column: first[column] for column in grouped}
    for wish in (Wish(fixed=same, within=(*inside, *more)), Wish(fixed=same, within=inside)):
        try:
            return plan.add(table, wish)
        except NoRowError:
            continue
    return plan.add(table, Wish(within=inside))


def _not_summed(view: View, rows: RowProof) -> str:
    assert view.predicate is not None
    plan = rows.on_top()
    row = plan.add(rows.schema.table(view.table), Wish(outside=(view.predicate,)))
    with rows.engine.savepoint():
        rows.insert(plan.planned[:-1])
        _ask(view, rows, row)
        before = _sums(view, rows)
        rows.insert(plan.planned[-1:])
        if _sums(view, rows) != before:
            raise DisprovedError("it counts a row that it should leave out")
    return ""


def _numbers(view: View, row: Values) -> list[float]:
    """What the row adds to each column that is summed up."""
    added = []
    for column in _added(view):
        named = names(column.expression)
        added.append(round(float(row[named[0]] or 0), 6) if named else 1.0)
    return added


def _added(view: View) -> list[ViewColumn]:
    """The columns that are added up, the number of rows among them."""
    return [column for column in view.columns if column.name not in view.grouped_by]


def _sums(view: View, rows: RowProof) -> _Sums:
    if view.materialised:
        name = DIALECTS[rows.engine.name].quoted(view.name)
        rows.engine.execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {name}")
    return _read(view, rows)


def _read(view: View, rows: RowProof) -> _Sums:
    dialect = DIALECTS[rows.engine.name]
    sums = tuple(column.name for column in _added(view))
    listed = dialect.names((*view.grouped_by, *sums))
    found = rows.engine.rows(f"SELECT {listed} FROM {dialect.quoted(view.name)}")
    at = len(view.grouped_by)
    return {tuple(line[:at]): tuple(map(_number, line[at:])) for line in found}


def _number(value: Any) -> float:
    """A sum as a number: that of lengths of time in seconds."""
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


# Tenants


def _apart(view: View, rows: RowProof) -> str:
    """Read by another role, for one tenant, it has that tenant's row and not the other's."""
    table, plan = rows.schema.table(view.table), rows.on_top()
    policy = _policy(view, rows)
    assert policy is not None
    inside = (view.predicate,) if view.predicate is not None else ()
    tenants = [Tenant(rows.schema, plan) for _ in range(2)]
    own, others = (tenant.row(table, inside) for tenant in tenants)
    look = _lines if view.purpose == "summary" else _rows
    with witness(rows.engine):
        rows.insert(plan.planned)
        become(rows.engine, WITNESS)
        for tenant, seen in ((tenants[0].id, (True, False)), (None, (False, False))):
            ask_for(rows.engine, policy.setting, tenant)
            if look(view, rows, own, others) != seen:
                raise DisprovedError("it does not show the rows of one tenant alone")
    return ""


def _rows(view: View, rows: RowProof, own: Values, others: Values) -> tuple[bool, bool]:
    """Whether the view shows each of two rows."""
    return bool(_look(view, rows, own)), bool(_look(view, rows, others))


def _lines(view: View, rows: RowProof, _own: Values, _others: Values) -> tuple[bool, bool]:
    """Whether the view counts one row, and more than that one: a new tenant has no others."""
    at = next(n for n, c in enumerate(_added(view)) if not names(c.expression))
    counted = sum(numbers[at] for numbers in _read(view, rows).values())
    return counted > 0, counted > 1
