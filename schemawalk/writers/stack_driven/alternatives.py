"""What was not chosen, why not for this design, and when to think again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.model import Table
from schemawalk.schema.roads import ROADS, telling
from schemawalk.writers.stack_driven.foundations import tenant_table, ways_to
from schemawalk.writers.stack_driven.markdown import Markdown, codes, links, phrase
from schemawalk.writers.stack_driven.survey import Survey, counted


@dataclass(frozen=True)
class Choice:
    """One road not taken."""

    name: str
    what: Markdown | str
    instead: str
    why_not: tuple[Markdown | str, ...]
    reconsider: tuple[Markdown | str, ...]


@dataclass(frozen=True)
class Alternatives:
    """All of them: the design's own first."""

    choices: tuple[Choice, ...]


def alternatives(survey: Survey) -> Alternatives | None:
    """The design's alternatives, then the usual ones that it does not name itself."""
    own = tuple(
        Choice(a.name, ROADS[a.id].what if a.id in ROADS else "", a.instead, a.why_not,
               a.reconsider)
        for a in survey.design.alternatives
    )  # fmt: skip
    named = {word for choice in own for word in telling(choice.name)}
    usual = (
        choice for make in _USUAL if (choice := make(survey)) and not named & telling(choice.name)
    )
    found = (*own, *usual)
    return Alternatives(found) if found and survey.schema.tables else None


def _road(road: str, instead: str, why_not: tuple[Markdown | str, ...]) -> Choice:
    """A usual alternative, with what this design would lose by it."""
    usual = ROADS[road]
    return Choice(usual.name, usual.what, instead, why_not, usual.reconsider)


def _documents(survey: Survey) -> Choice | None:
    if survey.design.stack.database == "mongodb":
        return None
    keys = sum(len(table.foreign_keys) for table in survey.schema.tables)
    joins = [table for table in survey.schema.tables if _is_join(table)]
    checks = sum(len(t.checks) + len(t.uniques) for t in survey.schema.tables)
    documents = [
        f"{t.name}.{c.name}"
        for t in survey.schema.tables
        for c in t.columns
        if c.type.name == "json"
    ]
    why = [
        phrase(
            "{} between tables would become promises that only code keeps.",
            counted(keys, "reference"),
        )
        if keys
        else "",
        phrase(
            "{}: whichever side embeds the other, one side's question reads everything.",
            links(table.name for table in joins),
        )
        if joins
        else "",
        phrase(
            "{} would move into every program that writes.",
            counted(checks, "unique or check constraint"),
        )
        if checks
        else "",
        phrase("What varies in shape has a place already: {}.", codes(documents[:3]))
        if documents
        else "",
    ]
    return _road("database.mongodb", survey.work.dialect.title, _said(why))


def _is_join(table: Table) -> bool:
    keyed = {column for key in table.foreign_keys for column in key.columns}
    return len(table.foreign_keys) > 1 and set(table.primary_key.columns) <= keyed


def _said(sentences: Iterable[Markdown | str]) -> tuple[Markdown | str, ...]:
    return tuple(sentence for sentence in sentences if sentence)


def _events(survey: Survey) -> Choice | None:
    moving = [t for t in survey.schema.tables if _has(t, ("status", "state"))]
    audit = survey.design.unsaid.audit
    why = [
        phrase(
            "Only {} move through states; a status column with its moments says where each one is.",
            links(t.name for t in moving),
        )
        if moving
        else "No table moves through states: there is no history to replay.",
        phrase(
            "{} would each need a projection that is built, kept in step and rebuilt.",
            counted(len(survey.schema.tables), "table"),
        ),
        "" if audit == "yes" else "Nobody asked for proof of every change.",
    ]
    return _road("versions.events", "rows that hold the present", _said(why))


def _has(table: Table, names: tuple[str, ...]) -> bool:
    return any(column.name in names for column in table.columns)


def _soft(survey: Survey) -> Choice | None:
    if any(_has(table, ("deleted_at", "is_deleted")) for table in survey.schema.tables):
        return None
    uniques = sum(len(table.uniques) for table in survey.schema.tables)
    keys = [key for _, key in survey.schema.references()]
    fire = sum(key.on_delete in ("CASCADE", "SET NULL") for key in keys)
    personal = [
        f"{t.name}.{c.name}"
        for t in survey.schema.tables
        for c in t.columns
        if c.sensitivity == "personal"
    ]
    why = [
        phrase("{} would have to hold among live rows only.", counted(uniques, "UNIQUE constraint"))
        if uniques
        else "",
        phrase(
            "{} would never fire: a marked row is not deleted.", counted(fire, "referential action")
        )
        if fire
        else "",
        phrase(
            "{} would need the condition in each query.",
            counted(len(survey.design.access_patterns), "access pattern"),
        )
        if survey.design.access_patterns
        else "",
        phrase("Personal data must really go: {}.", codes(personal[:4])) if personal else "",
    ]
    instead = "rows that are really deleted"
    return _road("deletion.soft", instead, _said(why) or ("No step takes a deletion back.",))


def _polymorphic(survey: Survey) -> Choice | None:
    several = [table for table in survey.schema.tables if len(table.foreign_keys) > 1]
    keys = sum(len(table.foreign_keys) for table in several)
    why: list[Markdown | str] = [
        "A type and an id point anywhere: the database cannot check "
        "either, nor act when the target goes."
    ]
    if several:
        why.append(
            phrase(
                "{} of {} each say which table they mean.",
                counted(keys, "key"),
                links((t.name for t in several), most=5),
            )
        )
    else:
        why.append("No table here refers to more than one other.")
    return _road("relationships.type-id", "one foreign key for each parent", tuple(why))


def _identifiers(survey: Survey) -> Choice | None:
    if survey.design.stack.identifiers == "bigint":
        return _road(
            "identifiers.uuid",
            "counting bigints",
            ("One database hands out the numbers, and 8 bytes index faster than 16.",),
        )
    exposed = [t.name for t in survey.schema.tables if _has(t, ("id",))]
    return _road(
        "identifiers.bigint",
        "UUIDs",
        (
            phrase(
                "The ids of {} cannot be guessed or counted from outside.",
                counted(len(exposed), "table"),
            ),
            "A row can have its id before the database has seen it.",
        ),
    )


def _lists(survey: Survey) -> Choice | None:
    checked = [
        a
        for a in survey.lookup.attributes.values()
        if a.values and a.kept_by in (None, "developers")
    ]
    if not checked:
        return None
    return _road(
        "lists.enum",
        "text with a CHECK",
        (
            phrase(
                "{} of developers: a CHECK changes in one short statement.",
                counted(len(checked), "list"),
            ),
            "An enum's value can be added easily, but never removed.",
        ),
    )


def _tenants(survey: Survey) -> Choice | None:
    tenant = tenant_table(survey)
    if tenant is None or survey.design.stack.tenancy == "separate":
        return None
    reached = len(ways_to(survey, tenant)) - 1
    return _road(
        "tenancy.separate",
        "shared tables",
        (
            phrase("Every migration would run once for each row of {}.", links([tenant.name])),
            phrase(
                "{} of the {} others lead to it by foreign keys that the database guards.",
                reached,
                len(survey.schema.tables) - 1,
            ),
        ),
    )


_USUAL: Final[tuple[Callable[[Survey], Choice | None], ...]] = (
    _documents,
    _events,
    _soft,
    _polymorphic,
    _tenants,
    _identifiers,
    _lists,
)
"""The usual alternatives; each knows from the design what would be lost."""
