"""Roles and what they may do as SQL: the way back takes only what the way there gave."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.comments import plain
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import Grant, Owner, Role
from schemawalk.writers.around.routines_postgresql import signature
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import folded, remark

# Roles are the whole server's, and CREATE ROLE knows no IF NOT EXISTS. One that is there already
# and passes all policies must not be taken for ours. The comment is the mark of one that was made
# here: nothing else tells it from one that was there before.
_CREATE: Final = """\
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal}) THEN
    CREATE ROLE {name} NOLOGIN;
    COMMENT ON ROLE {name} IS
      {comment};
  ELSIF EXISTS (
    SELECT FROM pg_roles WHERE rolname = {literal} AND (rolsuper OR rolbypassrls)
  ) THEN
    RAISE EXCEPTION 'there is a role {said} already, and it passes all policies';
  END IF;
  IF NOT has_schema_privilege({literal}, current_schema(), 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), {literal});
  END IF;
END $$;"""

# A role that was there before stays, with all that is its own; and so does one that another
# database of the server, or anything else, still needs.
_DROP: Final = """\
DO $$
BEGIN
  IF EXISTS (
    SELECT FROM pg_roles WHERE rolname = {literal}
      AND shobj_description(oid, 'pg_authid') = {comment}
  ) THEN
    EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM %I', current_schema(), {literal});
    DROP ROLE {name};
  END IF;
EXCEPTION WHEN dependent_objects_still_exist THEN
  RAISE NOTICE 'the role {said} stays: something else needs it';
END $$;"""


def role(thing: Role, _: Schema, dialect: Dialect) -> Written:
    """CREATE ROLE without a password or the right to log in, to be granted to those who have."""
    words = {
        "name": dialect.quoted(thing.name),
        "literal": dialect.literal(thing.name),
        "said": thing.name.replace("'", "''").replace("%", "%%"),
        "comment": dialect.literal(plain(thing.because)),
    }
    return Written(_CREATE.format(**words), _DROP.format(**words))


def grant(thing: Grant, schema: Schema, dialect: Dialect) -> Written:
    """GRANT, and REVOKE of the same; what one role calls, nobody else does."""
    on, role_ = dialect.names(thing.on), dialect.quoted(thing.role)
    before = ""
    if "EXECUTE" in thing.privileges:
        known = {each.name: each for each in schema.things(Routine)}
        on = ", ".join(signature(known[name], schema, dialect) for name in thing.on)
        on = f"FUNCTION {on}"
        before = f"{folded(f'REVOKE EXECUTE ON {on}', '  ')}\n  FROM PUBLIC;\n"
    rights = ", ".join(thing.privileges)
    if thing.columns:
        rights = ", ".join(f"{each} ({dialect.names(thing.columns)})" for each in thing.privileges)
    up = f"{before}{folded(f'GRANT {rights} ON {on}', '  ')}\n  TO {role_};"
    down = f"{folded(f'REVOKE {rights} ON {on}', '  ')}\n  FROM {role_};"
    return Written(f"{remark(thing.because)}{up}", down)


# Whoever is no superuser must be a member of a role to hand something to it, and to take it back;
# the role must be able to make things in the schema then. Both end here, as a member would be let
# past the policies.
_HANDED: Final = """\
DO $$
BEGIN
  GRANT {role} TO CURRENT_USER;
{before}{handed}
{after}  REVOKE {role} FROM CURRENT_USER;
END $$;"""
_MAY_MAKE: Final = """\
  EXECUTE format('GRANT CREATE ON SCHEMA %I TO %I', current_schema(), {literal});
"""
_MAY_NOT: Final = """\
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM %I', current_schema(), {literal});
"""


def owner(thing: Owner, schema: Schema, dialect: Dialect) -> Written:
    """ALTER FUNCTION … OWNER TO the role, and back to whoever takes the functions away."""
    known = {each.name: each for each in schema.things(Routine)}
    functions = [signature(known[name], schema, dialect) for name in thing.on]
    role_, literal = dialect.quoted(thing.role), dialect.literal(thing.role)

    def handed(to: str) -> str:
        return "\n".join(
            folded(f"  ALTER FUNCTION {each} OWNER TO {to};", "    ") for each in functions
        )

    up = _HANDED.format(
        role=role_,
        handed=handed(role_),
        before=_MAY_MAKE.format(literal=literal),
        after=_MAY_NOT.format(literal=literal),
    )
    down = _HANDED.format(role=role_, handed=handed("CURRENT_USER"), before="", after="")
    return Written(remark(thing.because) + up, down)


# Nothing tells there who made a role, and DROP ROLE would end it for all databases of the server.
_MYSQL_STAYS: Final = """\
-- The role {name} stays, and may do nothing here any more: another database may use it.
-- Where none does: DROP ROLE {name};"""


def mysql_role(thing: Role, _: Schema, dialect: Dialect) -> Written:
    """CREATE ROLE where it is absent; the way back leaves it, without its rights."""
    name = dialect.quoted(thing.name)
    up = f"{remark(thing.because)}CREATE ROLE IF NOT EXISTS {name};"
    return Written(up, _MYSQL_STAYS.format(name=name))


def mysql_grant(thing: Grant, _: Schema, dialect: Dialect) -> Written:
    """GRANT, one a table or procedure, and REVOKE of the same."""
    rights, role_ = ", ".join(thing.privileges), dialect.quoted(thing.role)
    what = "PROCEDURE " if "EXECUTE" in thing.privileges else ""
    names = [f"{what}{dialect.quoted(name)}" for name in thing.on]
    up = "\n".join(f"GRANT {rights} ON {name} TO {role_};" for name in names)
    down = "\n".join(f"REVOKE {rights} ON {name} FROM {role_};" for name in names)
    return Written(remark(thing.because) + up, down)
