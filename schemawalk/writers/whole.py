"""Everything that makes a schema, in one text to look at: SQL, or a script for MongoDB."""

from __future__ import annotations

from schemawalk.schema.dialects.notations import MONGODB
from schemawalk.writers.work import Work


def whole(work: Work) -> tuple[str, str]:
    """The language, as highlighters call it, and the text that makes the work's schema."""
    if work.database == MONGODB.name:
        from schemawalk.writers import mongodb

        return "javascript", mongodb.up(work.schema)
    from schemawalk.writers import sql

    return "sql", sql.up(work.schema, work.dialect)
