"""Indexes by which clean-up finds what is due: without one each batch reads and sorts the table.

Always B-trees: a purge takes the oldest first, and what it frees is filled with new rows, so that
the rows soon no longer lie in the order in which they came, which is all that a BRIN knows.
"""

from __future__ import annotations

from dataclasses import replace

from schemawalk.design.model import Entity
from schemawalk.schema.language.expression import Expression, IsNull, Name
from schemawalk.schema.model import Index, IndexPart, Table
from schemawalk.schema.names import unique
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.indexes import FEW_ROWS
from schemawalk.schema.tables.volume import rows_of


def index_due(context: Context, entity: Entity, draft: Draft, column: str, purge: str) -> None:
    """Let an index of the table serve its purge: one that is there, or a new one.

    `column` is the moment that the purge compares, `purge` the routine's name; `entity` says how
    many rows there are.  A small table is read as a whole.  A BRIN over any moment of the table
    becomes a B-tree: what serves reads suffers as much from what the purge frees.
    """
    draft.indexes = [
        replace(index, method="btree") if index.method == "brin" else index
        for index in draft.indexes
    ]
    if rows_of(entity, context.lookup) < FEW_ROWS:
        return
    because = f"serves the purge of {draft.name}"
    for at, index in enumerate(draft.indexes):
        if _serves(index, column):
            draft.indexes[at] = replace(
                index, because=f"{index.because}; {because}", serves=(*index.serves, purge)
            )
            return
    draft.add_index(
        Index("", (IndexPart(column),), predicate=_present(draft, column), because=because,
              serves=(purge,))
    )  # fmt: skip


def served(table: Table, column: str, purge: str) -> Table:
    """A table that is deleted from row by row where it has no parts, with the index for that.

    A BRIN over the moment becomes a B-tree: it serves both.
    """
    there = next((i for i in table.indexes if _serves(replace(i, method="btree"), column)), None)
    if there is not None:
        more = replace(
            there, method="btree", because=f"{there.because}; serves the purge of {table.name}",
            serves=(*there.serves, purge),
        )  # fmt: skip
        indexes = tuple(more if index is there else index for index in table.indexes)
        return replace(table, indexes=indexes)
    taken = {index.name for index in table.indexes}
    index = Index(
        unique(f"ix_{table.name}_{column}", taken), (IndexPart(column),),
        because=f"serves the purge of {table.name}", serves=(purge,),
    )  # fmt: skip
    return replace(table, indexes=(*table.indexes, index))


def _present(draft: Draft, column: str) -> Expression | None:
    """That the moment is there, where it may be missing: such a row is never due."""
    nullable = any(each.name == column and each.nullable for each in draft.every_column())
    return IsNull(Name(column), negated=True) if nullable else None


def _serves(index: Index, column: str) -> bool:
    """Whether the index holds every row that can be due, in the order of the moment."""
    first = index.parts[0]
    plain = index.method == "btree" and first.column == column and first.expression is None
    return plain and index.predicate in (None, IsNull(Name(column), negated=True))
