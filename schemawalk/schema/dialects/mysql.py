"""The SQL of MySQL and MariaDB: one language with few words of difference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schemawalk.schema.dialects.dialect import Dialect, is_plain
from schemawalk.schema.dialects.rule_functions import RULE_FUNCTIONS
from schemawalk.schema.dialects.view_functions import VIEW_FUNCTIONS
from schemawalk.schema.language.expression import Expression, Literal, Matches, Value
from schemawalk.schema.language.matching import pieces
from schemawalk.schema.model import Column, Type, TypeName

LONGEST_PLAIN_TEXT: Final = 16_383
"""Characters of four bytes that a TEXT holds for sure: it has 65,535 bytes."""

_BRACKETED: Final = frozenset(("text", "json", "list", "bytes"))
"""Types whose default MySQL takes in brackets only."""


@dataclass(frozen=True)
class MySQLDialect(Dialect):
    """The SQL of one of the two; collations are compared byte by byte unless case is ignored."""

    exact: str = ""
    """Collation in which texts are equal when they are the same, spaces at their end included."""
    any_case: str = ""
    """Collation that ignores case, but no accents."""
    backslash: str = "CHAR(92 USING utf8mb4)"
    """What a backslash is written as, since what one means in a text depends on the session."""

    def quoted(self, name: str) -> str:
        """An identifier, in backticks unless it is plain and not reserved."""
        if is_plain(name, self.name):
            return name
        return "`" + name.replace("`", "``") + "`"

    def quoted_type(self, name: str) -> str:
        """The identifier of a type: there are none but the database's own."""
        return self.quoted(name)

    def literal(self, value: Value) -> str:
        """A constant; a backslash is itself, whatever NO_BACKSLASH_ESCAPES says."""
        text = super().literal(value)
        if not isinstance(value, str) or "\\" not in text:
            return text
        pieces = (f"'{piece}'" if piece else "" for piece in text[1:-1].split("\\"))
        return f"CONCAT({', '.join(self._joined(list(pieces)))})"

    def _joined(self, pieces: list[str]) -> list[str]:
        """What a text consists of when backslashes stood between its pieces."""
        made = [pieces[0]]
        for piece in pieces[1:]:
            made += [self.backslash, piece]
        return [piece for piece in made if piece]

    def type(self, type_: Type) -> str:
        """The SQL name of a type: a text is as large as its length demands."""
        length = type_.precision
        if type_.name == "text" and length is not None and length <= LONGEST_PLAIN_TEXT:
            return "TEXT"
        if type_.name == "bytes" and length is not None:
            return f"VARBINARY({length})"
        if type_.name == "numeric" and length is None:
            return "DECIMAL(65,30)"
        return super().type(type_)

    def default(self, column: Column) -> str:
        """A column's default; expressions and long texts stand in brackets."""
        text = super().default(column)
        if isinstance(column.default, Literal) and column.default.value is not None:
            expression = column.type.name in _BRACKETED or text.startswith("CONCAT(")
            return f"({text})" if expression else text
        return text

    def sql(self, expression: Expression) -> str:
        """The expression; a pattern is said in the words of PCRE and ICU."""
        if isinstance(expression, Matches):
            expression = Matches(expression.operand, regular(expression.pattern))
        return super().sql(expression)


@lru_cache(maxsize=1024)
def regular(pattern: str) -> str:
    """A pattern as MariaDB (PCRE) and MySQL (ICU) match it, which both go by Unicode.

    `.` takes the end of a line too, `$` is the end of the text and not of its last line, and `\\d`,
    `\\w`, `\\s` are those of ASCII.
    """
    said = "".join(map(_spelled, pieces(pattern)))
    return f"(?s){said}" if {".", "$"} & set(pieces(pattern)) else said


def _spelled(piece: str) -> str:
    if piece.startswith("["):
        return _ESCAPE.sub(lambda found: _INSIDE.get(found.group(), found.group()), piece)
    kept = piece in _OUTSIDE or piece[1:] in ("t", "n", "r", "f")
    if piece.startswith("\\") and not kept and piece[1] not in "\\[]^":
        return f"[{piece[1]}]"
    return _OUTSIDE.get(piece, piece)


_ESCAPE: Final = re.compile(r"\\.", re.DOTALL)
_INSIDE: Final = {r"\d": "0-9", r"\w": "A-Za-z0-9_", r"\s": "[:space:]"}
_OUTSIDE: Final = {
    "$": "(?!.)",
    r"\d": "[0-9]", r"\w": "[A-Za-z0-9_]", r"\s": "[[:space:]]",
    r"\D": "[^0-9]", r"\W": "[^A-Za-z0-9_]", r"\S": "[^[:space:]]",
}  # fmt: skip
"""Pieces of a pattern that these two must be told in other words; no backslash is left."""


