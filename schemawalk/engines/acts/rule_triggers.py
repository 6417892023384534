"""Rules over other rows and parents, made to act: one row too many, one that the parent forbids."""

from __future__ import annotations

from functools import partial

from schemawalk.engines.acts.changes import Changing, may, may_move
from schemawalk.engines.engine import Refusal
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts
from schemawalk.rows.judgement import Values, judged
from schemawalk.rows.planned import NoRowError, Wish
from schemawalk.schema.language.expression import Not, Value
from schemawalk.schema.things import Asserted, Limit, ParentRule


def asserted_acts(thing: Asserted, rows: RowProof) -> Attempts:
    """A row that breaks the rule is refused, whether it is new or was changed."""
    yield f"{thing.table}: refuses what breaks {thing.name}", partial(_broken, thing, rows)
    if may("UPDATE", thing, rows):
        name = f"{thing.table}: refuses a change that breaks {thing.name}"
        yield name, partial(_breaks, thing, rows)


def _broken(thing: Asserted, rows: RowProof) -> str:
    made = Changing(thing, rows)
    row = made.row(_breaking(thing, made))
    last = made.plan.planned.pop()
    with rows.engine.savepoint():
        made.insert()
        insert = partial(rows.insert, [last])
        made.must_refuse(insert, "the row", _hurt(made, row))
    return ""


def _breaks(thing: Asserted, rows: RowProof) -> str:
    for sparse in (True, False):
        made = Changing(thing, rows)
        try:
            row = made.row(Wish(within=(thing.rule,), sparse=sparse))
            new = made.becomes(row, _breaking(thing, made))
        except NoRowError:
            continue
        with rows.engine.savepoint():
            made.insert()
            change = partial(made.change, row, new)
            made.must_refuse(change, "the change", _hurt(made, {**row, **new}))
        return ""
    return "no other rule lets a row change so"


def _breaking(thing: Asserted, made: Changing) -> Wish:
    """A row that breaks this rule, and no other if that can be."""
    alone = Wish(breaks=(thing.name,))
    try:
        made.plan.on_top().add(made.table, alone)
    except NoRowError:
        others = frozenset(check.name for check in made.table.checks)
        others |= made.plan.obeyed.heedless(made.table.name)
        return Wish(breaks=(thing.name,), heedless=others)
    return alone


def _hurt(made: Changing, row: Values) -> frozenset[Refusal]:
    """What else may say no to the row."""
    checks = (c.name for c in made.table.checks if judged(c.expression, row) is False)
    reported = made.engine.reported
    return frozenset(reported("check", made.table.name, name, ()) for name in checks)


def limit_acts(thing: Limit, rows: RowProof) -> Attempts:
    """As many rows as allowed, and not one more, by whatever way it comes."""
    counted = f"{thing.most} of one {thing.parent}"
    yield f"{thing.table}: takes {counted}, and no more", partial(_full, thing, rows)
    if may_move(thing.columns, thing, rows):
        name = f"{thing.table}: refuses one more than {counted} by a change"
        yield name, partial(_moved_in, thing, rows)
    if may("UPDATE", thing, rows) and thing.among is not None:
        name = f"{thing.table}: takes more than {counted} where some do not count"
        yield name, partial(_uncounted, thing, rows)
        name = f"{thing.table}: refuses one that counts from now on beside {counted}"
        yield name, partial(_counts_again, thing, rows)


def _filled(thing: Limit, made: Changing) -> dict[str, Value]:
    """Plan a parent with as many rows as it may have; gives what refers to it."""
    refers = _of_one(thing, made)
    _fill(thing, made, refers)
    return refers


def _of_one(thing: Limit, made: Changing) -> dict[str, Value]:
    parent = made.plan.add(made.rows.schema.table(thing.parent))
    pairs = zip(thing.columns, thing.parent_columns, strict=True)
    return {column: parent[referenced] for column, referenced in pairs}


def _fill(thing: Limit, made: Changing, refers: dict[str, Value]) -> None:
    for _ in range(thing.most):
        made.row(_counting(thing, refers))


def _counting(thing: Limit, refers: dict[str, Value], *heedless: str) -> Wish:
    among = (thing.among,) if thing.among is not None else ()
    return Wish(fixed=refers, within=among, heedless=frozenset(heedless))


def _full(thing: Limit, rows: RowProof) -> str:
    made = Changing(thing, rows)
    refers = _filled(thing, made)
    made.row(_counting(thing, refers, thing.name))
    last = made.plan.planned.pop()
    with rows.engine.savepoint():
        made.insert()
        made.must_refuse(partial(rows.insert, [last]), "one row more")
    return ""


def _moved_in(thing: Limit, rows: RowProof) -> str:
    made = Changing(thing, rows)
    refers = _filled(thing, made)
    row = made.row(_counting(thing, {}))
    new = made.becomes(row, _counting(thing, refers, thing.name))
    with rows.engine.savepoint():
        made.insert()
        made.must_refuse(partial(made.change, row, new), "one row more")
    return ""


def _uncounted(thing: Limit, rows: RowProof) -> str:
    """One that does not count is there before the others: it may have counted when it began."""
    made = Changing(thing, rows)
    refers = _of_one(thing, made)
    assert thing.among is not None
    more = made.row(Wish(fixed=refers, outside=(thing.among,)))
    _fill(thing, made, refers)
    with rows.engine.savepoint():
        made.insert()
        made.touch(more)
    return ""


def _counts_again(thing: Limit, rows: RowProof) -> str:
    made = Changing(thing, rows)
    refers = _of_one(thing, made)
    assert thing.among is not None
    more = made.row(Wish(fixed=refers, outside=(thing.among,)))
    _fill(thing, made, refers)
    try:
        new = made.becomes(more, _counting(thing, refers, thing.name))
    except NoRowError:
        return "no other rule lets one count again"
    with rows.engine.savepoint():
        made.insert()
        made.must_refuse(partial(made.change, more, new), "one that counts from now on")
    return ""


def parent_acts(thing: ParentRule, rows: RowProof) -> Attempts:
    """A parent that breaks the rule gets no row, neither a new one nor another's."""
    name = f"{thing.table}: refuses a row whose {thing.parent} breaks {thing.name}"
    yield name, partial(_forbidden, thing, rows)
    if may_move(thing.columns, thing, rows):
        name = f"{thing.table}: refuses to move to a row of {thing.parent} that breaks {thing.name}"
        yield name, partial(_moved, thing, rows)


def _parent(thing: ParentRule, made: Changing) -> dict[str, Value]:
    """Plan a parent that breaks the rule; gives what refers to it."""
    table = made.rows.schema.table(thing.parent)
    parent = made.plan.add(table, Wish(within=(Not(thing.rule),)))
    pairs = zip(thing.columns, thing.parent_columns, strict=True)
    return {column: parent[referenced] for column, referenced in pairs}


def _forbidden(thing: ParentRule, rows: RowProof) -> str:
    made = Changing(thing, rows)
    made.row(Wish(fixed=_parent(thing, made)))
    last = made.plan.planned.pop()
    with rows.engine.savepoint():
        made.insert()
        made.must_refuse(partial(rows.insert, [last]), "the row")
    return ""


def _moved(thing: ParentRule, rows: RowProof) -> str:
    made = Changing(thing, rows)
    refers = _parent(thing, made)
    row = made.row()
    new = made.becomes(row, Wish(fixed=refers))
    with rows.engine.savepoint():
        made.insert()
        made.must_refuse(partial(made.change, row, new), "the change")
    return ""
