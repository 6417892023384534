"""How wide texts are in MySQL and MariaDB: an InnoDB key has 3,072 bytes, a TEXT no key at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from schemawalk.schema.dialects.mysql_rows import within_a_row
from schemawalk.schema.language.expression import (
    Between,
    Call,
    Compare,
    Expression,
    In,
    Literal,
    Logic,
    Matches,
    Name,
)
from schemawalk.schema.language.matching import longest
from schemawalk.schema.model import Column, Index, Schema, Table, Type, TypeName

USUAL: Final = 255
"""Characters of a text in a key.  How long it may be is a CHECK's to say; the type gives room."""
LISTED: Final = 32
"""Characters of a text that is one of a list, as long as its values are shorter."""
KEY_BYTES: Final = 3072
"""Most bytes of all columns of one InnoDB key (MySQL manual, "InnoDB Limits")."""
WIDEST: Final = KEY_BYTES // 4
"""Characters that fit into a key alone; utf8mb4 counts four bytes for each."""

_TEXTS: Final = frozenset(("text", "varchar", "bytes"))
_BYTES: Final[dict[TypeName, int]] = {
    "uuid": 144, "integer": 4, "bigint": 8, "numeric": 30, "boolean": 1, "date": 3,
    "timestamptz": 8, "interval": 8, "inet": 180,
}  # fmt: skip
"""Most bytes that a value takes in a key."""


def widths(table: Table, inherited: Mapping[str, int]) -> tuple[Table, list[str], list[str]]:
    """The table with its texts typed, what got a greatest length, and keys that are too wide.

    `inherited` are the most characters of what its keys refer to, by column.
    """
    kept = [index for index in table.indexes if index.method != "btree" or _fits(table, index)]
    too_wide = [index.name for index in table.indexes if index not in kept]
    table = table.having(indexes=tuple(kept))
    natural = {column.name: column.longest for column in table.columns if column.longest}
    known = {**inherited, **_said_lengths(table)}
    said = natural | known
    room, wide = _room(table), natural | _wide(table, known)
    typed = tuple(_typed(c, room.get(c.name), wide.get(c.name)) for c in table.columns)
    columns = within_a_row(typed, _keys(table))
    shortened = [
        f"{table.name}.{made.name} has at most {made.type.precision} "
        f"{'bytes' if made.type.name == 'bytes' else 'characters'}"
        for column, made in zip(table.columns, columns, strict=True)
        if made.type.name in ("varchar", "bytes")
        and _is_shorter(column, made, said.get(column.name))
    ]
    return table.having(columns=columns), shortened, too_wide


def _is_shorter(column: Column, made: Column, wanted: int | None) -> bool:
    """Whether the type says less than the rules do; what stands for another says nothing new."""
    is_less = wanted is None or (made.type.precision or wanted) < wanted
    return column.type != made.type and column.generated is None and is_less


def _typed(column: Column, room: int | None, wide: int | None) -> Column:
    """The column with a type as wide as it must be, and as its keys allow.

    A text that nobody limits stays one without a length, which is written LONGTEXT: TEXT ends at
    65,535 bytes, and would refuse what the design and every other database take.  It costs two
    bytes a row more; both are kept off the page alike, and neither is in a key without a length.
    Who wants VARCHAR says how long it may be.
    """
    match column.type.name:
        case "text" if room is not None:
            type_ = Type("varchar", min(wide or USUAL, room))
        case "text" if wide is not None:
            type_ = Type("varchar" if wide <= WIDEST else "text", wide)
        case "bytes" if room is not None:
            type_ = Type("bytes", min(USUAL, room))
        case _:
            return column
    return replace(column, type=type_)


def _wide(table: Table, most: Mapping[str, int]) -> dict[str, int]:
    """Room for whatever the rules allow, and one more, so that they and not the type refuse it."""
    lists = (c.expression.operand for c in table.checks if isinstance(c.expression, In))
    listed = {operand.name for operand in lists if isinstance(operand, Name)}
    return {
        name: LISTED if name in listed and said < LISTED else said + 1
        for name, said in most.items()
    }