_TYPES: Final[Mapping[TypeName, str]] = {
    "uuid": "CHAR(36)",
    "text": "LONGTEXT",
    "varchar": "VARCHAR({precision})",
    "integer": "INT",
    "bigint": "BIGINT",
    "numeric": "DECIMAL({precision},{scale})",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamptz": "DATETIME(6)",
    "interval": "BIGINT",
    "json": "JSON",
    "list": "JSON",
    "bytes": "LONGBLOB",
    "inet": "VARCHAR(45)",
    "enum": "LONGTEXT",
}

_VARIANT: Final = "SUBSTR('89ab', 1 + ASCII(RANDOM_BYTES(1)) % 4, 1)"
"""The digit that says how to read the others (RFC 9562, 4.1)."""

# UUID() makes version 1, which tells the machine and the time: an id must not tell the next one.
_UUID: Final = (
    "LOWER(CONCAT(HEX(RANDOM_BYTES(4)), '-', HEX(RANDOM_BYTES(2)), '-4', "
    f"SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', {_VARIANT}, "
    "SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', HEX(RANDOM_BYTES(6))))"
)
"""A version 4 UUID (RFC 9562)."""
_NOW_IN_MS: Final = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED)"
_UUID_7: Final = (
    f"LOWER(CONCAT(LPAD(HEX({_NOW_IN_MS} >> 16), 8, '0'), '-', "
    f"LPAD(HEX({_NOW_IN_MS} & 65535), 4, '0'), '-7', SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', "
    f"{_VARIANT}, SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', "
    "HEX(RANDOM_BYTES(6))))"
)
"""A version 7 UUID (RFC 9562): milliseconds since 1970, then chance."""

_OF_UUID: Final[Mapping[str, str]] = {
    "uuid": f"INSERT(INSERT(HEX(RANDOM_BYTES(16)), 13, 1, '4'), 17, 1, {_VARIANT})",
    "uuid7": f"CONCAT(LPAD(HEX({_NOW_IN_MS}), 12, '0'), '7', SUBSTR(HEX(RANDOM_BYTES(2)), 2), "
    f"{_VARIANT}, SUBSTR(HEX(RANDOM_BYTES(2)), 2), HEX(RANDOM_BYTES(6)))",
    "as_text": "CAST({0} AS CHAR(36))",
}
"""The same as 32 digits, for a type that puts the hyphens in by itself, and orders by the end."""

_FUNCTIONS: Final[Mapping[str, str]] = {
    "now": "UTC_TIMESTAMP(6)",
    "uuid": _UUID,
    "uuid7": _UUID_7,
    "length": "CHAR_LENGTH({0})",
    "lower": "LOWER({0})",
    "blank": "TRIM({0}) = ''",
    "present": "({+})",
    "valid_list": "JSON_TYPE({0}) = 'ARRAY'",
    "valid_inet": "{0} IS NULL OR IS_IPV4({0}) OR IS_IPV6({0})",
    "where": "IF({0}, {1}, NULL)",
}
"""`where` is its second argument for rows where the first holds, and NULL for all others."""

MYSQL: Final = MySQLDialect(
    name="mysql",
    title="MySQL",
    types=_TYPES,
    functions={**_FUNCTIONS, **RULE_FUNCTIONS["mysql"], **VIEW_FUNCTIONS["mysql"]},
    booleans=("FALSE", "TRUE"),
    match="{0} REGEXP {1}",
    default_call="({})",
    exact="utf8mb4_0900_bin",
    any_case="utf8mb4_0900_as_ci",
    # In a rule it keeps the other as CHAR(92) alone, which is no text that a pattern can be.
    backslash="_utf8mb4 0x5C",
)

MARIADB: Final = MySQLDialect(
    name="mariadb",
    title="MariaDB",
    types={**_TYPES, "uuid": "UUID"},
    functions={**_FUNCTIONS, **_OF_UUID, **RULE_FUNCTIONS["mariadb"], **VIEW_FUNCTIONS["mariadb"]},
    booleans=("FALSE", "TRUE"),
    match="{0} REGEXP {1}",
    default_call="({})",
    exact="utf8mb4_nopad_bin",
    any_case="utf8mb4_uca1400_nopad_as_ci",
)
