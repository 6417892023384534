"""Views as SQL: what they show, whose rights they use, and how what is kept is refreshed."""

from __future__ import annotations

from schemawalk.schema.dialects.queries import Query, query
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.things import View
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import folded, plain, remark
from schemawalk.writers.sql_statements import comment_on

_INVOKER = " WITH (security_invoker = true)"
# Without the barrier a caller's condition may look at rows that the view's own leaves out.
_BARRIER = " WITH (security_barrier = true)"


def postgresql_view(view: View, _: Schema, dialect: Dialect) -> Written:
    """CREATE VIEW with the rights that it reads with; CREATE MATERIALIZED VIEW with its index."""
    name = dialect.quoted(view.name)
    asked = _laid_out(query(view, dialect))
    if view.materialised:
        said = comment_on(f"MATERIALIZED VIEW {name}", plain(view.because), dialect)
        up = f"CREATE MATERIALIZED VIEW {name} AS\n{asked};\n{said}\n{_index(view, dialect)}"
        return Written(up, f"DROP MATERIALIZED VIEW {name};")
    rights = _INVOKER if view.rights == "caller" else _BARRIER
    said = comment_on(f"VIEW {name}", plain(view.because), dialect)
    return Written(f"CREATE VIEW {name}{rights} AS\n{asked};\n{said}", f"DROP VIEW {name};")


def sqlite_view(view: View, _: Schema, dialect: Dialect) -> Written:
    """CREATE VIEW with its reason above it."""
    name = dialect.quoted(view.name)
    up = f"{remark(view.because)}CREATE VIEW {name} AS\n{_laid_out(query(view, dialect))};"
    return Written(up, f"DROP VIEW {name};")


def mysql_view(view: View, _: Schema, dialect: Dialect) -> Written:
    """CREATE VIEW with the rights that it reads with, and its reason above it."""
    name = dialect.quoted(view.name)
    rights = "INVOKER" if view.rights == "caller" else "DEFINER"
    start = f"CREATE SQL SECURITY {rights} VIEW {name} AS"
    up = f"{remark(view.because)}{start}\n{_laid_out(query(view, dialect))};"
    # No transaction takes back half a migration there: the way back may find only some of it.
    return Written(up, f"DROP VIEW IF EXISTS {name};")


def _index(view: View, dialect: Dialect) -> str:
    """The unique index, without which REFRESH must lock all readers out."""
    reason = remark(f"lets REFRESH MATERIALIZED VIEW CONCURRENTLY {view.name} go on while it is "
                    "read")  # fmt: skip
    start = f"CREATE UNIQUE INDEX {dialect.quoted(view.index)}"
    return reason + folded(
        f"{start} ON {dialect.quoted(view.name)} ({dialect.names(view.grouped_by)});", "  "
    )


def _laid_out(asked: Query) -> str:
    """The SELECT: columns that are only named side by side, anything else on lines of its own."""
    simple = not any(" AS " in shown for shown in asked.shown)
    if simple:
        lines = [folded(f"SELECT {', '.join(asked.shown)}", "    ", first=2)]
    else:
        shown = ",\n".join(f"    {folded(each, '      ', first=4)}" for each in asked.shown)
        lines = [f"SELECT\n{shown}"]
    lines.append(f"FROM {asked.source}")
    if asked.where:
        lines.append(folded(f"WHERE {asked.where}", "    ", first=2))
    if asked.grouped:
        lines.append(folded(f"GROUP BY {', '.join(asked.grouped)}", "    ", first=2))
    return "\n".join(f"  {line}" for line in lines)
