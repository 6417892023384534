"""Whoever opens the database reads of each thing in it why it is there."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.engines.registry import open_engine
from schemawalk.writers import sql
from tests.lasting import museum
from tests.schema.keyed import club
from tests.schema.rentals import rentals
from tests.schema.test_access import offices

UNSAID = """
SELECT 'index ' || c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace AND obj_description(c.oid) IS NULL
    AND NOT c.relispartition
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype <> 'f')
UNION ALL SELECT 'constraint ' || k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
  WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'c', 'f', 'x')
    AND NOT c.relispartition AND obj_description(k.oid, 'pg_constraint') IS NULL
UNION ALL SELECT 'function ' || proname FROM pg_proc p
  WHERE pronamespace = 'public'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger t
  WHERE NOT tgisinternal AND tgparentid = 0 AND obj_description(t.oid, 'pg_trigger') IS NULL
UNION ALL SELECT 'policy ' || polname FROM pg_policy p
  WHERE obj_description(p.oid, 'pg_policy') IS NULL
UNION ALL SELECT 'type ' || typname FROM pg_type t
  WHERE typtype = 'e' AND obj_description(t.oid, 'pg_type') IS NULL
UNION ALL SELECT 'column ' || c.relname || '.' || a.attname FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    AND col_description(c.oid, a.attnum) IS NULL
"""


@pytest.mark.parametrize("design", [lambda: club(rules=()), offices, museum, rentals])
def test_nothing_stands_in_postgresql_without_a_word(
    postgresql_url: str, design: Callable[[], Design]
) -> None:
    work = work_for(design(), "postgresql", "16")
    with psycopg.connect(postgresql_url, autocommit=True) as session:
        session.execute(sql.up(work.schema, work.dialect))
        assert session.execute(UNSAID).fetchall() == []


def test_mariadb_keeps_why_an_index_is_there(mariadb_url: str) -> None:
    work = work_for(club(), "mariadb")
    with open_engine("mariadb", mariadb_url) as engine:
        engine.run(sql.up(work.schema, work.dialect))
        kept = dict(engine.rows(
            "SELECT index_name, index_comment FROM information_schema.statistics"
            " WHERE table_schema = DATABASE()"
        ))  # fmt: skip
    for table in work.schema.tables:
        for index in table.indexes:
            assert kept[index.name] == index.because.rstrip(".")
