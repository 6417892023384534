"""The log of changes and earlier versions, made to act: each change is there, as it was and is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from schemawalk.engines.acts.ages import DAY, ago, clock, stretch
from schemawalk.engines.acts.changes import Changing, may
from schemawalk.engines.acts.sessions import decoys
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.rows.planned import Wish
from schemawalk.rows.values import identifier
from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Column, Table, Type
from schemawalk.schema.things import Audit, History

_LONG_AGO: Final = "1900-01-01T00:00:00.000Z"
_FAR_AHEAD: Final = "2900-01-01T00:00:00.000Z"
HIDDEN: Final = "hidden"
_SAYS_WHO: Final = {
    "postgresql": "SELECT set_config($1, $2, true)",
    "mysql": "SET @app_user_id = $2",
    "mariadb": "SET @app_user_id = $2",
}
"""How a session says who works; absent where there is nobody to be."""


def audit_acts(thing: Audit, rows: RowProof) -> Attempts:
    """One entry for each change, with what it was and became, and who did it."""
    yield f"{thing.table}: a new row is logged in {thing.into}", partial(_inserted, thing, rows)
    if may("UPDATE", thing, rows):
        yield f"{thing.table}: a change is logged in {thing.into}", partial(_updated, thing, rows)
    if may("DELETE", thing, rows):
        yield f"{thing.table}: a delete is logged in {thing.into}", partial(_deleted, thing, rows)
    if rows.engine.name in _SAYS_WHO:
        yield f"{thing.table}: {thing.into} says who did it", partial(_who, thing, rows)
    if rows.engine.name == "postgresql":
        name = f"{thing.table}: a new row is logged by no function of somebody else"
        yield name, partial(_not_led_astray, thing, rows)


def _not_led_astray(thing: Audit, rows: RowProof) -> str:
    """What takes a value of any type fits worse than what was made for the row's own."""
    made = Changing(thing, rows)
    made.row()
    keys = (made.table.column(name).type for name in made.table.identity)
    taken = ", ".join(("text", *map(made.dialect.type, keys)))
    name = made.dialect.quoted(thing.table)
    better = (f"to_jsonb({name})", "jsonb_object_agg(text, jsonb)", f"concat_ws({taken})")
    with decoys(rows.engine, *better):
        made.insert()
    return ", ".join(better)


