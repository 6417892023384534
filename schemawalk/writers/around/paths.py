"""Where functions of PostgreSQL look for names: where the migration makes them, whoever calls."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.things import AllRows, Apart, Extension, Grant, Policy, Role, View

PATH: Final = "SET search_path FROM CURRENT"
"""What each function says of itself; `pinned` makes sure of what CURRENT is."""

_WITHOUT_FUNCTIONS: Final = (AllRows, Apart, Extension, Grant, Policy, Role, View)
_PINNED: Final = """\
-- Functions keep this path: the schemas that are searched now, and temporary tables after them, so
-- that nobody who calls one chooses what its names mean. It ends with the transaction.
DO $$
BEGIN
  PERFORM set_config('search_path', array_to_string(ARRAY(
    SELECT quote_ident(name) FROM unnest(current_schemas(false)) WITH ORDINALITY AS s (name, at)
    WHERE name !~ '^pg_' ORDER BY at
  ) || 'pg_temp'::text, ', '), true);
END $$;"""


def pinned(schema: Schema, dialect: Dialect) -> str:
    """The statement that must come first where functions follow; else empty.

    `$user` in a path would mean another schema to each caller, and a temporary table is found
    before all others in a path that does not name `pg_temp` (PostgreSQL manual, "Writing SECURITY
    DEFINER Functions Safely").
    """
    makes = any(not isinstance(thing, _WITHOUT_FUNCTIONS) for thing in schema.around)
    return _PINNED if dialect.name == "postgresql" and makes else ""
