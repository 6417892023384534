"""Extensions as SQL: created where they are absent, dropped unless something else needs them."""

from __future__ import annotations

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Extension
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import remark

# An extension belongs to the whole database.  Whoever came first may still use it, and may be the
# only one who can drop it: the way back must not fail for that.
_DROP = """\
DO $$
BEGIN
  DROP EXTENSION IF EXISTS {name};
EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN
  RAISE NOTICE '{said} stays: it is not ours alone';
END $$;"""


def extension(thing: Extension, _: Schema, dialect: Dialect) -> Written:
    """CREATE EXTENSION, and its way back."""
    name = dialect.quoted(thing.name)
    said = thing.name.replace("'", "''").replace("%", "%%")
    up = f"{remark(thing.because)}CREATE EXTENSION IF NOT EXISTS {name};"
    return Written(up, _DROP.format(name=name, said=said))