class _Logged(Changing):
    """Rows whose changes are logged, and the log."""

    def __init__(self, thing: Audit, rows: RowProof) -> None:
        super().__init__(thing, rows)
        self.audit = thing
        self.log: Table = rows.schema.table(thing.into)
        self.began = clock(rows.engine)

    def whole(self, row: Values) -> dict[str, Any]:
        """A row as the database has it now, as plain values of JSON."""
        columns = [column for column in self.table.columns if column.generated is None]
        if self.engine.name == "postgresql":
            columns, wanted = [], f"to_jsonb({self.dialect.quoted(self.table.name)})"
        elif self.engine.name == "sqlite":
            wanted = self.dialect.names(tuple(column.name for column in columns))
        else:
            wanted = f"JSON_OBJECT({', '.join(self._pair(column) for column in columns)})"
            columns = []
        found = self.rows.found(self.table, row, wanted)
        if not found:
            raise DisprovedError("the row is gone")
        if columns:
            return {c.name: _plain(c, value) for c, value in zip(columns, found, strict=True)}
        whole: Any = found[0]
        return dict(json.loads(whole) if isinstance(whole, str) else whole)

    def _pair(self, column: Column) -> str:
        name = value = self.dialect.quoted(column.name)
        if column.type.name in ("json", "list"):
            value = f"JSON_EXTRACT(CONVERT({name} USING utf8mb4), '$')"
        elif column.type.name == "bytes":
            value = f"SHA2({name}, 256)"  # bytes are no JSON; nothing but that they changed is told
        elif column.collation and isinstance(self.dialect, MySQLDialect):
            value = f"{name} COLLATE {self.dialect.exact}"
        return f"{self.dialect.literal(column.name)}, {value}"

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the log may tell of those values."""
        hidden, omitted = self.audit.hidden, self.audit.omitted
        return {
            name: HIDDEN if name in hidden and value is not None else value
            for name, value in values.items()
            if name not in omitted
        }

    def entries(self, row: Values) -> list[dict[str, Any]]:
        """What the log says of a row, the oldest entry first."""
        place = self.audit.place
        roles = ("action", "old", "new", "at", "actor")
        into = (*(place[role] for role in roles), *(column for column, _ in self.audit.copied))
        table, key = self.dialect.quoted(place["table"]), self.dialect.quoted(place["row"])
        sql = (
            f"SELECT {self.dialect.names(into)} FROM {self.dialect.quoted(self.log.name)} "
            f"WHERE {table} = $1 AND {key} = $2"
        )
        named = "/".join(str(row[column]) for column in self.table.identity)
        found = self.engine.rows(sql, (self.table.name, named))
        keys = (*roles, *(column for column, _ in self.audit.copied))
        return [dict(zip(keys, map(_read, each), strict=True)) for each in found]

    def entry(self, row: Values, action: str) -> dict[str, Any]:
        """The only entry of an action; raises DisprovedError when there is none, or several."""
        said = self.audit.called(action)
        found = [each for each in self.entries(row) if each["action"] == said]
        if len(found) != 1:
            raise DisprovedError(f"there are {len(found)} entries of the {action}, not one")
        return found[0]

    def must_say(self, entry: Mapping[str, Any], row: Values, **wanted: Any) -> None:
        """Compare an entry with what it should say."""
        for role, value in wanted.items():
            if not _same(entry[role], value):
                raise DisprovedError(f"its {role} values are {entry[role]}, not {value}")
        for into, column in self.audit.copied:
            if str(entry[into]) != str(row[column]):
                raise DisprovedError(f"{into} of the entry is not the row's {column}")
        if entry["at"] is None or not self.began <= entry["at"] <= clock(self.engine):
            raise DisprovedError(f"the entry says {entry['at']}, which is not when it was")


def _plain(column: Column, value: Any) -> Any:
    if column.type.name in ("json", "list") and isinstance(value, str):
        return json.loads(value)
    return value


def _read(value: Any) -> Any:
    """A value of the log; JSON is read where the driver gives it as text."""
    if isinstance(value, str) and value[:1] in "{[":
        return json.loads(value)
    return value


def _same(entry: Any, wanted: Mapping[str, Any] | None) -> bool:
    """Whether JSON says the same: a number may be a text, and true may be 1."""
    if not wanted:
        return not entry
    return bool(entry) and {k: _said(v) for k, v in entry.items()} == {
        k: _said(v) for k, v in wanted.items()
    }


def _said(value: Any) -> Any:
    if isinstance(value, bool):
        return str(int(value))
    return value if value is None or isinstance(value, dict | list) else str(value)


def _inserted(thing: Audit, rows: RowProof) -> str:
    made = _Logged(thing, rows)
    row = made.beginning()
    with rows.engine.savepoint():
        made.insert()
        made.must_say(made.entry(row, "INSERT"), row, old=None, new=made.shown(made.whole(row)))
    return ""


def _updated(thing: Audit, rows: RowProof) -> str:
    made = _Logged(thing, rows)
    row = made.beginning()
    new = made.freely(row, thing.omitted)
    changed_row = {**row, **new}
    with rows.engine.savepoint():
        made.insert()
        before = made.whole(row)
        made.change(row, new)
        after = made.whole(changed_row)
        changed = [name for name in before if before[name] != after[name]]
        old = made.shown({name: before[name] for name in changed})
        made.must_say(
            made.entry(changed_row, "UPDATE"), changed_row, old=old,
            new=made.shown({name: after[name] for name in changed}),
        )  # fmt: skip
        made.touch(changed_row)
        made.entry(changed_row, "UPDATE")  # still one: nothing changed
    return ", ".join(old)


def _deleted(thing: Audit, rows: RowProof) -> str:
    made = _Logged(thing, rows)
    row = made.beginning()
    with rows.engine.savepoint():
        made.insert()
        before = made.shown(made.whole(row))
        made.writer.delete(made.table, row)
        made.must_say(made.entry(row, "DELETE"), row, old=before, new=None)
    return ""


def _who(thing: Audit, rows: RowProof) -> str:
    made = _Logged(thing, rows)
    row = made.beginning()
    last = made.plan.planned.pop()
    somebody = _somebody(thing, made)
    with rows.engine.savepoint():
        made.insert()
        who = _SAYS_WHO[rows.engine.name]
        try:
            rows.engine.rows(who, (thing.setting, str(somebody)))
            rows.insert([last])
        finally:
            if rows.engine.name != "postgresql":  # there it ends with the savepoint
                rows.engine.rows(who, (thing.setting, ""))
        said = made.entry(row, "INSERT")["actor"]
        if str(said) != str(somebody):
            raise DisprovedError(f"it says {said}, not {somebody}")
    return ""


def _somebody(thing: Audit, made: _Logged) -> Value:
    """Who works: a row of the table that the log's column points to, where it does."""
    column = thing.place["actor"]
    for key in made.log.foreign_keys:
        if column in key.columns:
            parent = made.plan.add(made.rows.schema.table(key.references))
            return parent[key.referenced_columns[key.columns.index(column)]]
    kind = made.log.column(column).type.name
    return identifier(7) if kind == "uuid" else 7 if kind == "bigint" else "somebody"


