"""Rules about rows that are out of sight, and about those whose time never begins to run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.design.model import Attribute, Entity, Relationship
from schemawalk.schema.language.evaluation import evaluate
from schemawalk.schema.language.expression import names
from schemawalk.schema.model import Column, Table
from schemawalk.schema.review.linked import rule_said
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said
from schemawalk.schema.routine import Routine
from schemawalk.schema.sentences import article, one
from schemawalk.schema.tables.archetypes import TAKES_TIME
from schemawalk.schema.tables.lifetime import GONE, deletion_of

_DONE: Final = {"deleted_at": "deleted", "archived_at": "archived"}
"""What became of a row, by the column that hides it."""


# What is begun with something that is out of sight


def _begun_with_what_is_gone(matter: Matter) -> Found:
    """What is agreed on or begun with a parent that nobody is shown any more.

    Of such things alone: what was told or paid may well come later than its parent was hidden.
    """
    hidden = _hidden(matter)
    asked = {rule.parent for rule in matter.design.rules if rule.looks_at == "parent"}
    for kind in TAKES_TIME if hidden else ():
        for child in matter.lookup.of_archetype(kind):
            for link, parent in matter.lookup.parents(child.id):
                if parent.id in hidden and link.id not in asked and _is_due(matter, link, child):
                    yield _still_begun(matter, link, parent, child, hidden[parent.id])


def _hidden(matter: Matter) -> dict[str, str]:
    """The column that takes a row out of sight, by the id of an entity whose rows it does."""
    design, lookup = matter.design, matter.lookup
    told = ((each.id, GONE.get(deletion_of(each, design, lookup))) for each in lookup.tables)
    return {entity: column[0] for entity, column in told if column}


def _is_due(matter: Matter, link: Relationship, child: Entity) -> bool:
    """Whether each of the child's rows has such a parent, which does not take it along."""
    table = matter.by_source.get(child.id)
    keys = (key for key in table.foreign_keys if key.source == link.id) if table else ()
    return any(
        key.on_delete != "CASCADE" and not matter.nullable(table, key.columns)
        for key in keys
        if table and key.references != table.name
    )


def _still_begun(
    matter: Matter, link: Relationship, parent: Entity, child: Entity, column: str
) -> Said:
    done = _DONE.get(column, "hidden")
    says = f"Only {article(one(parent))} that was not {done} gets {article(one(child))}."
    told = {"kept_by": ("trigger",), "looks_at": ("parent",), "parent": (link.id,),
            "of_parent": (f"{column} is null",)}  # fmt: skip
    return Said(
        link.id,
        f"{article(one(parent)).capitalize()} that was {done} is still there for a key: "
        f"{article(one(child))} can be made with it by whoever knows its id.",
        f'If none may, say the rule "{says}" and let a trigger look at the parent.',
        rule_said(matter, says, child.id, told),
    )


# What is kept from a moment that never comes


def _never_begins(matter: Matter) -> Found:
    """Rows that are kept for a time after a moment, and are finished without it."""
    for routine in matter.schema.things(Routine):
        table = matter.schema.table(routine.table) if routine.purpose == "purge" else None
        column = matter.columns[routine.table].get(routine.column) if table else None
        if table is None or column is None or not column.nullable or routine.age is None:
            continue
        if column.name not in _DONE and table.source in matter.lookup.entities:
            yield from _finished_without(matter, table, column, routine)


def _finished_without(matter: Matter, table: Table, column: Column, routine: Routine) -> Found:
    for fact in matter.lookup.entities[table.source].attributes:
        states = tuple(_final(fact))
        named = next((c.name for c in table.columns if c.source == fact.id), "")
        open_ = tuple(s for s in states if named and not _demands(table, named, s, column.name))
        if open_:
            yield Said(
                fact.id,
                f"{table.name} are kept for {routine.age} after {column.name}; one that is "
                f"{' or '.join(open_)} can be without it, and then is kept for ever.",
                f"Let {column.name} be there in {'each' if len(open_) > 1 else 'that'} state.",
                _demanded(fact, open_, column.name),
            )


def _final(fact: Attribute) -> Iterator[str]:
    """The states after which nothing follows, where it is said what follows what."""
    left = {text.partition("->")[0].strip() for text in fact.transitions or ()}
    yield from (value for value in fact.values or () if left and value not in left)


def _demands(table: Table, status: str, state: str, column: str) -> bool:
    """Whether a CHECK refuses the state without the column."""
    without = {status: state, column: None}
    about = (c.expression for c in table.checks if set(names(c.expression)) == {status, column})
    return any(evaluate(rule, without) is False for rule in about)


def _demanded(fact: Attribute, states: tuple[str, ...], column: str) -> Answers:
    told = (*(fact.must_hold or ()), *(f"{state}: {column} is not null" for state in states))
    return ((f"states.{fact.id}.must_hold", told),)


RULES: Final = (
    Rule("hidden-parent-open", "hint", "PMS",
         "What was deleted or archived is still a row: a foreign key accepts it.",
         _begun_with_what_is_gone),
    Rule("keep-never-begins", "hint", "",
         "A clean-up asks when a row's time began: where nothing says so it never comes.",
         _never_begins),
)  # fmt: skip
"""Section B: what is hidden, and what should have gone."""
