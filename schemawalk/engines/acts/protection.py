"""Hashes and ciphers made to act: what was written is not what is kept, and can be told from it."""

from __future__ import annotations

from functools import partial

from schemawalk.engines.acts.changes import Changing, may_move
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.rows.planned import Wish
from schemawalk.schema.language.expression import IsNull, Name
from schemawalk.schema.things import Protected

_SAME = {
    "hash": "crypt($1, {0}) = {0}",
    "encrypt": "pgp_sym_decrypt_bytea({0}, current_setting($2)) = $1",
}
"""SQL that tells whether what is kept comes from a value."""


def protect_acts(thing: Protected, rows: RowProof) -> Attempts:
    """What is kept of each column, and what a missing key does."""
    for column, how in thing.columns:
        kept = "a hash" if how == "hash" else "a cipher"
        name = f"{thing.table}: keeps {kept} of {column}"
        yield name, partial(_kept, thing, rows, column, how)
        if may_move((column,), thing, rows):
            yield f"{name} when it changes", partial(_changed, thing, rows, column, how)
        if how == "hash":
            yield (
                f"{thing.table}: leaves a hash in {column} as it is",
                partial(_left, thing, rows, column),
            )
        if how == "encrypt":
            name = f"{thing.table}: refuses {column} without {thing.setting}"
            yield name, partial(_keyless, thing, rows, column)


def _kept(thing: Protected, rows: RowProof, column: str, how: str) -> str:
    made = Changing(thing, rows)
    row = _with_value(made, column)
    with rows.engine.savepoint():
        made.insert()
        _comes_from(made, row, row, column, how)
    return ""


def _left(thing: Protected, rows: RowProof, column: str) -> str:
    """A hash of a hash would let nobody in any more."""
    made = Changing(thing, rows)
    for hashed in (f"$2{version}$12${'Ab./5' * 10}xyz" for version in "ab"):
        row = made.row(Wish(fixed={column: hashed}))
        with rows.engine.savepoint():
            made.insert()
            if made.look(row, column) != hashed:
                raise DisprovedError("it was hashed once more")
        made.plan.planned.pop()
    return ""


def _changed(thing: Protected, rows: RowProof, column: str, how: str) -> str:
    made = Changing(thing, rows)
    row = _with_value(made, column)
    present = (IsNull(Name(column), negated=True),)
    new = made.becomes(row, Wish(within=present))
    with rows.engine.savepoint():
        made.insert()
        before = made.look(row, column)
        if others := {name: value for name, value in new.items() if name != column}:
            made.change(row, others)
        made.touch(row)
        if made.look(row, column) != before:
            raise DisprovedError("it is not what it was after a change of something else")
        made.change(row, {column: new[column]})
        _comes_from(made, row, {**row, **new}, column, how)
    return ""


def _keyless(thing: Protected, rows: RowProof, column: str) -> str:
    made = Changing(thing, rows)
    row = _with_value(made, column)
    made.plan.planned.pop()
    with rows.engine.savepoint():
        made.insert()
        rows.engine.rows("SELECT set_config($1, '', true)", (thing.setting,))
        made.must_refuse(partial(made.insert_plainly, row), "a row that nobody could read")
    return ""


def _with_value(made: Changing, column: str) -> Values:
    guards = made.plan.obeyed.guards.get(made.table.name, ())
    fixed = {guard.column: guard.starts[0] for guard in guards}
    return made.row(Wish(fixed=fixed, within=(IsNull(Name(column), negated=True),)))


def _comes_from(made: Changing, row: Values, given: Values, column: str, how: str) -> None:
    """Compare what is kept with what was written: other than it, and made of it."""
    value = made.engine.bound(made.table.column(column).type, given[column])
    name = made.dialect.quoted(column)
    where, keys = made.writer.identified(made.table, row, start=4)
    setting = made.thing.setting if isinstance(made.thing, Protected) else ""
    sql = f"SELECT {name} = $3, {_SAME[how].format(name)}, length($2::text) FROM {where}"
    open_, same, _ = made.engine.rows(sql, (value, setting, value, *keys))[0]
    if open_:
        raise DisprovedError("what was written lies open in the row")
    if not same:
        raise DisprovedError("what is kept does not come from what was written")