# Earlier versions


def history_acts(thing: History, rows: RowProof) -> Attempts:
    """Each version that is replaced is kept, since when and until when."""
    if may("UPDATE", thing, rows):
        yield f"{thing.table}: a change keeps the row as it was", partial(_kept, thing, rows)
        yield (
            f"{thing.table}: no version ends before it began",
            partial(_in_order, thing, rows),
        )
    if may("DELETE", thing, rows):
        yield f"{thing.table}: a delete keeps the row as it was", partial(_survived, thing, rows)
        if thing.age is not None:
            said = f"{thing.table}: a row that goes after {thing.age} takes its versions along"
            yield said, partial(_taken_along, thing, rows)


class _Versioned(Changing):
    """Rows whose earlier versions are kept."""

    def __init__(self, thing: History, rows: RowProof) -> None:
        super().__init__(thing, rows)
        self.history = thing
        self.began = clock(rows.engine)

    def now(self, row: Values) -> tuple[Any, ...]:
        """What the row has in the columns that are kept."""
        return self.writer.look(self.table, row, self.history.columns)[0]

    def versions(self, row: Values) -> list[tuple[Any, ...]]:
        """The row's earlier versions, the oldest first: what is kept, since when, until when."""
        kept, dialect = self.history, self.dialect
        into = self.rows.schema.table(kept.into)
        keys = self.table.primary_key.columns
        where = " AND ".join(f"{dialect.quoted(key)} = ${at}" for at, key in enumerate(keys, 1))
        wanted = dialect.names((*kept.columns, kept.since, kept.until))
        values = [self.engine.bound(self.table.column(key).type, row[key]) for key in keys]
        return self.engine.rows(
            f"SELECT {wanted} FROM {dialect.quoted(into.name)} WHERE {where} "
            f"ORDER BY {dialect.names(into.primary_key.columns)}",
            values,
        )

    def pretend(self, row: Values, moment: str = _LONG_AGO) -> None:
        """Insert an earlier version, as if the row had been changed at that moment."""
        kept, dialect = self.history, self.dialect
        columns = dialect.names((*kept.columns, kept.since, kept.until))
        own = dialect.names(kept.columns)
        where, values = self.rows.identified(self.table, row)
        into = dialect.quoted(kept.into)
        at = f"${len(values) + 1}" + ("::timestamptz" if self.engine.name == "postgresql" else "")
        sql = f"INSERT INTO {into} ({columns}) SELECT {own}, {at}, {at} FROM {where}"
        self.engine.execute(sql, (*values, self.engine.bound(Type("timestamptz"), moment)))

    def must_be(self, version: tuple[Any, ...], was: tuple[Any, ...], since: Any) -> None:
        """Compare a version with the row as it was."""
        wrong = [
            f"{name} is {kept!r}, not {value!r}"
            for name, kept, value in zip(self.history.columns, version, was, strict=False)
            if kept != value
        ]
        if wrong:
            raise DisprovedError(f"the version says something else: {'; '.join(wrong)}")
        if version[-2] != since:
            raise DisprovedError(f"{self.history.since} is {version[-2]}, not {since}")
        if version[-1] is None or not self.began <= version[-1] <= clock(self.engine):
            raise DisprovedError(f"{self.history.until} is {version[-1]}, not when it changed")


