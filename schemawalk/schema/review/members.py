"""Rules about names in programs: what mappers keep for themselves, and what reads badly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Attribute
from schemawalk.schema.names import snake
from schemawalk.schema.review.rule import Found, Matter, Rule, Said, called
from schemawalk.schema.tools import TOOLS


@dataclass(frozen=True, slots=True)
class _Kept:
    """Names that a mapper's classes have, or that its language does not take."""

    names: frozenset[str]
    instead: str
    """What becomes of such a member, or what is to be done about it."""


_PYTHON: Final = frozenset(
    "and as assert async await break class continue def del elif else except finally for from "
    "global if import in is lambda nonlocal not or pass raise return try while with yield".split()
)
_RENAMED: Final[Mapping[str, _Kept]] = {
    "alembic": _Kept(
        _PYTHON | frozenset("metadata registry".split()),
        "the models call it {0}_ and map it to the column",
    ),
}
"""By tool with files of its own: what the files do about it."""
_REFUSED: Final[Mapping[str, _Kept]] = {
    "rails": _Kept(
        frozenset(
            "attribute attributes class connection destroy errors hash inheritance_column "
            "logger method model_name new_record object_id save send transaction type update "
            "valid validate".split()
        ),
        "Active Record has a method of its own by that name, or reads the class from it",
    ),
    "django": _Kept(
        _PYTHON | frozenset("check clean delete full_clean objects pk save".split()),
        "a model has a member of its own by that name",
    ),
    "sequelize": _Kept(
        frozenset("changed destroy get increment previous reload restore save set update".split()),
        "a model has a method of its own by that name",
    ),
    "typeorm": _Kept(
        frozenset("constructor has_id recover reload remove save soft_remove".split()),
        "an entity has a method of its own by that name",
    ),
}
"""By tool without files of its own: what goes wrong there."""


def _renamed(matter: Matter) -> Found:
    for tool, subject, column, table in _clashes(matter, _RENAMED):
        said = _RENAMED[tool].instead.format(column)
        yield Said(
            subject,
            f"{column} in {table} is a word of {TOOLS[tool].title}: {said}.",
            "Choose another word, if that is not how it should be called in the program.",
        )


def _refused(matter: Matter) -> Found:
    for tool, subject, column, table in _clashes(matter, _REFUSED):
        yield Said(
            subject,
            f"{column} in {table} clashes with {TOOLS[tool].title}: {_REFUSED[tool].instead}.",
            "Choose another word, or map the column to a member with another name.",
        )


def _clashes(matter: Matter, kept: Mapping[str, _Kept]) -> tuple[tuple[str, str, str, str], ...]:
    """Tool, subject, column and table of each column that a chosen tool keeps the name of."""
    chosen = [tool for tool in matter.design.stack.tools or ()
              if tool in kept and kept[tool].names & matter.column_names]  # fmt: skip
    return tuple(
        (tool, matter.subject_of(table, column), column.name, table.name)
        for tool in chosen
        for table in matter.schema.tables
        for column in table.columns
        if column.name in kept[tool].names
    )


_PLAIN: Final = re.compile(r"[a-z][a-z0-9_]*\Z")


def _unconventional(matter: Matter) -> Found:
    """Names that somebody cannot type, and names that say a thing twice."""
    odd = {name for name in matter.column_names if not _PLAIN.match(name)}
    for table in matter.schema.tables:
        of_columns = (column.name for column in table.columns if column.name in odd)
        for name in (table.name, *(of_columns if odd else ())):
            if name in odd or not _PLAIN.match(name):
                yield Said(
                    table.source or table.name,
                    f"{name} has letters that not every keyboard, tool and language has.",
                    "Name it in the letters a to z; what people read may say it in full.",
                )
    yield from _repeating(matter)


def _repeating(matter: Matter) -> Iterator[Said]:
    homes = {f"{snake(entity.name)}_" for entity in matter.design.entities}
    for entity, attribute in matter.told(lambda fact: any(map(homes.__contains__, _heads(fact)))):
        twice = f"{snake(entity.name)}_"
        name = called(attribute.name)
        if name.startswith(twice) and name != twice + "id":
            yield Said(
                attribute.id,
                f"{name} repeats that it is of {entity.name}: it reads "
                f"{snake(entity.name)}.{name}.",
                f"Call it {name.removeprefix(twice)}.",
            )


def _heads(fact: Attribute) -> Iterator[str]:
    """What a name may begin with, word by word: `unit_price_` after `unit_`."""
    words = called(fact.name).split("_")
    return (f"{'_'.join(words[:end])}_" for end in range(1, len(words)))


RULES: Final = (
    Rule("orm-member-clash", "warning", "",
         "What a class has already is hidden or refused, and found out when the program runs.",
         _refused),
    Rule("orm-member-clash", "hint", "",
         "What a class has already cannot be the name of a column's member.", _renamed),
    Rule("naming-convention", "hint", "",
         "Whoever writes a query guesses the name, and guesses wrong.", _unconventional),
)  # fmt: skip
"""Section E: what programs call things."""
