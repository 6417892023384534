"""Functions that only indexes and exclusions use: what is looked for inside a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemawalk.schema.model import Extent, TypeName

SEARCH_FUNCTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "postgresql": {
        # Said with its configuration it is immutable, as an index needs it; "simple" changes no
        # word, so that every language and every name is found as it is written.
        "words": "to_tsvector('simple', {0})",
        "moments": "tstzrange({*})",
        "days": "daterange({*})",
        "whole_days": "daterange({*}, '[]')",
        "integers": "int4range({*})",
        "bigints": "int8range({*})",
        "numbers": "numrange({*})",
    },
}
"""By database: the words of a text, and what lies between two values."""

EXTENTS: Final[Mapping[TypeName, Extent]] = {
    "timestamptz": "moments",
    "date": "days",
    "integer": "integers",
    "bigint": "bigints",
    "numeric": "numbers",
}
"""What lies between two values of a type."""
