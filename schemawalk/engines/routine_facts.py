"""Routines as facts: what databases tell of them, and what a schema says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from schemawalk.engines.catalogue import NONE, Fact, listed, quoted
from schemawalk.engines.trigger_facts import PATH_SAID, SETTINGS
from schemawalk.schema.around.protection import NOBODYS, key_of
from schemawalk.schema.model import Schema
from schemawalk.schema.routine import PATIENCE, Routine, given_name
from schemawalk.schema.things import Grant

Ask = Callable[[str], list[tuple[Any, ...]]]
Types = Mapping[tuple[str, str], str]
"""What a database calls the type of each column, by table and column."""

_FUNCTIONS: Final = """
SELECT p.proname, pg_get_function_arguments(p.oid), coalesce(pg_get_function_result(p.oid), ''),
  l.lanname, CASE p.provolatile WHEN 'v' THEN 'volatile' WHEN 's' THEN 'stable'
    ELSE 'immutable' END || CASE WHEN p.proisstrict THEN ', strict' ELSE '' END
    || CASE WHEN p.proleakproof THEN ', leakproof' ELSE '' END,
  p.prosecdef, {settings},
  ARRAY(SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee)::text END
    FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
    WHERE x.grantee <> p.proowner ORDER BY 1)
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = {space} AND p.prorettype <> 'trigger'::regtype
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
    AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
"""
_PROCEDURES: Final = """
SELECT LOWER(r.routine_type), r.routine_name, COALESCE((
    SELECT GROUP_CONCAT(CONCAT_WS(' ', p.parameter_mode, p.parameter_name, p.dtd_identifier)
      ORDER BY p.ordinal_position SEPARATOR ', ')
    FROM information_schema.parameters p WHERE p.specific_schema = r.routine_schema
      AND p.specific_name = r.specific_name), ''),
  r.security_type, LOWER(CONCAT_WS(', ', r.sql_data_access,
    CASE r.is_deterministic WHEN 'YES' THEN 'deterministic' END))
FROM information_schema.routines r WHERE r.routine_schema = DATABASE()
"""
_ANYBODY: Final = "PUBLIC"
_NUMBER: Final = "int"
_FORMS: Final[Mapping[str, tuple[str, str, str]]] = {
    "purge": ("most integer DEFAULT 1000", "integer", "plpgsql"),
    "forget": ("person {}", "integer", "plpgsql"),
    "refresh": ("", "void", "sql"),
    "roll": ("today date DEFAULT CURRENT_DATE, ahead integer DEFAULT 3", "integer", "plpgsql"),
}
"""By purpose, the arguments of a function, what it gives, and its language."""
_LENGTH: Final = re.compile(r"\([^)]*\)")
_BESIDES: Final = re.compile(r" (?:utf8mb4_|CHECK |AS |COLLATE ).*", re.DOTALL)
"""What stands behind a column's type that its arguments have not."""


def postgresql_routines(ask: Ask, space: str) -> Iterator[Fact]:
    """The functions of a namespace that are no triggers'."""
    yield from (_function(*row) for row in ask(_FUNCTIONS.format(space=space, settings=SETTINGS)))


def mariadb_routines(ask: Ask) -> Iterator[Fact]:
    """The procedures and functions of a database of MariaDB or MySQL."""
    yield from (_procedure(*row) for row in ask(_PROCEDURES))


def expected_routines(schema: Schema, database: str, types: Types) -> Iterator[Fact]:
    """What stands in the catalogue for the schema's routines."""
    for routine in schema.things(Routine):
        type_ = _BESIDES.sub("", types.get((routine.table, routine.column), ""))
        if database == "sqlite":
            yield Fact("", "view to run", routine.name)
            yield Fact(routine.name, "trigger", f"{routine.name}_run")
        elif database == "postgresql":
            yield _wanted_function(routine, schema, _LENGTH.sub("", type_), types)
        else:
            told = f"IN person {type_}" if routine.purpose == "forget" else f"IN most {_NUMBER}"
            yield _procedure("procedure", routine.name, told, "DEFINER", "contains sql")


def _wanted_function(routine: Routine, schema: Schema, type_: str, types: Types) -> Fact:
    arguments, result, language = _FORMS.get(routine.purpose) or _found_by(routine, types)
    told = "" if routine.of else arguments.format(type_)
    granted = (each for each in schema.things(Grant) if "EXECUTE" in each.privileges)
    callers = sorted(grant.role for grant in granted if routine.name in grant.on)
    return _function(
        routine.name,
        told,
        result,
        language,
        "stable" if routine.purpose == "find" else "volatile",
        routine.rights == "owner",
        _settings(routine, schema),
        callers or [_ANYBODY],
    )


def _settings(routine: Routine, schema: Schema) -> str:
    """What is set while it runs."""
    patience = f"; lock_timeout={PATIENCE}" if routine.purpose == "roll" else ""
    key = key_of(routine, schema)
    return PATH_SAID + patience + (f"; {key}={NOBODYS}" if key else "")


def _found_by(routine: Routine, types: Types) -> tuple[str, str, str]:
    def typed(name: str, column: str) -> str:
        return f"{quoted(name)} {_LENGTH.sub('', types[routine.table, column])}"

    given = ", ".join(typed(given_name(column), column) for column in routine.compared)
    told = ", ".join(typed(column, column) for column in routine.shown)
    return given, f"TABLE({told})", "sql"


def _function(
    name: str, arguments: str, result: str, language: str, manner: str,
    definer: bool, settings: str, callers: list[str],
) -> Fact:  # fmt: skip
    details = (
        ("arguments", arguments or NONE),
        ("result", result),
        ("language", language),
        ("manner", manner),
        ("rights", "its owner's" if definer else "those of whoever calls it"),
        ("settings", settings),
        ("callers", listed(callers)),
    )
    return Fact("", "function", name, details)


def _procedure(kind: str, name: str, arguments: str, rights: str, manner: str) -> Fact:
    # MySQL has dropped the width of integers from what it tells; MariaDB has kept it.
    told = re.sub(r"int\(\d+\)", "int", arguments)
    return Fact("", kind, name, (("arguments", told), ("rights", rights), ("manner", manner)))
