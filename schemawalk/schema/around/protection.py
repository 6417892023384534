"""Which columns the database hashes or encrypts itself, and what it needs for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from schemawalk.design.model import Entity
from schemawalk.schema.kinds import by_database
from schemawalk.schema.model import Schema
from schemawalk.schema.routine import Routine
from schemawalk.schema.tables.draft import Context
from schemawalk.schema.things import Protected

EXTENSION: Final = "pgcrypto"
_TYPE: Final = {"hash": "text", "encrypt": "bytes"}
"""The type of a column that can hold what comes of it."""
NOBODYS: Final = "nobody reads it"
"""The key of what forgetting writes, which is random already: whoever forgets needs no other."""


def key_of(thing: Routine, schema: Schema) -> str:
    """The setting without which a routine could not overwrite what is encrypted; empty if none."""
    cleared = {each.column for each in thing.cleared}
    kept = (each for each in schema.things(Protected) if cleared and each.table == thing.table)
    wanted = (p.setting for p in kept for name, how in p.columns if how == "encrypt"
              and name in cleared)  # fmt: skip
    return next(wanted, "")


def add_protection(context: Context) -> None:
    """A trigger for each table with columns that the database protects."""
    for table in context.lookup.tables:
        draft = context.drafts[table.id]
        living = context.lookup.living_in(table.id)
        columns = tuple(each for entity in living for each in _protected(context, entity, table))
        if columns:
            because = (
                "whoever reads the table, a report or a backup reads none of it; the statement "
                "that writes it has it in plain: connect with TLS, and log no statements with it"
            )
            name = context.taken.take(f"{draft.name}_protect")
            thing = Protected(name, draft.name, columns, because=because, source=table.id)
            context.around.append(thing)
            context.need(EXTENSION, f"hashes or encrypts columns of {draft.name}", table.id)


def _protected(
    context: Context, entity: Entity, home: Entity
) -> Iterator[tuple[str, Literal["hash", "encrypt"]]]:
    protected = [attribute for attribute in entity.attributes if by_database(attribute)]
    if not protected:
        return
    draft = context.drafts[home.id]
    types = {column.name: column.type.name for column in draft.every_column()}
    for attribute in protected:
        how: Literal["hash", "encrypt"] = "hash" if attribute.protection == "hash" else "encrypt"
        for column in draft.columns_of.get(attribute.id, ()):
            if types[column] == _TYPE[how]:
                yield column, how
            else:
                context.problem(
                    "protection-not-possible", attribute.id,
                    f"{draft.name}.{column} is {types[column]}: the database can keep a hash in "
                    "text only.", "Make it a text, or let the program hash it.",
                )  # fmt: skip