def _room(table: Table) -> dict[str, int]:
    """For each text in a key or with a default, how many characters there is room for."""
    room = {c.name: WIDEST for c in table.columns if isinstance(c.default, Literal)}
    for columns in _keys(table):
        texts = [c for c in columns if table.column(c).type.name in ("text", "bytes")]
        taken = sum(_bytes(table.column(c)) for c in columns if c not in texts)
        for name in texts:
            room[name] = min(room.get(name, WIDEST), (KEY_BYTES - taken) // 4 // len(texts))
    return room


def _fits(table: Table, index: Index) -> bool:
    """Whether there is room for a key at all, whatever its texts are cut to."""
    return sum(_bytes(table.column(name)) or 4 for name in key_columns(index)) <= KEY_BYTES


def _bytes(column: Column) -> int:
    if column.type.name == "varchar":
        return 4 * (column.type.precision or USUAL)
    return _BYTES.get(column.type.name, 0)


def _keys(table: Table) -> Iterator[tuple[str, ...]]:
    yield table.primary_key.columns
    yield from (unique.columns for unique in table.uniques)
    for key in table.foreign_keys:
        yield key.columns
    yield from (key_columns(index) for index in table.indexes if index.method == "btree")


def key_columns(index: Index) -> tuple[str, ...]:
    """The columns that an index is made of, with the one that stands for its predicate."""
    plain = tuple(part.column for part in index.parts if part.expression is None)
    return (*plain, index.guard) if index.guard else plain


def _said_lengths(table: Table) -> dict[str, int]:
    """The most characters that the CHECKs allow, by the column's name where one says it."""
    said: dict[str, int] = {}
    for check in table.checks:
        for name, most in _lengths(check.expression):
            said[name] = min(most, said.get(name, most))
    return said


def inherited_lengths(table: Table, schema: Schema) -> dict[str, int]:
    """The most characters of each column that refers to a text, as the other table's rules say."""
    found: dict[str, int] = {}
    for column in {name for key in table.foreign_keys for name in key.columns}:
        if table.column(column).type.name not in _TEXTS:
            continue
        seen: set[tuple[str, str]] = set()
        if (most := _referred_length(table, column, schema, seen)) is not None:
            found[column] = most
    return found


def _referred_length(
    table: Table, column: str, schema: Schema, seen: set[tuple[str, str]]
) -> int | None:
    """The most characters that what the column refers to may have, from key to key."""
    seen.add((table.name, column))
    for key in table.foreign_keys:
        referenced = dict(key.pairs()).get(column)
        if referenced is None or (key.references, referenced) in seen:
            continue
        parent = schema.table(key.references)
        said = _said_lengths(parent).get(referenced)
        said = _typed_length(parent.column(referenced)) if said is None else said
        if said is None:
            said = _referred_length(parent, referenced, schema, seen)
        if said is not None:
            return said
    return None


def _typed_length(column: Column) -> int | None:
    return column.type.precision if column.type.name == "varchar" else None


def _lengths(rule: Expression) -> Iterator[tuple[str, int]]:
    """Columns with limits that hold whenever the rule does."""
    match rule:
        case Logic("and", parts):
            for part in parts:
                yield from _lengths(part)
        case Compare("<=" | "=", Call("length", (Name(name),)), Literal(int() as most)):
            yield name, most
        case Compare("<", Call("length", (Name(name),)), Literal(int() as most)):
            yield name, most - 1
        case Between(Call("length", (Name(name),)), _, Literal(int() as most)):
            yield name, most
        case Matches(Name(name), pattern) if (matched := longest(pattern)) is not None:
            yield name, matched
        case In(Name(name), values):
            yield name, max(len(str(value.value)) for value in values)
