"""Where functions of PostgreSQL look for names: where the migration makes them, whoever calls."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.things import AllRows, Apart, Extension, Grant, Owner, Policy, Role, View

PATH: Final = "SET search_path FROM CURRENT"
"""What each function says of itself; `pinned` makes sure of what CURRENT is."""

_WITHOUT_FUNCTIONS: Final = (AllRows, Apart, Extension, Grant, Owner, Policy, Role, View)
_PINNED: Final = """\
-- Functions keep this path: the schemas that are searched now, and temporary tables after them, so
-- that nobody who calls one chooses what its names mean. It ends with the transaction.
-- Whoever can make things in one of these schemas chooses it all the same: an operator of theirs
-- may fit a type better than the database's own, and would run with the rights of the tables'
-- owner. So everybody's right to CREATE there ends here; the way back does not give it again.
DO $$
DECLARE
  space text;
  path text := '';
BEGIN
  FOREACH space IN ARRAY pg_catalog.current_schemas(false) LOOP
    CONTINUE WHEN space ~ '^pg_';
    path := path || pg_catalog.quote_ident(space) || ', ';
    IF pg_catalog.has_schema_privilege('public', space, 'CREATE') THEN
      EXECUTE pg_catalog.format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', space);
      IF pg_catalog.has_schema_privilege('public', space, 'CREATE') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = pg_catalog.format(
          'everybody can create in %1$I: its owner must REVOKE CREATE ON SCHEMA %1$I FROM PUBLIC',
          space);
      END IF;
    END IF;
  END LOOP;
  PERFORM pg_catalog.set_config('search_path', path || 'pg_temp', true);
END $$;"""


def pinned(schema: Schema, dialect: Dialect) -> str:
    """The statement that must come first where functions follow; else empty.

    `$user` in a path would mean another schema to each caller, and a temporary table is found
    before all others in a path that does not name `pg_temp`; a schema in which others can make
    things must not be in it (PostgreSQL manual, "Writing SECURITY DEFINER Functions Safely").
    Everybody could in `public` up to version 14, and still can where that was upgraded.
    """
    makes = any(not isinstance(thing, _WITHOUT_FUNCTIONS) for thing in schema.around)
    return _PINNED if dialect.name == "postgresql" and makes else ""
