"""The words, functions and operators that a fragment of a database's own SQL may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """What one database's expressions are made of."""

    quote: str
    """How a name is quoted."""
    functions: frozenset[str]
    """Functions that give the same whenever they are asked the same (PostgreSQL: IMMUTABLE)."""
    types: tuple[str, ...]
    """Types that a value may be cast to."""
    operators: tuple[str, ...]
    """Operators between two values that are no comparisons."""
    likes: tuple[str, ...]
    """Words between two texts."""
    constants: tuple[str, ...] = ()
    """Words before a text that make it a constant of that type."""
    casts: tuple[str, ...] = ()


_EVERYWHERE: Final = "abs coalesce length lower ltrim nullif replace round rtrim substr trim upper"

_POSTGRESQL: Final = Language(
    quote='"',
    functions=frozenset(
        (
            _EVERYWHERE + " array_length array_position btrim cardinality ceil char_length "
            "daterange family floor greatest host int4range int8range isempty "
            "jsonb_array_length jsonb_path_exists jsonb_typeof least left lower_inc lower_inf "
            "make_date masklen md5 mod num_nonnulls num_nulls numrange octet_length power "
            "regexp_replace reverse right sha256 sign split_part sqrt starts_with strpos substring "
            "tstzrange upper_inc upper_inf"
        ).split()
    ),
    types=(
        "bigint", "boolean", "date", "inet", "int", "integer", "interval", "jsonb", "numeric",
        "smallint", "text", "timestamptz", "uuid", "varchar",
    ),
    operators=(
        "+", "-", "*", "/", "%", "^", "||", "->", "->>", "@>", "<@", "&&", "~", "~*", "!~", "!~*",
        "<<", ">>",
    ),
    likes=("like", "ilike"),
    constants=("date", "interval", "timestamptz"),
    casts=("::",),
)  # fmt: skip
_SQLITE: Final = Language(
    quote='"',
    functions=frozenset(
        (
            _EVERYWHERE + " hex ifnull iif instr json_array_length json_extract json_type "
            "json_valid typeof unicode"
        ).split()
    ),
    types=("blob", "integer", "numeric", "real", "text"),
    operators=("+", "-", "*", "/", "%", "||", "->", "->>", "<<", ">>"),
    likes=("like", "glob"),
)
_MYSQL: Final = Language(
    quote="`",
    functions=frozenset(
        (
            _EVERYWHERE + " ceil char_length concat datediff dayofmonth floor greatest ifnull "
            "is_ipv4 is_ipv6 json_contains json_extract json_length json_type json_valid least "
            "left locate md5 mod month power reverse right sign sqrt substring year"
        ).split()
    ),
    types=("char", "date", "datetime", "decimal", "signed", "unsigned"),
    # `||` is OR there, unless somebody told the server otherwise.
    operators=("+", "-", "*", "/", "%", "<<", ">>"),
    likes=("like", "regexp"),
    constants=("date",),
)

LANGUAGES: Final[Mapping[str, Language]] = {
    "postgresql": _POSTGRESQL,
    "sqlite": _SQLITE,
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
}
"""By database, as in `Stack.database`."""

RESERVED_WORDS: Final = frozenset(
    """
    all alter analyze and any array as asc at begin between binary by call case cast check collate
    commit constraint create cross current_catalog current_date current_role current_schema
    current_time current_timestamp current_user default deferrable delete desc distinct div do drop
    else end except execute exists explain extract false fetch filter for foreign from full glob
    grant group having ilike in inner insert intersect interval into is isnull join key left like
    limit localtime localtimestamp natural not notnull null offset on only or order outer over
    overlaps pragma primary raise references regexp returning revoke right row rlike rollback rows
    select session_user set similar some sounds table then to trailing true truncate union unique
    unknown update user using values variadic when where window with xor zone
    """.split()
)
"""Words that are no column's name unless they are quoted."""
