"""PostgreSQL's system catalogues as facts, and a schema's expressions as PostgreSQL spells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from schemawalk.engines.catalogue import (
    Catalogue,
    Fact,
    Spelling,
    check_fact,
    column_fact,
    enum_fact,
    extension_fact,
    foreign_key_fact,
    index_fact,
    key_fact,
)
from schemawalk.engines.comment_facts import comment_facts
from schemawalk.engines.parts import partition_facts
from schemawalk.engines.postgresql_access import access_facts, wanted_access
from schemawalk.engines.postgresql_besides import besides
from schemawalk.engines.postgresql_keys import (
    exclusion_facts,
    is_special,
    part_said,
    scratch_exclusion,
    scratch_index,
    spelled_exclusions,
    spelled_parts,
)
from schemawalk.engines.routine_facts import postgresql_routines
from schemawalk.engines.trigger_facts import postgresql_triggers
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Schema, Table

Ask = Callable[[str], list[tuple[Any, ...]]]

_HERE: Final = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
_TEMPORARY: Final = "pg_my_temp_schema()"
_OURS: Final = (
    "nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') "
    "AND nspname NOT LIKE 'pg\\_temp\\_%' AND nspname NOT LIKE 'pg\\_toast\\_temp\\_%'"
)

SCHEMAS: Final = f"SELECT nspname FROM pg_namespace WHERE {_OURS}"
EXTENSIONS: Final = "SELECT extname FROM pg_extension"
AVAILABLE: Final = "SELECT name FROM pg_available_extensions"
TABLES: Final = (
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
    f"AND relnamespace = {_HERE}"
)

LEFTOVERS: Final = f"""
WITH ours AS (SELECT oid FROM pg_namespace WHERE {_OURS}), found AS (
  SELECT 'pg_class'::regclass AS class, c.oid FROM pg_class c
    WHERE c.relnamespace IN (SELECT oid FROM ours) AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
      AND d.objid = c.oid AND d.deptype = 'i' AND d.refobjid <> c.oid)
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typnamespace IN (SELECT oid FROM ours) AND t.typtype IN ('e', 'd', 'r', 'c', 'b')
    AND (c.oid IS NULL OR c.relkind = 'c')
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid FROM pg_proc p
    WHERE p.pronamespace IN (SELECT oid FROM ours)
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
      AND d.objid = p.oid AND d.deptype = 'i')
)
SELECT CASE o.type WHEN 'composite type' THEN 'type' ELSE o.type END, o.identity
FROM found f, pg_identify_object(f.class, f.oid, 0) o
WHERE NOT EXISTS (SELECT FROM pg_depend d
  WHERE d.classid = f.class AND d.objid = f.oid AND d.deptype = 'e')
ORDER BY f.class::oid, o.identity
"""
"""Type and quoted identity of everything that a user made; what an extension made is not theirs."""

_COLUMNS: Final = """
SELECT c.relname, a.attname,
  format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation
       ELSE '' END
    || CASE a.attgenerated WHEN '' THEN '' WHEN 'v' THEN ' GENERATED VIRTUAL' ELSE ' GENERATED' END,
  pg_get_expr(d.adbin, d.adrelid), NOT a.attnotnull, a.attidentity <> ''
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = {space} AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped
"""
_CHECKS: Final = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = {space} AND k.contype = 'c' AND NOT c.relispartition
"""
_PREDICATES: Final = """
SELECT i.relname, pg_get_expr(x.indpred, x.indrelid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE i.relnamespace = {space} AND x.indpred IS NOT NULL
"""
_NAMED: Final = """ARRAY(SELECT a.attname::text
  FROM unnest({numbers}) WITH ORDINALITY AS n(number, at)
  JOIN pg_attribute a ON a.attrelid = {relation} AND a.attnum = n.number ORDER BY n.at)"""
