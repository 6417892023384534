"""Rules about names: nothing that has to be quoted for ever."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.dialects.reserved import RESERVED
from schemawalk.schema.review.rule import Found, Matter, Rule, Said

_NONE: Final[frozenset[str]] = frozenset()
"""MongoDB keeps no words for itself."""


def _reserved(matter: Matter) -> Found:
    words = RESERVED.get(matter.database, _NONE)
    taken = words & matter.column_names
    for table in matter.schema.tables:
        if table.name in words:
            yield Said(
                table.source or table.name,
                f"{table.name} is a word of {matter.title}: everybody must quote it.",
                "Choose another word, or the other number: order, orders.",
            )
        for column in table.columns if taken else ():
            if column.name in taken:
                yield Said(
                    matter.subject_of(table, column),
                    f"{column.name} in {table.name} is a word of {matter.title}: everybody must "
                    "quote it.",
                    "Choose another word.",
                )


RULES: Final = (
    Rule("reserved-word", "warning", "",
         "Whoever forgets the quotes gets a syntax error, or worse, another column.", _reserved),
)  # fmt: skip
"""Section E: names.  Their length, shape and uniqueness are certain: `schema.names` makes them."""
