"""A theatre's schema, made by hand, in which every promise can be broken by two at once."""

from __future__ import annotations

from dataclasses import replace

from schemawalk.design.spans import Span
from schemawalk.schema.language.expression import Call, Name
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import (
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Schema,
    Table,
    Unique,
)
from schemawalk.schema.routine import Cleared, Hop, Routine
from schemawalk.schema.things import (
    Extension,
    Guard,
    History,
    Limit,
    ParentRule,
    Stamp,
    Thing,
    View,
    ViewColumn,
)
from tests.schemas import CREATED, check, column, index, key, reference

ID = replace(column("id", "bigint"), identity=True)
SAYS = "the theatre says so"


def theatre(*extensions: str, overlaps: bool = False) -> Schema:
    """Halls with at most two seats in use, plays in open halls alone, one booking of a hall at a
    time unless there may be `overlaps`, guests, visits, and orders whose versions are kept."""
    tables = tuple(replace(t, exclusions=()) if overlaps else t for t in _TABLES)
    needed = tuple(Extension(name) for name in extensions)
    return Schema(tables, around=(*needed, *_RULES, *_JOBS))


def _referring(table: str, to: str, action: str) -> tuple[ForeignKey, Index]:
    return reference(table, f"{to}_id", f"{to}s", action), index(f"ix_{table}_{to}", f"{to}_id")


def _child(name: str, to: str, action: str, *columns: object) -> Table:
    refers, by_it = _referring(name, to, action)
    own = (ID, column(f"{to}_id", "bigint"), *columns)
    return Table(name, own, key(name), foreign_keys=(refers,), indexes=(by_it,))  # type: ignore[arg-type]


_BOOKINGS = replace(
    _child("bookings", "hall", "CASCADE", column("begins_at", "timestamptz"),
           column("ends_at", "timestamptz")),
    checks=(check("ck_bookings_ends_at", "ends_at > begins_at"),),
    exclusions=(
        Exclusion("ex_bookings", ("hall_id",), "begins_at", "ends_at", None, SAYS, "rule"),
    ),
)  # fmt: skip
_ORDERS = Table(
    "orders",
    (ID, column("state", "text", default="open"), column("note", "text", null=True), CREATED,
     column("version", "integer", default=0), column("sent_key", "text", null=True)),
    key("orders"),
    checks=(check("ck_orders_state", "state in ('open', 'paid', 'cancelled')"),),
    uniques=(Unique("uq_orders_sent_key", ("sent_key",)),),
)  # fmt: skip
_VERSIONS = Table(
    "orders_history",
    (replace(ID, name="history_id"), column("id", "bigint"), column("state", "text"),
     column("note", "text", null=True), column("valid_from", "timestamptz", null=True),
     column("valid_to", "timestamptz")),
    PrimaryKey("pk_orders_history", ("history_id",)),
    indexes=(
        Index("ix_orders_history", (IndexPart("id"), IndexPart("valid_to", True)), because=SAYS),
    ),
)  # fmt: skip
_TABLES = (
    Table("halls", (ID, column("open", "boolean", default=True)), key("halls")),
    _child("seats", "hall", "CASCADE", column("used", "boolean", default=True)),
    _child("plays", "hall", "CASCADE"),
    _BOOKINGS,
    _ORDERS,
    Table("visits", (ID, column("ended_at", "timestamptz", null=True)), key("visits"),
          indexes=(index("ix_visits_ended_at", "ended_at"),)),
    _child("claims", "visit", "RESTRICT"),
    _VERSIONS,
    Table("guests", (ID, column("name", "text", null=True)), key("guests")),
    _child("letters", "guest", "CASCADE", column("body", "text", null=True)),
)  # fmt: skip
_OPEN: tuple[tuple[str, str], ...] = (("open", "paid"), ("open", "cancelled"))
_RULES: tuple[Thing, ...] = (
    Limit("seats_limit", "seats", ("hall_id",), "halls", ("id",), 2, parse("used = true"), SAYS),
    ParentRule("plays_rule", "plays", ("hall_id",), "halls", ("id",), parse("open = true"), SAYS),
    Guard("orders_state", "orders", "state", _OPEN, (), SAYS),
    Stamp("orders_touch", "orders", (("version", "next"),), SAYS),
    History("orders_versions", "orders", "orders_history", ("id", "state", "note"),
            made="created_at", because=SAYS),
    View("halls_by_open", "halls", (ViewColumn("open", Name("open")),
                                    ViewColumn("rows", Call("count"))),
         grouped_by=("open",), materialised=True, index="uq_halls_by_open", purpose="summary"),
)  # fmt: skip
_JOBS = (
    Routine("visits_purge", "purge", "visits", "ended_at", Span(1, "year"),
            ((Hop("claims", ("visit_id",), ("id",)),),), because=SAYS),
    Routine("letters_forget", "forget", "letters", "guest_id", cleared=(Cleared("body", None),),
            because=SAYS),
    Routine("guests_forget", "forget", "guests", "id", cleared=(Cleared("name", None),),
            before_it=("letters_forget",), because=SAYS),
    Routine("halls_by_open_refresh", "refresh", "halls_by_open", because=SAYS),
)  # fmt: skip
