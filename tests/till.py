"""A schema whose columns do something by themselves: computed, short, the same in any case."""

from __future__ import annotations

from dataclasses import replace

from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import Call
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.sorts import Meaning
from schemawalk.schema.model import Check, Column, Index, IndexPart, Schema, Table, Type, Unique
from tests.schemas import check, column, key


def _generated(
    name: str, type_: Type, rule: str, columns: tuple[Column, ...], **more: object
) -> Column:
    known = {each.name: Meaning(each.type) for each in columns}
    return Column(name, type_, generated=explicit(parse(rule), known), **more)  # type: ignore[arg-type]


def till() -> Schema:
    """Orders and guests: every kind of column that does something by itself."""
    plain = (
        Column("id", Type("uuid"), default=Call("uuid7")),
        column("code", "varchar", precision=8),
        replace(column("email", "text"), collation="any-case"),
        replace(column("nickname", "text", null=True), collation="any-case"),
        column("address", "inet", null=True),
        column("quantity", "integer", default=1),
        column("price_cents", "bigint"),
        column("rate", "numeric", precision=6, scale=3),
        column("given_name", "text"),
        column("family_name", "text", null=True),
        column("issued_on", "date"),
        column("begun_at", "timestamptz", null=True),
        column("ended_at", "timestamptz", null=True),
        Column("day_of_entry", Type("date"), default=Call("today")),
    )
    computed = (
        _generated("total_cents", Type("bigint"), "quantity * price_cents", plain),
        _generated("share", Type("numeric", 12, 4), "price_cents / quantity", plain, nullable=True),
        _generated("tax", Type("numeric", 18, 3), "price_cents * rate", plain),
        _generated(
            "full_name", Type("text"), "given_name || ' ' || coalesce(family_name, '-')", plain
        ),
        _generated("due_on", Type("date"), "issued_on + 30 days", plain),
        _generated("year", Type("integer"), "year(issued_on)", plain),
        _generated("later_at", Type("timestamptz"), "begun_at + 90 minutes", plain, nullable=True),
        _generated("started", Type("boolean"), "begun_at is not null", plain),
    )
    lasted = replace(
        _generated("lasted", Type("interval"), "ended_at - begun_at", plain, nullable=True)
    )
    lasted = replace(lasted, generated=Call("whole", (lasted.generated,)))  # type: ignore[arg-type]
    columns = (*plain, *computed, lasted)
    known = {each.name: Meaning(each.type) for each in columns}
    table = Table(
        "orders",
        columns,
        key("orders"),
        uniques=(Unique("uq_orders_email", ("email",)), Unique("uq_orders_total", ("full_name",))),
        checks=tuple(
            Check(each.name, explicit(each.expression, known))
            for each in (
                check("ck_orders_quantity", "quantity > 0"),
                check("ck_orders_total", "total_cents <= 1000000"),
                check("ck_orders_lasted", "ended_at - begun_at <= 2 hours"),
                check("ck_orders_due", "due_on < '2100-01-01'"),
            )
        ),
        indexes=(
            Index("ix_orders_nickname", (IndexPart("nickname"),), unique=True,
                  predicate=parse("begun_at is null")),
        ),
        entity="Order",
    )  # fmt: skip
    return Schema((table,))
