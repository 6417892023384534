"""Rules about what a link lets in: a row tied to itself or to another's, a second one for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemawalk.schema.language.expression import names
from schemawalk.schema.model import Check, ForeignKey, Table
from schemawalk.schema.names import fitted, snake
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said
from schemawalk.schema.sentences import article, one, shape

LONGEST_ID: Final = 48
"""Characters of a rule's id that is made of its sentence."""


def _to_itself(matter: Matter) -> Found:
    """Keys and pairs by which a row can be its own parent, or its own neighbour."""
    for table, mine, theirs, source in _loops(matter):
        if not any(_compares(check, mine, theirs) for check in table.checks):
            yield Said(
                source or table.source or table.name,
                f"Nothing keeps a row of {table.name} from naming the same row twice, by "
                f"{', '.join(mine)} and {', '.join(theirs)}: whoever follows the links from it "
                "comes back to where they were, for ever.",
                "Say what the links make, a tree, a graph or pairs; or add the rule that both "
                "differ.",
                _as_graph(matter, source) if len(mine) == 1 else (),
            )


def _loops(
    matter: Matter,
) -> Iterator[tuple[Table, tuple[str, ...], tuple[str, ...], str]]:
    """Tables with two lists of columns that may lead to the same row, and whose link that is."""
    for table in matter.schema.tables:
        for key in table.foreign_keys:
            if key.references == table.name:
                yield table, key.columns, key.referenced_columns, key.source
            elif other := _other_end(matter, table, key):
                yield table, other.columns, key.columns, key.source
                break


def _other_end(matter: Matter, table: Table, key: ForeignKey) -> ForeignKey | None:
    """Of a link of a thing with itself, the key to the other end; None where it is none."""
    link = matter.lookup.relationships.get(key.source)
    if link is None or link.a != link.b:
        return None
    others = (k for k in table.foreign_keys if k is not key and k.references == key.references)
    return next(others, None)


