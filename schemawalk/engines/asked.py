"""What only the database knows: what SQL of its own says of a row that is not there yet."""

from __future__ import annotations

from schemawalk.engines.engine import Engine, EngineError
from schemawalk.rows.judgement import Values
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import Expression, names
from schemawalk.schema.model import Table


class Asked:
    """Asks one database, and remembers what it said."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._dialect = DIALECTS[engine.name]
        self._said: dict[tuple[str, tuple[object, ...]], bool | None] = {}

    def __call__(self, table: Table, rule: Expression, row: Values) -> bool | None:
        """Whether the rule holds for the row: None when it is unknown, or cannot be told."""
        columns = names(rule)
        values = tuple(self._engine.bound(table.column(n).type, row.get(n)) for n in columns)
        sql = f"SELECT {self._dialect.sql(rule)} FROM ({self._row(table, columns)}) AS one"
        place = (sql, tuple(map(repr, values)))
        if place not in self._said:
            self._said[place] = self._answer(sql, values)
        return self._said[place]

    def _row(self, table: Table, columns: tuple[str, ...]) -> str:
        """SELECT of the values as the columns that they are for."""
        return "SELECT " + ", ".join(
            f"{self._value(table, name, at)} AS {self._dialect.quoted(name)}"
            for at, name in enumerate(columns, 1)
        )

    def _value(self, table: Table, name: str, at: int) -> str:
        if self._engine.name != "postgresql":
            return f"${at}"
        return f"${at}::{self._dialect.type(table.column(name).type)}"

    def _answer(self, sql: str, values: tuple[object, ...]) -> bool | None:
        try:
            with self._engine.savepoint():
                said = self._engine.rows(sql, values)[0][0]
        except EngineError:
            return None
        return None if said is None else bool(said)
