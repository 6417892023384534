"""Keys that the tenant can lead without changing what they forbid, so that one index does for two.

Where `(club_id, court_id)` refers to `(club_id, id)` of the courts, a court is of one club: what is
unique by court is unique by club and court, and the other way round.  Led by the club, the index of
that UNIQUE serves the foreign key as well.
"""

from __future__ import annotations

from dataclasses import replace

from schemawalk.schema.dialects.notations import MONGODB
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.tenancy import tenant_column


def lead_keys(context: Context) -> None:
    """Put the tenant in front of what is unique by a key that is tied to the tenant.

    A database without foreign keys ties nothing: there what is unique stays as it is.
    """
    if context.design.stack.database == MONGODB.name:
        return
    for name, draft in context.drafts.items():
        own = tenant_column(draft)
        tied = _tied(draft, own)
        if not tied:
            continue
        if name.startswith("link:") and draft.key_columns[0] in tied:
            draft.key_columns = (own, *draft.key_columns)
        _lead_uniques(context, draft, own, tied)


def _tied(draft: Draft, own: str) -> frozenset[str]:
    """Columns that refer to a row, which is of the same tenant by the same foreign key."""
    required = own and not any(c.name == own and c.nullable for c in draft.every_column())
    keys = (key.columns for key in draft.foreign_keys if required)
    return frozenset(columns[1] for columns in keys if len(columns) == 2 and columns[0] == own)


def _lead_uniques(context: Context, draft: Draft, own: str, tied: frozenset[str]) -> None:
    for at, unique in enumerate(draft.uniques):
        if unique.columns[0] in tied and own not in unique.columns:
            columns = (own, *unique.columns)
            name = context.taken.take("_".join(("uq", draft.name, *columns)))
            draft.uniques[at] = replace(unique, name=name, columns=columns)