def _compares(check: Check, mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    compared = set(names(check.expression))
    return bool(compared & set(mine)) and bool(compared & set(theirs))


def _as_graph(matter: Matter, source: str) -> Answers:
    link = matter.lookup.relationships.get(source)
    asked = link is not None and link.a == link.b and link.itself != "graph"
    return ((f"relationship.{source}.itself", ("graph",)),) if asked else ()


def _more_than_one(matter: Matter) -> Found:
    """One-to-one by the answers, and nothing in the table that keeps it so."""
    for link in matter.design.relationships:
        ends = matter.lookup.ends(link) if shape(link) == "1:1" else None
        table = matter.by_source.get(ends[1].id) if ends else None
        if ends is None or table is None or (ends[0].id == ends[1].id and link.a != link.b):
            continue
        made = matter.lookup.arcs.get(link.id, (link.id,))[0]
        # A key that carries the tenant leads to one row by all of its columns.
        held = {column.name for column in table.columns if column.source == made}
        held |= {name for key in table.foreign_keys if key.source == made for name in key.columns}
        if held and not _is_kept(table, held):
            yield Said(
                link.id,
                f"{link.id} is one-to-one, and {table.name} can have any number of rows with the "
                f"same {', '.join(sorted(held))}: nothing makes it unique.",
                "Keep one key for each kind of parent, each unique; or say that there can be "
                "several.",
                ((f"relationship.{made}.one_of_form", ("keys",)),)
                if link.id in matter.lookup.arcs else (),
            )  # fmt: skip


def _is_kept(table: Table, held: set[str]) -> bool:
    """Whether a key forbids a second row; one that parts have widened is said elsewhere."""
    widened = table.partition.widened if table.partition else ()
    keys = [set(table.primary_key.columns)]
    keys += [held if u.name in widened else set(u.columns) for u in table.uniques]
    keys += [held if i.name in widened else {part.column for part in i.parts}
             for i in table.indexes if i.unique]  # fmt: skip
    return any(columns <= held for columns in keys)


# What is another's


def _of_two_groups(matter: Matter) -> Found:
    """Keys by which what belongs to one group can point to what belongs to another of its kind.

    Of groups alone: whoever writes a comment may well write it on another person's post.  Groups
    that are tenants are looked at by a rule of their own.
    """
    shared = matter.design.stack.tenancy == "shared"
    for group in () if shared else sorted(matter.groups):
        whose = dict(_belonging(matter, group))
        for table, own in whose.values():
            for key in table.foreign_keys:
                there = whose.get(key.references)
                if there and _may_differ(matter, table, key, own, there[1]):
                    yield _crossing(matter, table, key, own)


def _belonging(matter: Matter, group: str) -> Iterator[tuple[str, tuple[Table, ForeignKey]]]:
    """The things of which each belongs to exactly one row of a group, each with the key to it."""
    for table, key in matter.incoming.get(group, ()):
        several = sum(k.references == group for k in table.foreign_keys) > 1
        known = table.source in matter.lookup.entities and table.name != group
        if known and not several and len(key.columns) == 1 and _is_due(matter, table, key):
            yield table.name, (table, key)


def _may_differ(
    matter: Matter, table: Table, key: ForeignKey, own: ForeignKey, theirs: ForeignKey
) -> bool:
    """Whether nothing ties the two, and both are the same to the group."""
    links = matter.lookup.relationships
    roles = {links[each.source].role or "" for each in (own, theirs) if each.source in links}
    known = own.source in links and theirs.source in links and len(roles) == 1
    return known and key.references != table.name and len(key.columns) == 1 and _is_due(
        matter, table, key
    )  # fmt: skip


def _is_due(matter: Matter, table: Table, key: ForeignKey) -> bool:
    """Whether each row has such a parent, by a link of the design."""
    return key.source in matter.lookup.relationships and not matter.nullable(table, key.columns)


def _crossing(matter: Matter, table: Table, key: ForeignKey, own: ForeignKey) -> Said:
    things = matter.lookup.entities
    child, parent, group = (
        one(things[source])
        for source in (table.source, *(matter.schema.table(k.references).source
                                       for k in (key, own)))
    )  # fmt: skip
    says = f"{article(child).capitalize()} and its {parent} belong to the same {group}."
    return Said(
        key.source,
        f"{article(child).capitalize()} of one {group} can point to {article(parent)} of another: "
        f"{key.name} looks at the id alone, and so {table.name} and {key.references} need not "
        "belong together.",
        f'If they always do, say the rule "{says}" and let a composite key keep it.',
        rule_said(matter, says, table.source, {"kept_by": ("key",),
                  "over": (own.source, key.source)}),
    )  # fmt: skip


def rule_said(
    matter: Matter, says: str, entity: str, told: Mapping[str, tuple[str, ...]]
) -> Answers:
    """The answers that make a rule of a sentence, with what is `told` of it by question.

    None while sentences of the journey wait to become rules: they would be turned down.
    """
    if matter.design.steps and "states" not in matter.design.done:
        return ()
    rule = fitted(snake(says), LONGEST_ID)
    every = dict.fromkeys((*(each.says for each in matter.design.rules), says))
    asked = ((f"rule.{rule}.{node}", values) for node, values in told.items())
    return (("duties.which", tuple(every)), (f"rule.{rule}.entity", (entity,)), *asked)


RULES: Final = (
    Rule("one-to-one-without-unique", "error", "",
         "What was meant to be there once is there twice, and each reader picks another one.",
         _more_than_one),
    Rule("parents-of-two-groups", "hint", "",
         "Foreign keys look at ids alone: whoever knows another's id can name it as theirs.",
         _of_two_groups),
    Rule("self-reference-unguarded", "hint", "",
         "A row that leads to itself makes every walk over the links endless.", _to_itself),
)  # fmt: skip
"""Section B: what ties a row to itself, and how often."""
