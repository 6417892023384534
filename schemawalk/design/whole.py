"""What is answered once, for the design as a whole: its product, stack, keeping, and the unsaid."""

from __future__ import annotations

from typing import Annotated, Literal

from schemawalk.design.choices import (
    Database,
    Forget,
    Identifiers,
    Keep,
    Language,
    Tenancy,
    Tool,
    Trail,
)
from schemawalk.design.forms import Count, Once, Version
from schemawalk.design.part import Part


class Product(Part):
    """What the design is for."""

    name: str = ""
    summary: str = ""


class Source(Part):
    """A document that was read, with a fingerprint that tells whether it changed since."""

    kind: Literal["journey", "tech-stack", "architecture", "backlog"]
    path: str
    sha256: str = ""


class Stack(Part):
    """What the product is built with, as far as it decides the shape of the schema."""

    database: Database | None = None
    version: Version | None = None
    language: Language | None = None
    framework: str | None = None
    tenancy: Tenancy | None = None
    offline: Literal["yes", "no"] | None = None
    """Whether several writers, or clients without a line, make rows on their own."""
    guessable: Literal["yes", "no"] | None = None
    """Whether it does no harm that somebody outside guesses the next id."""
    inserts_per_second: Count | None = None
    identifiers: Identifiers | None = None
    names: Literal["plural", "singular"] | None = None
    """How tables are named: `documents` or `document`."""
    tools: Annotated[tuple[Tool, ...], Once] | None = None
    """Names of the writers to use besides SQL, which is always written."""
    targets: tuple[str, ...] = ()
    """Performance targets, in the words of the documents."""
    facts: tuple[str, ...] = ()
    """Other choices that the documents state: caches, queues, hosting, sign-in."""


class Unsaid(Part):
    """What journeys never say: one answer a topic, asked once per design."""

    sign_in: Literal["external", "password", "none"] | None = None
    groups: Literal["yes", "no"] | None = None
    roles: Literal["on-user", "tables", "no"] | None = None
    audit: Literal["yes", "no"] | None = None
    usage: Literal["yes", "no"] | None = None
    lines: Literal["yes", "no"] | None = None
    history: Literal["yes", "no"] | None = None
    notifications: Literal["yes", "no"] | None = None
    files: Literal["object-store", "database", "no"] | None = None
    lists: Literal["yes", "no"] | None = None
    metrics: Literal["yes", "no"] | None = None
    machines: Literal["yes", "no"] | None = None


class Keeping(Part):
    """How rows are kept, changed and lost, for all entities that say nothing else."""

    policies: Literal["database", "application"] | None = None
    """Who keeps one group's rows from another: row-level security, or the program's queries."""
    roles: Literal["none", "program", "program-and-readers"] | None = None
    """As whom programs and people connect to the database, besides its owner."""
    deletion: Keep | None = None
    restore_days: Count | None = None
    """How long what was deleted softly can be restored."""
    cleanup: Literal["job", "by-hand"] | None = None
    """What removes rows whose time is over."""
    forget: Forget | None = None
    """What happens to personal data when somebody asks to be forgotten."""
    stamps: Literal["trigger", "application", "none"] | None = None
    """What keeps `updated_at` true."""
    versions: Trail | None = None
    locking: Literal["version", "last-wins"] | None = None
    replicas: Literal["yes", "no"] | None = None
    """Whether reads may come from copies that are a little behind."""
    sharding: str | None = None
    """The key that would split the data over several servers; `no` when one is enough."""
    made_up_rows: Count | None = None
    """Development rows an entity that are made up as seeds."""