_KEYS: Final = f"""
SELECT c.relname, k.contype::text, k.conname,
  {_NAMED.format(numbers="k.conkey", relation="k.conrelid")},
  CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END
    || CASE WHEN to_jsonb(x) ->> 'indnullsnotdistinct' = 'true' THEN ' NULLS NOT DISTINCT'
       ELSE '' END,
  pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
LEFT JOIN pg_index x ON x.indexrelid = k.conindid
WHERE c.relnamespace = {_HERE} AND k.contype IN ('p', 'u', 't') AND NOT c.relispartition
"""
_FOREIGN_KEYS: Final = f"""
SELECT c.relname, k.conname, {_NAMED.format(numbers="k.conkey", relation="k.conrelid")},
  p.relname, {_NAMED.format(numbers="k.confkey", relation="k.confrelid")},
  k.confdeltype::text, k.confupdtype::text,
  ARRAY(SELECT a.attname::text FROM jsonb_array_elements_text(
      CASE jsonb_typeof(to_jsonb(k) -> 'confdelsetcols') WHEN 'array'
        THEN to_jsonb(k) -> 'confdelsetcols' ELSE '[]' END) AS n(number)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.number::int),
  CASE WHEN k.condeferred THEN 'from the start' WHEN k.condeferrable THEN 'on request'
    ELSE 'no' END,
  CASE k.confmatchtype WHEN 'f' THEN ' MATCH FULL' ELSE '' END
    || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
WHERE c.relnamespace = {_HERE} AND k.contype = 'f' AND k.conparentid = 0
"""
_INDEXES: Final = f"""
SELECT c.relname, i.relname, x.indisunique, pg_get_expr(x.indpred, x.indrelid), m.amname,
  ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = x.indexrelid
    AND a.attnum > x.indnkeyatts ORDER BY a.attnum),
  ARRAY(SELECT ARRAY[coalesce(a.attname, ''), pg_get_indexdef(x.indexrelid, n.at::int, true),
      n.option::text, CASE WHEN o.opcdefault THEN '' ELSE o.opcname END]
    FROM unnest(x.indkey::int[], x.indoption::int[], x.indclass::oid[])
      WITH ORDINALITY AS n(number, option, class, at)
    LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = n.number AND n.number > 0
    JOIN pg_opclass o ON o.oid = n.class
    WHERE n.at <= x.indnkeyatts ORDER BY n.at),
  CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END
    || CASE WHEN to_jsonb(x) ->> 'indnullsnotdistinct' = 'true' THEN ' NULLS NOT DISTINCT'
       ELSE '' END
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_am m ON m.oid = i.relam
WHERE c.relnamespace = {_HERE} AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype <> 'f')
"""
_ENUMS: Final = f"""
SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = {_HERE} GROUP BY 1
"""
_OTHERS: Final = f"""
SELECT '', 'sequence', relname FROM pg_class c WHERE relnamespace = {_HERE} AND relkind = 'S'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
    AND d.objid = c.oid AND d.deptype = 'i')
UNION ALL SELECT '', 'type', typname FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE typnamespace = {_HERE} AND (typtype = 'd' OR typtype = 'r' OR c.relkind = 'c')
"""
_ACTIONS: Final = {
    "a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT",
}  # fmt: skip
_KEY_KINDS: Final = {
    "p": "primary key", "u": "UNIQUE", "t": "constraint trigger",
}  # fmt: skip
_AT_ONCE: Final = 200
"""Tables that are asked about together: each holds locks, and a server has some thousands."""


def catalogue(
    ask: Ask,
    given: frozenset[str] = frozenset(),
    roles: frozenset[str] = frozenset(),
    before: frozenset[Fact] = frozenset(),
) -> Catalogue:
    """The facts in the current namespace; `ask` gives the rows of a query.

    `given` are extensions that are no part of it, `roles` those that were there before, `before`
    what else was there that no schema asks for.
    """
    facts = [*_facts(ask), *(fact for fact in besides(ask) if fact not in before)]
    facts += [extension_fact(name) for (name,) in ask(EXTENSIONS) if name not in given]
    return Catalogue.of([*facts, *access_facts(ask, roles)])


def _facts(ask: Ask) -> Iterator[Fact]:
    yield from (Fact(name, "table", name) for (name,) in ask(TABLES))
    for table, name, type_, default, nullable, counting in ask(_COLUMNS.format(space=_HERE)):
        yield column_fact(table, name, type_, default or "", nullable=nullable, counting=counting)
    for table, kind, name, columns, extra, _ in ask(_KEYS):
        yield key_fact(table, _KEY_KINDS[kind], name, columns, extra)
    for table, name, definition in ask(_CHECKS.format(space=_HERE)):
        yield check_fact(table, name, definition)
    yield from exclusion_facts(ask, _HERE)
    yield from _foreign_keys(ask)
    yield from _indexes(ask)
    yield from (enum_fact(name, values) for name, values in ask(_ENUMS))
    yield from (Fact(table, kind, name) for table, kind, name in ask(_OTHERS))
    yield from partition_facts(ask, _HERE)
    yield from postgresql_triggers(ask, _HERE)
    yield from postgresql_routines(ask, _HERE)
    yield from comment_facts(ask, POSTGRESQL.name)


def _foreign_keys(ask: Ask) -> Iterator[Fact]:
    for table, name, columns, parent, parents, deleted, updated, *rest in ask(_FOREIGN_KEYS):
        emptied, later, extra = rest
        yield foreign_key_fact(
            table,
            name,
            columns,
            (parent, parents),
            on_delete=_ACTIONS[deleted],
            on_update=_ACTIONS[updated],
            deferrable=later,
            emptied=emptied,
            extra=extra,
        )


def _indexes(ask: Ask) -> Iterator[Fact]:
    for table, name, unique, predicate, method, include, parts, extra in ask(_INDEXES):
        yield index_fact(
            table,
            name,
            ", ".join(part_said(*part) for part in parts) + extra,
            unique=unique,
            predicate=predicate or "",
            method=method,
            include=include,
        )


class Session(Protocol):
    """What is needed of an engine to ask how it spells things."""

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement, or several."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What one statement gives."""

    def savepoint(self) -> AbstractContextManager[None]:
        """A stretch of work that is always rolled back."""


