"""Roles and what they may do as SQL: made where they are absent, gone with all that they own."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Grant, Role
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import folded, plain, remark
from schemawalk.writers.sql_statements import comment_on

# Roles are the whole server's, and CREATE ROLE knows no IF NOT EXISTS. One that is there already
# and passes all policies must not be taken for ours.
_CREATE: Final = """\
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal}) THEN
    CREATE ROLE {name} NOLOGIN;
  ELSIF EXISTS (
    SELECT FROM pg_roles WHERE rolname = {literal} AND (rolsuper OR rolbypassrls)
  ) THEN
    RAISE EXCEPTION 'there is a role {said} already, and it passes all policies';
  END IF;
END $$;
{comment}"""

# Another database of the server may use the role too: there it keeps what it may do.
_DROP: Final = """\
DROP OWNED BY {name};
DO $$
BEGIN
  DROP ROLE {name};
EXCEPTION WHEN dependent_objects_still_exist THEN
  RAISE NOTICE 'the role {said} stays: another database needs it';
END $$;"""


def role(thing: Role, _: Schema, dialect: Dialect) -> Written:
    """CREATE ROLE without a password or the right to log in, to be granted to those who have."""
    words = {
        "name": dialect.quoted(thing.name),
        "literal": dialect.literal(thing.name),
        "said": thing.name.replace("'", "''").replace("%", "%%"),
        "comment": comment_on(f"ROLE {dialect.quoted(thing.name)}", plain(thing.because), dialect),
    }
    return Written(_CREATE.format(**words), _DROP.format(**words))


def grant(thing: Grant, _: Schema, dialect: Dialect) -> Written:
    """GRANT, which goes with its role."""
    text = f"GRANT {', '.join(thing.privileges)} ON {dialect.names(thing.on)}"
    to = f"TO {dialect.quoted(thing.role)};"
    return Written(f"{remark(thing.because)}{folded(text, '  ')}\n  {to}", "")


def mysql_role(thing: Role, _: Schema, dialect: Dialect) -> Written:
    """CREATE ROLE; the way back ends it for all databases of the server, as there is but one."""
    name = dialect.quoted(thing.name)
    up = f"{remark(thing.because)}CREATE ROLE IF NOT EXISTS {name};"
    return Written(up, f"DROP ROLE IF EXISTS {name};")


def mysql_grant(thing: Grant, _: Schema, dialect: Dialect) -> Written:
    """GRANT, one a table, which goes with its role."""
    rights, to = ", ".join(thing.privileges), dialect.quoted(thing.role)
    lines = (f"GRANT {rights} ON {dialect.quoted(name)} TO {to};" for name in thing.on)
    return Written(remark(thing.because) + "\n".join(lines), "")
