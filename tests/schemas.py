"""Schemas made by hand for tests of what comes after derivation."""

from __future__ import annotations

from schemawalk.schema.language.expression import Call, Literal
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import (
    Check,
    Column,
    EnumType,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Schema,
    Table,
    Type,
    Unique,
)

NOW = Call("now")
UUID = Column("id", Type("uuid"), default=Call("uuid"), because="nobody can guess it")
CREATED = Column("created_at", Type("timestamptz"), default=NOW, purpose="when it was added")


def reference(
    table: str, column: str, to: str, action: str, *, deferred: bool = False
) -> ForeignKey:
    """A foreign key to `to.id`, named as the program names them."""
    name = f"fk_{table}_{column}_{to}"
    return ForeignKey(name, (column,), to, ("id",), action, "a test says so", deferred=deferred)  # type: ignore[arg-type]


def column(
    name: str, kind: str, *, null: bool = False, default: object = ..., **more: object
) -> Column:
    """A column of a plain type; `default` is a constant."""
    value = None if default is ... else Literal(default)  # type: ignore[arg-type]
    return Column(name, Type(kind, **more), nullable=null, default=value)  # type: ignore[arg-type]


def key(table: str, *columns: str) -> PrimaryKey:
    """The primary key, on `id` unless columns are given."""
    return PrimaryKey(f"pk_{table}", columns or ("id",))


def check(name: str, rule: str) -> Check:
    """A named CHECK from a rule's text."""
    return Check(name, parse(rule), "a rule of the product")


def index(name: str, *parts: str, where: str = "", method: str = "btree") -> Index:
    """An index on columns, `-` before one that descends."""
    made = tuple(IndexPart(part.lstrip("-"), part.startswith("-")) for part in parts)
    predicate = parse(where) if where else None
    return Index(name, made, predicate=predicate, method=method, because="a query needs it")  # type: ignore[arg-type]


def library() -> Schema:
    """Readers, books, loans: every feature that all writers must carry, once."""
    branches = Table(
        "branches",
        (UUID, column("name", "text"), column("head_id", "uuid", null=True), CREATED),
        key("branches"),
        uniques=(Unique("uq_branches_name", ("name",), "people say the name"),),
        checks=(check("ck_branches_name_length", "length(name) <= 80 and not blank(name)"),),
        foreign_keys=(reference("branches", "head_id", "readers", "SET NULL", deferred=True),),
        indexes=(index("ix_branches_head_id", "head_id"),),
        because="step 1 speaks of it",
        purpose="A place that lends books.",
        entity="Branch",
    )
    readers = Table(
        "readers",
        (
            UUID,
            column("branch_id", "uuid"),
            column("email", "text"),
            column("role", "text", default="member"),
            column("active", "boolean", default=True),
            column("settings", "json", default="{}"),
            column("tags", "list", null=True),
            column("born_on", "date", null=True),
            CREATED,
        ),
        key("readers"),
        uniques=(Unique("uq_readers_email", ("email",)),),
        checks=(
            check("ck_readers_role", "role in ('member', 'staff', 'it''s \"both\"')"),
            check("ck_readers_email", "email matches '^[^@]+@[^@]+$'"),
        ),
        foreign_keys=(reference("readers", "branch_id", "branches", "RESTRICT"),),
        indexes=(
            index("ix_readers_branch_id_created_at", "branch_id", "-created_at"),
            index("ix_readers_active", "created_at", where="active = true"),
            index("ix_readers_settings", "settings", method="gin"),
        ),
        purpose="Somebody who borrows.",
        entity="Reader",
    )
    books = Table(
        "books",
        (
            UUID,
            column("order", "integer", default=0),
            column("title", "text"),
            column("state", "enum", default="in", enum="book_state"),
            column("price_cents", "bigint", default=0),
            column("weight_kg", "numeric", null=True, precision=6, scale=3),
            column("series_id", "uuid", null=True),
            CREATED,
        ),
        key("books"),
        checks=(
            check("ck_books_price_cents", "price_cents >= 0"),
            check("ck_books_series_id_itself", "series_id <> id"),
        ),
        foreign_keys=(reference("books", "series_id", "books", "CASCADE"),),
        indexes=(
            index("ix_books_series_id", "series_id"),
            index("ix_books_order", "order", "-title"),
        ),
        purpose="One copy.",
        entity="Book",
    )
    loans = Table(
        "loans",
        (
            UUID,
            column("reader_id", "uuid", null=True),
            column("book_id", "uuid"),
            column("status", "text", default="open"),
            column("started_at", "timestamptz", null=True),
            column("ended_at", "timestamptz", null=True),
            column("lasted", "interval", null=True),
        ),
        key("loans"),
        checks=(
            check("ck_loans_status", "status in ('open', 'late', 'back')"),
            check("ck_loans_ended_at", "ended_at >= started_at"),
            check("ck_loans_back", "status = 'back' implies ended_at is not null"),
        ),
        foreign_keys=(
            reference("loans", "reader_id", "readers", "SET NULL"),
            reference("loans", "book_id", "books", "CASCADE"),
        ),
        indexes=(
            index("ix_loans_reader_id", "reader_id"),
            index("ix_loans_book_id", "book_id"),
            index("ix_loans_late", "started_at", where="status in ('open', 'late')"),
        ),
        purpose="A book with a reader for a time.",
        entity="Loan",
    )
    shelves = Table(
        "branch_books",
        (
            column("branch_id", "uuid"),
            column("book_id", "uuid"),
            column("position", "integer", default=0),
        ),
        key("branch_books", "branch_id", "book_id"),
        foreign_keys=(
            reference("branch_books", "branch_id", "branches", "CASCADE"),
            reference("branch_books", "book_id", "books", "RESTRICT"),
        ),
        indexes=(index("ix_branch_books_book_id", "book_id"),),
        purpose="Which branch has which book.",
        entity="Branch and book",
    )
    states = EnumType("book_state", ("in", "out", "it's lost"), "the till shares it")
    return Schema((branches, readers, books, loans, shelves), (states,))