def spelling(session: Session, schema: Schema, roles: frozenset[str] = frozenset()) -> Spelling:
    """How the server spells `schema`, told by temporary tables that are rolled back at once.

    `roles` are those that were there before.
    """
    types: dict[tuple[str, str], str] = {}
    defaults: dict[tuple[str, str], str] = {}
    checks: dict[tuple[str, str], str] = {}
    predicates: dict[tuple[str, str], str] = {}
    exclusions: dict[tuple[str, str], str] = {}
    parts: dict[tuple[str, str], str] = {}
    with session.savepoint():
        session.execute("".join(_enums(schema)) or "SELECT")
        for start in range(0, len(schema.tables), _AT_ONCE):
            scratch = _Scratch(schema.tables[start : start + _AT_ONCE])
            with session.savepoint():
                session.execute(scratch.script())
                for place, type_, default in scratch.columns(session):
                    types[place] = type_
                    defaults |= {place: default} if default else {}
                checks |= scratch.checks(session)
                predicates |= scratch.predicates(session)
                exclusions |= scratch.exclusions(session)
                parts |= scratch.parts(session)
        around = tuple(wanted_access(session, schema, roles))
    return Spelling(
        types,
        defaults,
        checks,
        predicates,
        frozenset(_counting(schema)),
        exclusions=exclusions,
        parts=parts,
        methods={"fulltext": "gin"},
        around=around,
    )


def _counting(schema: Schema) -> Iterator[tuple[str, str]]:
    for table in schema.tables:
        yield from ((table.name, column.name) for column in table.columns if column.identity)


def _enums(schema: Schema) -> Iterator[str]:
    for enum in schema.enums:
        values = ", ".join(map(POSTGRESQL.literal, enum.values))
        yield f"CREATE TYPE pg_temp.{POSTGRESQL.quoted_type(enum.name)} AS ENUM ({values});\n"


class _Scratch:
    """Temporary tables with nothing but what the server rewrites: types and expressions."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = {f"t{at}": table for at, table in enumerate(tables)}
        partial = [(t, i) for t in self._tables for i in self._tables[t].indexes if i.predicate]
        self._indexes = {f"x{at}": place for at, place in enumerate(partial)}
        special = [(t, i) for t in self._tables for i in self._tables[t].indexes if is_special(i)]
        self._special = {f"y{at}": place for at, place in enumerate(special)}

    def script(self) -> str:
        """The statements that make them."""
        made = [self._create(name, table) for name, table in self._tables.items()]
        for name, (table, index) in self._indexes.items():
            column = POSTGRESQL.quoted(index.parts[0].column)
            assert index.predicate
            rule = POSTGRESQL.sql(index.predicate)
            # Only the predicate is read back; this key suits a column of any type.
            made.append(f"CREATE INDEX {name} ON pg_temp.{table} (({column} IS NULL)) WHERE {rule}")
        made += [scratch_index(index, name, t) for name, (t, index) in self._special.items()]
        return ";\n".join(made)

    def _create(self, name: str, table: Table) -> str:
        lines = []
        for column in table.columns:
            default = POSTGRESQL.default(column)
            rest = f" DEFAULT {default}" if default else ""
            if column.generated is not None:
                rest = f" GENERATED ALWAYS AS ({POSTGRESQL.sql(column.generated)}) STORED"
            lines.append(f"{POSTGRESQL.quoted(column.name)} {POSTGRESQL.type(column.type)}{rest}")
        for check in table.checks:
            rule = POSTGRESQL.sql(check.expression)
            lines.append(f"CONSTRAINT {POSTGRESQL.quoted(check.name)} CHECK ({rule})")
        lines += map(scratch_exclusion, table.exclusions)
        return f"CREATE TEMPORARY TABLE {name} ({', '.join(lines)})"

    def columns(self, session: Session) -> Iterator[tuple[tuple[str, str], str, str]]:
        """Table and column, its type, its default or nothing."""
        for name, column, type_, default, _, _ in session.rows(_COLUMNS.format(space=_TEMPORARY)):
            if name in self._tables:
                yield (self._tables[name].name, column), type_, default or ""

    def checks(self, session: Session) -> dict[tuple[str, str], str]:
        """Definitions of CHECKs."""
        found = session.rows(_CHECKS.format(space=_TEMPORARY))
        return {(self._tables[t].name, n): text for t, n, text in found if t in self._tables}

    def exclusions(self, session: Session) -> dict[tuple[str, str], str]:
        """Definitions of exclusions."""
        return spelled_exclusions(session.rows, _TEMPORARY, self._tables)

    def parts(self, session: Session) -> dict[tuple[str, str], str]:
        """Parts of those indexes that are not on plain columns alone."""
        places = {
            name: (self._tables[table].name, index.name)
            for name, (table, index) in self._special.items()
        }
        return spelled_parts(session.rows, _TEMPORARY, places)

    def predicates(self, session: Session) -> dict[tuple[str, str], str]:
        """Predicates of partial indexes."""
        found: dict[tuple[str, str], str] = {}
        for name, text in session.rows(_PREDICATES.format(space=_TEMPORARY)):
            if name in self._indexes:
                table, index = self._indexes[name]
                found[self._tables[table].name, index.name] = text
        return found
