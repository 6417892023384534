"""Rows that need each other: circles of required keys, and pairs of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from schemawalk.design.model import Attribute, Design, Entity, Relationship
from schemawalk.rows.planned import NoRowError, Planned, Rows, Wish
from schemawalk.schema.derive import derive
from schemawalk.schema.language.expression import IsNull, Name
from schemawalk.schema.model import Schema


def entity(id_: str, **said: str) -> Entity:
    """An entity with a name that no two share."""
    name = Attribute(id=f"{id_}.name", name="name", kind="short-text", required="start")
    return Entity.model_validate(
        {"id": id_, "name": id_, "persists": "yes", "attributes": (name,), **said}
    )


def circle(members: Sequence[str]) -> Schema:
    """Each has one of the next and must have it; the last key waits for COMMIT."""
    links = [
        Relationship.model_validate({
            "id": f"{a}-{b}", "a": a, "b": b, "many_a": "no", "many_b": "no", "optional": "no",
            "on_delete": "restrict", "checked": "at-commit" if b == members[0] else "at-once",
        })
        for a, b in zip(members, (*members[1:], members[0]), strict=True)
    ]  # fmt: skip
    entities = tuple(map(entity, members))
    return derive(Design(entities=entities, relationships=tuple(links))).schema


def missing(planned: Sequence[Planned], there: Rows) -> list[str]:
    """The keys of rows that point to no row, at the end or, where they cannot wait, at once."""
    return [
        key.name
        for at, each in enumerate(planned)
        for key in each.table.foreign_keys
        for others in [planned if key.deferrable else planned[:at]]
        if tuple(each.values[c] for c in key.columns) not in {
            tuple(row[c] for c in key.referenced_columns)
            for row in (*there.of(key.references),
                        *(o.values for o in others if o.table.name == key.references))
        }
    ]  # fmt: skip


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_a_circle_of_one_to_ones_gets_as_many_rows_as_are_wanted(size: int) -> None:
    """Whichever of them is asked for, the others come with it, each before who needs it at once."""
    schema = circle([f"m{at}" for at in range(size)])
    rows = Rows(schema, "postgresql")
    for table in (*schema.tables, *schema.tables):
        there = rows.on_top()
        there.add(table)
        assert missing(there.planned, rows) == []
        assert len(there.planned) == size
        rows.add(table)


def test_nothing_stays_of_a_row_that_cannot_be() -> None:
    """Who is told that there is no row has no half of it among the rows to insert."""
    schema = circle(["one", "two"])
    table = schema.tables[-1]
    rows = Rows(schema, "postgresql")
    rows.add(table)
    before = list(rows.planned)
    alone = Wish(within=(IsNull(Name(table.foreign_keys[0].columns[0])),))
    with pytest.raises(NoRowError):
        rows.add(table, alone)
    assert rows.planned == before
    assert sum(len(rows.of(each.name)) for each in schema.tables) == len(before)


def test_a_row_that_is_refused_brings_no_others_after_it() -> None:
    """The second row with one id needs no circle of its own: none would ever close."""
    schema = circle(["one", "two", "three"])
    table = schema.tables[0]
    rows = Rows(schema, "postgresql")
    first = rows.add(table)
    twice = Wish(fixed={"id": first["id"]}, heedless=frozenset({table.primary_key.name}))
    there = rows.on_top()
    there.add(table, replace(twice, refused=True))
    assert there.planned[-1].values["id"] == first["id"]


def test_pairs_of_texts_are_found_in_either_order() -> None:
    """The first of a pair comes first among texts as well, whatever they were made from."""
    code = Attribute(id="word.code", name="code", kind="identifier", required="start")
    word = Entity(id="word", name="Word", persists="yes", key="natural", identity=("code",),
                  attributes=(code,))  # fmt: skip
    pairs = Relationship(id="rhymes", a="word", b="word", many_a="yes", many_b="yes",
                         payload="no", ordered="no", itself="pairs", on_delete="cascade",
                         on_delete_b="cascade")  # fmt: skip
    schema = derive(Design(entities=(word,), relationships=(pairs,))).schema
    table = schema.table(next(t.name for t in schema.tables if len(t.foreign_keys) == 2))
    rows = Rows(schema, "postgresql")
    for key in table.foreign_keys:
        row = rows.add(table)
        first, second = (str(row[column]) for column in table.primary_key.columns)
        assert first < second
        row = rows.add(table, Wish(orphaned=key))
        first, second = (str(row[column]) for column in table.primary_key.columns)
        assert first < second