def _kept(thing: History, rows: RowProof) -> str:
    made = _Versioned(thing, rows)
    row, other = made.beginning(), made.beginning()
    new = made.freely(row)
    with rows.engine.savepoint():
        made.insert()
        made.pretend(row)
        first = made.now(row)
        made.change(row, new)
        second = made.now({**row, **new})
        made.touch({**row, **new})
        found = made.versions(row)
        wanted = 3 if made.same_key(new) else 2
        if len(found) != wanted or made.versions(other):
            raise DisprovedError(f"{len(found)} versions of it are kept, not {wanted}")
        made.must_be(found[1], first, found[0][-1])
        if made.same_key(new):
            made.must_be(found[2], second, found[1][-1])
    return ", ".join(new)


def _in_order(thing: History, rows: RowProof) -> str:
    """Of two transactions the one that changes the row later may have begun earlier."""
    made = _Versioned(thing, rows)
    row = made.beginning()
    new = made.freely(row)
    with rows.engine.savepoint():
        made.insert()
        made.pretend(row, _FAR_AHEAD)
        made.change(row, new)
        *_, since, until = made.versions(row)[-1]
        if until < since:
            raise DisprovedError(f"{thing.until} is {until}, before {since}")
    return ""


def _survived(thing: History, rows: RowProof) -> str:
    made = _Versioned(thing, rows)
    row = made.beginning(_ending(thing, rows, DAY))
    with rows.engine.savepoint():
        made.insert()
        was = made.now(row)
        made_at = made.look(row, thing.made) if thing.made else None
        made.writer.delete(made.table, row)
        found = made.versions(row)
        if len(found) != 1:
            raise DisprovedError(f"{len(found)} versions of it are kept")
        made.must_be(found[0], was, made_at)
    return ""


def _taken_along(thing: History, rows: RowProof) -> str:
    made = _Versioned(thing, rows)
    # Each at a time of its own: where rows may not overlap, they could not both be there.
    row, other = (made.row(Wish(fixed=_ending(thing, rows, -DAY * at))) for at in (1, 2))
    with rows.engine.savepoint():
        made.insert()
        for each in (row, other):
            made.pretend(each)
        made.writer.delete(made.table, row)
        if made.versions(row):
            raise DisprovedError("its versions are still there")
        if not made.versions(other):
            raise DisprovedError("the versions of another row are gone")
    return ""


def _ending(thing: History, rows: RowProof, more: int) -> Values:
    """When the row's time began to run, so that it ends in (or ended before) so many days."""
    if thing.age is None:
        return {}
    table = rows.schema.table(thing.table)
    time = ago(rows.engine, thing.age, more, table.column(thing.ends).type.name)
    return stretch(thing.ends, rows.on_top().apart(table), time)
