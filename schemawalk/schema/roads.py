"""Roads not taken: the usual alternatives to the big choices, and when to think again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.names import words


@dataclass(frozen=True, slots=True)
class Road:
    """One row: an alternative to a big choice."""

    id: str
    """The choice and what was not chosen: `database.mongodb`."""
    name: str
    what: str
    """What it would mean, in one sentence."""
    reconsider: tuple[str, ...]
    """What would have to become true to think again."""


_ROWS: Final = (
    Road(
        "database.mongodb", "Document database",
        "Rows become documents that hold what belongs to them; no joins, few constraints.",
        (
            "Most reads fetch one thing with all its parts and never ask across things.",
            "The shape of most tables differs from row to row, not of single columns.",
            "One machine no longer takes the writes, and the data falls apart by one key.",
        ),
    ),
    Road(
        "database.sqlite", "SQLite",
        "One file beside the program: no server to run, one writer at a time.",
        (
            "The program runs on one machine, or on each user's own.",
            "Nobody wants to run a server for it, and writes wait for each other anyway.",
        ),
    ),
    Road(
        "database.postgresql", "PostgreSQL",
        "A server for many writers, with native types, policies and partitions.",
        (
            "Several programs or machines write at the same time.",
            "Rules are to be kept by the database that it cannot keep now.",
        ),
    ),
    Road(
        "versions.events", "Event sourcing",
        "Every change is kept as an event, and the present is computed from them.",
        (
            "A regulator asks for every change of every field, not for the last one.",
            "People ask what a result would have been at an earlier time or under other rules.",
            "Several programs must follow the same changes in order.",
        ),
    ),
    Road(
        "deletion.soft", "Soft delete",
        "A row is marked as deleted and stays; every query skips it.",
        (
            "A step lets people take a deletion back for some days.",
            "A duty to keep outlives the wish to delete, for a stated time.",
        ),
    ),
    Road(
        "deletion.real", "Really deleting",
        "A deleted row is gone at once, and foreign keys act.",
        (
            "Nobody has restored anything for a year.",
            "People must be able to have their data erased at once.",
        ),
    ),
    Road(
        "relationships.type-id", "Polymorphic associations",
        "One pair of columns, a type's name and an id, refers to rows of several tables.",
        (
            "The same thing (a comment, a file) hangs on five or more kinds of parents.",
            "New kinds of parents come by configuration, not by release.",
        ),
    ),
    Road(
        "tenancy.separate", "A database for each tenant",
        "Every tenant has tables of its own, in a schema or a database.",
        (
            "A customer's contract demands data of its own, or in its own country.",
            "One tenant is so big that it slows the others down.",
        ),
    ),
    Road(
        "tenancy.shared", "Shared tables for all tenants",
        "All tenants share the tables; a key says whose a row is.",
        (
            "There are more tenants than anybody wants to migrate one by one.",
            "Questions across tenants become usual.",
        ),
    ),
    Road(
        "identifiers.bigint", "Counting identifiers",
        "The database counts: 1, 2, 3, in a bigint.",
        (
            "Inserts pass 10,000 a second and the key's index no longer fits in memory.",
            "People have to read ids to each other.",
        ),
    ),
    Road(
        "identifiers.uuid", "UUID identifiers",
        "Any machine makes ids without asking the database.",
        (
            "Clients create rows while offline.",
            "An id in a URL must not tell how many there are.",
        ),
    ),
    Road(
        "lists.enum", "Native enum types",
        "The database knows the list as a type of its own.",
        (
            "Other programs write to the same database and must share the list.",
            "Users want to change a list themselves: then it becomes a lookup table.",
        ),
    ),
    Road(
        "policies.database", "Row-level security",
        "The database itself keeps one tenant's rows from another, whatever a query asks for.",
        (
            "A query without the condition reached a customer once.",
            "Reports or other programs read the tables directly.",
        ),
    ),
    Road(
        "scaling.sharding", "Sharding",
        "The data is split over several servers by one key.",
        (
            "One server no longer takes the writes, at the largest size that can be bought.",
            "Customers demand their data in their own region.",
        ),
    ),
)  # fmt: skip

ROADS: Final[Mapping[str, Road]] = {row.id: row for row in _ROWS}
"""All roads by id, in the order in which they are told."""

_COMMON: Final = frozenset(
    "a an and or of the in as for with instead each all tables table database".split()
)


def telling(name: str) -> frozenset[str]:
    """The words of an alternative's name that tell what it is about, without a plural's s."""
    return frozenset(word.rstrip("s") for word in words(name) if word not in _COMMON)
