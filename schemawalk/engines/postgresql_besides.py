"""What PostgreSQL may hold besides that no schema asks for: each of these is a fact too many.

Storage and settings of tables, indexes and columns that are not the usual ones, rules, owners,
default privileges, and objects of kinds that nothing here makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from schemawalk.engines.catalogue import Fact

Ask = Callable[[str], list[tuple[Any, ...]]]

_HERE: Final = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
_ME: Final = "(SELECT oid FROM pg_roles WHERE rolname = current_user)"
_LENT: Final = (
    "NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{0}'::regclass "
    "AND d.objid = {1}.oid AND d.deptype IN ('e', 'i'))"
)
"""What an extension made is not ours."""

_TABLES: Final = f"""
SELECT c.relname, 'storage', s.said FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid,
  LATERAL (VALUES
    (CASE WHEN c.relpersistence <> 'p' THEN 'unlogged' END),
    (CASE WHEN c.relkind NOT IN ('v', 'm') THEN array_to_string(c.reloptions, ', ') END),
    (array_to_string(t.reloptions, ', ')),
    (CASE WHEN c.relreplident <> 'd' AND c.relkind IN ('r', 'p')
      THEN 'replica identity ' || c.relreplident::text END),
    (CASE WHEN c.reltablespace <> 0 THEN 'a tablespace of its own' END),
    (CASE WHEN c.reloftype <> 0 THEN 'a type of its own' END)) AS s(said)
WHERE c.relnamespace = {_HERE} AND s.said <> '' AND c.relkind <> 'c'
"""
_COLUMNS: Final = f"""
SELECT c.relname, 'storage', a.attname || ': ' || s.said
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid,
  LATERAL (VALUES
    (CASE WHEN coalesce(a.attstattarget, -1) <> -1 THEN 'statistics ' || a.attstattarget END),
    (CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END),
    (CASE WHEN to_jsonb(a) ->> 'attcompression' <> '' THEN 'a compression of its own' END),
    (array_to_string(a.attoptions, ', ')),
    (CASE WHEN a.attidentity = 'a' THEN 'counting always' END)) AS s(said)
WHERE c.relnamespace = {_HERE} AND c.relkind IN ('r', 'p', 'm') AND a.attnum > 0
  AND NOT a.attisdropped AND s.said <> ''
"""
_INDEXES: Final = f"""
SELECT c.relname, 'index', i.relname || ': ' || s.said
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid,
  LATERAL (VALUES
    (CASE WHEN NOT x.indisvalid OR NOT x.indisready THEN 'not valid' END),
    (CASE WHEN x.indisclustered THEN 'the order of the table' END),
    (CASE WHEN c.relispartition AND NOT i.relispartition THEN 'of this part alone' END)) AS s(said)
WHERE i.relnamespace = {_HERE} AND s.said <> ''
"""
_CONSTRAINTS: Final = f"""
SELECT c.relname, 'constraint', k.conname || ': ' || s.said
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid,
  LATERAL (VALUES
    (CASE WHEN k.contype = 'n' AND NOT k.convalidated THEN 'not valid' END),
    (CASE WHEN to_jsonb(k) ->> 'conenforced' = 'false' THEN 'not enforced' END),
    (CASE WHEN c.relispartition AND k.contype = 'c' AND k.coninhcount = 0
      THEN 'of this part alone' END)) AS s(said)
WHERE c.relnamespace = {_HERE} AND s.said <> ''
"""
_SEQUENCES: Final = f"""
SELECT c.relname, 'sequence', 'not from 1 to the end by 1' FROM pg_sequence q
JOIN pg_class c ON c.oid = q.seqrelid WHERE c.relnamespace = {_HERE}
  AND (q.seqstart, q.seqincrement, q.seqmin, q.seqcache, q.seqcycle, q.seqmax)
    IS DISTINCT FROM (1, 1, 1, 1, false, CASE q.seqtypid WHEN 'int2'::regtype THEN 32767
      WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END)
"""
_SWITCHED: Final = f"""
SELECT DISTINCT c.relname, 'trigger', 'switched off' FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = {_HERE} AND t.tgenabled <> 'O'
  AND (t.tgisinternal OR t.tgparentid <> 0)
