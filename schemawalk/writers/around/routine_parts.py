"""What routines say alike in every database: what keeps an old row, what overwrites a column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.language.expression import Call, Value
from schemawalk.schema.model import Column, Table
from schemawalk.schema.routine import Cleared, Hop, Routine


def kept_by(thing: Routine, dialect: Dialect, joint: str) -> str:
    """Conditions that nothing keeps the row called `old`, each behind `joint`."""
    return "".join(f"{joint}NOT EXISTS ({_way(way, dialect)})" for way in thing.blockers)


def _way(way: tuple[Hop, ...], dialect: Dialect) -> str:
    first, *further = way
    text = f"SELECT 1 FROM {dialect.quoted(first.table)} AS hop1"
    for number, hop in enumerate(further, 2):
        on = _pairs(hop, f"hop{number}", f"hop{number - 1}", dialect)
        text += f" JOIN {dialect.quoted(hop.table)} AS hop{number} ON {on}"
    return f"{text} WHERE {_pairs(first, 'hop1', 'old', dialect)}"


def _pairs(hop: Hop, here: str, there: str, dialect: Dialect) -> str:
    pairs = zip(hop.columns, hop.referenced, strict=True)
    return " AND ".join(
        f"{here}.{dialect.quoted(column)} = {there}.{dialect.quoted(referenced)}"
        for column, referenced in pairs
    )


def assignments(thing: Routine, table: Table, dialect: Dialect) -> Iterator[str]:
    """`column = value` for everything that is overwritten."""
    key = dialect.quoted(table.primary_key.columns[0])
    for cleared in thing.cleared:
        column = table.column(cleared.column)
        yield f"{dialect.quoted(column.name)} = {_neutral(cleared, column, key, dialect)}"


def _neutral(cleared: Cleared, column: Column, key: str, dialect: Dialect) -> str:
    if cleared.random and column.type.name in ("uuid", "bytes"):
        uuid = column.type.name == "uuid"
        return dialect.sql(Call("uuid")) if uuid else _RANDOM_BYTES[dialect.name]
    if cleared.random:
        key = _RANDOM_DIGITS[dialect.name].format(cleared.random)
    if not isinstance(cleared.value, str) or "*" not in cleared.value:
        return constant(cleared.value, column, dialect)
    before, _, after = cleared.value.partition("*")
    texts = (dialect.literal(before) if before else "", key,
             dialect.literal(after) if after else "")  # fmt: skip
    found = [text for text in texts if text]
    concat = dialect.name in ("mysql", "mariadb") and len(found) > 1
    return f"CONCAT({', '.join(found)})" if concat else " || ".join(found)


def constant(value: Value, column: Column, dialect: Dialect) -> str:
    """A value as the column's type wants it; lists and bytes have a form of their own."""
    if value is None:
        return "NULL"
    native = _NATIVE.get((dialect.name, column.type.name))
    return native or dialect.literal(value)


_RANDOM_DIGITS: Final[Mapping[str, str]] = {
    "postgresql": "left(replace(concat(gen_random_uuid(), gen_random_uuid()), '-', ''), {})",
    "sqlite": "substr(lower(hex(randomblob(32))), 1, {})",
    "mysql": "LEFT(LOWER(HEX(RANDOM_BYTES(32))), {})",
    "mariadb": "LEFT(LOWER(HEX(RANDOM_BYTES(32))), {})",
}
"""At most 64 random hexadecimal digits, by database."""
_RANDOM_BYTES: Final[Mapping[str, str]] = {
    "postgresql": "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())",
    "sqlite": "randomblob(32)",
    "mysql": "RANDOM_BYTES(32)",
    "mariadb": "RANDOM_BYTES(32)",
}

_NATIVE: Final = {
    ("postgresql", "list"): "'{}'",
    ("postgresql", "interval"): "'0'",
    ("sqlite", "bytes"): "x''",
    ("mysql", "bytes"): "x''",
    ("mariadb", "bytes"): "x''",
}
"""Empty values that are not written as what they are in the design, by database and type."""
