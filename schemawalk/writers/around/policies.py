"""Row-level security as SQL: switched on, for the table's owner too, and who sees what."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.dialects.queries import checked, demanded
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.things import AllRows, Policy
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import folded, remark

_ALL: Final = "TO {} USING (true) WITH CHECK (true)"


def policy(thing: Policy, _: Schema, dialect: Dialect) -> Written:
    """ENABLE (and FORCE, but for logs) ROW LEVEL SECURITY, and one policy for reading and writing.

    The same condition stands in USING (which rows are seen) and in WITH CHECK (which may be
    written): without the second a row could be handed to somebody else.  A policy goes with its
    table, but one that looks at another table must go before that one can.
    """
    table = dialect.quoted(thing.table)
    seen, taken = demanded(thing, dialect), checked(thing, dialect)
    forced = f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n" if thing.forced else ""
    return Written(
        f"{remark(thing.because)}"
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
        f"{forced}"
        f"CREATE POLICY {dialect.quoted(thing.name)} ON {table}\n"
        f"  USING ({_joined(seen)})\n"
        f"  WITH CHECK ({_joined(taken)});",
        f"DROP POLICY {dialect.quoted(thing.name)} ON {table};" if thing.through else "",
    )


def all_rows(thing: AllRows, _: Schema, dialect: Dialect) -> Written:
    """A policy for one role that hides nothing; it goes before the role can."""
    seen = "FOR SELECT TO {} USING (true)" if thing.reads_only else _ALL
    name, table = dialect.quoted(thing.name), dialect.quoted(thing.table)
    to = seen.format(dialect.quoted(thing.role))
    return Written(
        f"{remark(thing.because)}CREATE POLICY {name} ON {table}\n  {to};",
        f"DROP POLICY {name} ON {table};",
    )


def _joined(wanted: tuple[str, ...]) -> str:
    return folded(" AND ".join(wanted), "    ", first=14)
