"""Keys that need a word: tied ones, natural ones, those that wait, and one of several parents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.design.model import Entity, Relationship
from schemawalk.schema.model import ForeignKey, Table
from schemawalk.schema.sentences import article, many, one
from schemawalk.writers.stack_driven.lifetimes import Cells, Grid
from schemawalk.writers.stack_driven.markdown import Markdown, code, link, links, phrase
from schemawalk.writers.stack_driven.survey import Survey

_TIED: Final = (
    "A key of one column would accept a row that points to somebody else's. With the common column "
    "in the key the database refuses it. What is referred to needs a UNIQUE over the same columns; "
    "they cannot repeat anyway, as the primary key is among them."
)
_NATURAL: Final = (
    "Rows are known by what people write, so what refers to them can be read without a join. The "
    "price: when such a text is corrected, everything that refers to it is touched, or stands in "
    "the way."
)
_WAITING: Final = (
    "These foreign keys are looked at when the transaction ends, not at each statement: DEFERRABLE "
    "INITIALLY DEFERRED."
)
_FOLLOWS: Final = {
    "CASCADE": "the rows of {} that refer to it follow at once (`ON UPDATE CASCADE`)",
    "RESTRICT": "refused while rows of {} refer to it (`ON UPDATE RESTRICT`)",
    "NO ACTION": "refused while rows of {} refer to it (`ON UPDATE NO ACTION`)",
    "SET NULL": "the rows of {} that refer to it lose the reference (`ON UPDATE SET NULL`)",
}
"""What a key does when the key that it refers to changes."""


def special_keys(survey: Survey) -> tuple[Grid, ...]:
    """The keys whose form is not the plain one, each with its reason; only what there is."""
    grids = (
        Grid("Tied keys", _TIED, ("Key", "Refers to", "Why not the id alone"),
             tuple(_tied(survey))),
        Grid("Natural keys", _NATURAL, ("Table", "Known by", "Why", "When it changes"),
             tuple(_natural(survey))),
        Grid("Keys that wait for COMMIT", _WAITING, ("Key", "Refers to", "Why"),
             tuple(_waiting(survey))),
        Grid("Exactly one of several parents", "", ("Table", "Belongs to one of", "Kept by"),
             tuple(_arcs(survey))),
    )  # fmt: skip
    return tuple(grid for grid in grids if grid.rows)


def _columns(table: str, columns: tuple[str, ...]) -> Markdown:
    return code(f"{table} ({', '.join(columns)})")


# Tied keys


def _tied(survey: Survey) -> Iterator[Cells]:
    for table, key in survey.schema.references():
        parent = survey.schema.table(key.references)
        if len(key.columns) > 1 and key.referenced_columns != parent.primary_key.columns:
            referred = _columns(parent.name, key.referenced_columns)
            yield _columns(table.name, key.columns), referred, _why_tied(key, parent)


def _why_tied(key: ForeignKey, parent: Table) -> str:
    """The reason that was noted when the key was tied: the last of the key's own."""
    said = key.because.rstrip(".").rpartition("; ")[2]
    ids = set(parent.primary_key.columns)
    if ids.issuperset(key.referenced_columns[1:]) and said.startswith("both belong"):
        return said
    return "the row must be of that kind, and can be of no other"


# Natural keys


def _natural(survey: Survey) -> Iterator[Cells]:
    for table in survey.schema.tables:
        if why := _why_natural(survey, table):
            yield (link(table.name), code(", ".join(table.primary_key.columns)), why,
                   _when_changed(survey, table))  # fmt: skip


def _why_natural(survey: Survey, table: Table) -> str:
    """Why people's own word is the key; empty where it is not."""
    if survey.role(table) == "list":
        return table.column(table.primary_key.columns[0]).because
    entity = survey.entity_of(table)
    if entity is None or entity.key != "natural":
        return ""
    note = survey.notes.get(f"{entity.id}.key")
    return note.why if note and note.why else f"people know {article(one(entity))} by it"


def _when_changed(survey: Survey, table: Table) -> Markdown | str:
    ways: dict[str, list[str]] = {}
    for child, key in survey.incoming.get(table.name, ()):
        ways.setdefault(key.on_update, []).append(child.name)
    if survey.homes or not ways:
        return "nothing refers to it" if not ways else "the program changes what refers to it"
    return Markdown("; ".join(phrase(_FOLLOWS[how], links(names)) for how, names in ways.items()))


# Keys that wait


def _waiting(survey: Survey) -> Iterator[Cells]:
    for table, key in survey.schema.references():
        if key.deferrable:
            why = (
                f"{table.name} and {key.references} refer to each other, and neither could have "
                "its first row: inside one transaction both may come, in any order"
                if _is_circle(survey, table, key)
                else "inside one transaction the row may come before what it refers to"
            )
            yield _columns(table.name, key.columns), link(key.references), why


def _is_circle(survey: Survey, table: Table, key: ForeignKey) -> bool:
    """Whether what the key refers to leads back to its own table."""
    seen, waiting = {key.references}, [key.references]
    while waiting:
        for other in survey.schema.table(waiting.pop()).foreign_keys:
            if other.references not in seen:
                seen.add(other.references)
                waiting.append(other.references)
    return table.name in seen


# One of several parents


def _arcs(survey: Survey) -> Iterator[Cells]:
    groups = dict.fromkeys((*survey.lookup.arcs.values(), *survey.lookup.exclusive.values()))
    for group in groups:
        links_of = [survey.lookup.relationships[each] for each in group]
        ends = [ends for each in links_of if (ends := survey.lookup.ends(each))]
        child = survey.table_of(ends[0][1].id) if ends else None
        if child is not None and len(ends) == len(group):
            parents = [parent for parent, _ in ends]
            yield (link(child.name), " or ".join(one(parent) for parent in parents),
                   _kept(survey, links_of[0], parents, ends[0][1]))  # fmt: skip


def _kept(survey: Survey, first: Relationship, parents: list[Entity], child: Entity) -> Markdown:
    shared = survey.by_source.get(first.id)
    if first.one_of_form == "parent" and shared is not None:
        kinds = " and ".join(many(parent) for parent in parents)
        return phrase(
            "one foreign key to {}, in which {} have a row each under their own id: so the key "
            "stays NOT NULL and one index serves it, one more kind of parent needs no new column, "
            "and the kind in each key keeps a row of one kind from passing for another",
            link(shared.name), kinds,
        )  # fmt: skip
    if first.one_of_form == "type-id":
        return phrase("a type and an id, without a foreign key: the database checks neither, and "
                      "nothing happens to {} when their parent goes", many(child))  # fmt: skip
    return Markdown("a foreign key for each, and a CHECK that exactly one of them is set: each "
                    "keeps its own action on deletion")  # fmt: skip