UNION ALL SELECT c.relname, 'rule', r.rulename FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace = {_HERE} AND r.rulename <> '_RETURN'
UNION ALL SELECT c.relname, 'default of a view', d.adnum::text FROM pg_attrdef d
JOIN pg_class c ON c.oid = d.adrelid WHERE c.relnamespace = {_HERE} AND c.relkind = 'v'
UNION ALL SELECT c.relname, 'parent', p.relname FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE c.relnamespace = {_HERE} AND c.relkind = 'r' AND NOT c.relispartition
"""
_OWNERS: Final = f"""
SELECT c.relname, 'owner', pg_get_userbyid(c.relowner) FROM pg_class c
  WHERE c.relnamespace = {_HERE} AND c.relowner <> {_ME} AND {_LENT.format("pg_class", "c")}
UNION ALL SELECT '', 'owner of ' || p.proname, pg_get_userbyid(p.proowner) FROM pg_proc p
  WHERE p.pronamespace = {_HERE} AND p.proowner <> {_ME} AND {_LENT.format("pg_proc", "p")}
UNION ALL SELECT '', 'owner of ' || t.typname, pg_get_userbyid(t.typowner) FROM pg_type t
  WHERE t.typnamespace = {_HERE} AND t.typowner <> {_ME} AND t.typtype IN ('e', 'd')
  AND {_LENT.format("pg_type", "t")}
"""
_OBJECTS: Final = f"""
SELECT '', 'default privileges', pg_describe_object('pg_default_acl'::regclass, a.oid, 0)
  FROM pg_default_acl a
UNION ALL SELECT '', 'statistics', stxname FROM pg_statistic_ext WHERE stxnamespace = {_HERE}
UNION ALL SELECT '', 'event trigger', e.evtname FROM pg_event_trigger e
  WHERE {_LENT.format("pg_event_trigger", "e")}
UNION ALL SELECT '', 'publication', pubname FROM pg_publication
UNION ALL SELECT '', 'collation', c.collname FROM pg_collation c WHERE collnamespace = {_HERE}
  AND {_LENT.format("pg_collation", "c")}
UNION ALL SELECT '', 'operator', o.oprname FROM pg_operator o WHERE oprnamespace = {_HERE}
  AND {_LENT.format("pg_operator", "o")}
UNION ALL SELECT '', 'search configuration', t.cfgname FROM pg_ts_config t
  WHERE cfgnamespace = {_HERE} AND {_LENT.format("pg_ts_config", "t")}
"""
OBJECTS: Final = f"""
SELECT o.type, o.identity FROM (
  SELECT 'pg_publication'::regclass AS class, p.oid FROM pg_publication p
  UNION ALL SELECT 'pg_event_trigger'::regclass, e.oid FROM pg_event_trigger e
    WHERE {_LENT.format("pg_event_trigger", "e")}
  UNION ALL SELECT 'pg_collation'::regclass, c.oid FROM pg_collation c
    WHERE c.collnamespace = {_HERE} AND {_LENT.format("pg_collation", "c")}
  UNION ALL SELECT 'pg_operator'::regclass, o.oid FROM pg_operator o
    WHERE o.oprnamespace = {_HERE} AND {_LENT.format("pg_operator", "o")}
  UNION ALL SELECT 'pg_ts_config'::regclass, t.oid FROM pg_ts_config t
    WHERE t.cfgnamespace = {_HERE} AND {_LENT.format("pg_ts_config", "t")}
) AS found, pg_identify_object(found.class, found.oid, 0) AS o ORDER BY 1, 2
"""
"""Type and quoted identity of objects that stand beside the tables of a database."""
DEFAULT_PRIVILEGES: Final = """
SELECT DISTINCT 'default privileges', format('FOR ROLE %I%s REVOKE ALL ON %s FROM %s',
  pg_get_userbyid(a.defaclrole), coalesce(' IN SCHEMA ' || quote_ident(n.nspname), ''),
  CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
    WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
  CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END)
FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace,
  aclexplode(a.defaclacl) x
WHERE x.grantee <> a.defaclrole
"""
"""What ALTER DEFAULT PRIVILEGES gave, as what takes it away."""
_ALL: Final = (
    _TABLES, _COLUMNS, _INDEXES, _CONSTRAINTS, _SEQUENCES, _SWITCHED, _OWNERS, _OBJECTS,
)  # fmt: skip


def besides(ask: Ask) -> Iterator[Fact]:
    """Everything of that in the current namespace; nothing where all is as it should be."""
    for sql in _ALL:
        yield from (Fact(table, kind, name) for table, kind, name in ask(sql))
