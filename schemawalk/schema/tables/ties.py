"""Tied keys: a child and what it points to must agree in a column that both have.

A key of `parent_id` alone lets a row of one club point to the court of another.  With the club in
the key, `(club_id, court_id)` to `(club_id, id)`, the database refuses that; the parent needs a
UNIQUE over the two columns, which its primary key makes true already.
"""

from __future__ import annotations

from dataclasses import replace

from schemawalk.design.model import Relationship, Rule
from schemawalk.schema.language.expression import Expression, IsNull, Logic, Name
from schemawalk.schema.model import ForeignKey
from schemawalk.schema.tables.draft import Context, Draft


def tie(child: Draft, key: ForeignKey, own: str, parent: Draft, theirs: str, because: str) -> None:
    """Put a column of the child, and the parent's like it, in front of a foreign key.

    The name of the key stays.  With SET NULL only what pointed to the parent is emptied.
    """
    if own in key.columns:
        return
    referenced = (theirs, *key.referenced_columns)
    parent.add_unique(referenced, f"lets a key check that {because}", key.source)
    emptied = key.emptied or key.columns
    tied = replace(
        key,
        columns=(own, *key.columns),
        referenced_columns=referenced,
        emptied=emptied if key.on_delete == "SET NULL" else (),
        because=f"{key.because.rstrip('.')}; {because}." if key.because else because,
    )
    child.foreign_keys = [tied if each is key else each for each in child.foreign_keys]


def all_or_none(columns: tuple[str, ...]) -> Expression:
    """That a key of several columns is there as a whole, or not at all: half of one is never
    checked."""
    none = tuple(IsNull(Name(column)) for column in columns)
    every = tuple(IsNull(Name(column), negated=True) for column in columns)
    return Logic("or", (Logic("and", none), Logic("and", every)))


def tie_by_rules(context: Context) -> None:
    """The rules that a composite key keeps: two parents of one row must belong together."""
    for rule in context.design.rules:
        home = context.lookup.home(rule.entity)
        if rule.kept_by == "key" and rule.over and home is not None:
            _Agreement(context, rule, context.drafts[home.id]).keep()


class _Agreement:
    """One rule: what its child points to must share a parent."""

    def __init__(self, context: Context, rule: Rule, child: Draft) -> None:
        self.context = context
        self.rule = rule
        self.child = child
        self.by_name = {draft.name: draft for draft in context.drafts.values()}
        found = (context.lookup.relationships.get(each) for each in rule.over or ())
        self.links: tuple[Relationship, ...] = tuple(filter(None, found))

    def keep(self) -> None:
        keys = [key for link in self.links if (key := self.key_of(link))]
        shared = self.shared(keys) if len(keys) > 1 else None
        if shared is None:
            self.impossible()
            return
        own = self.own_column(keys, shared)
        for key in keys:
            parent = self.by_name[key.references]
            if parent is not shared:
                theirs = _column_to(parent, shared)
                tie(self.child, key, own, parent, theirs, "both belong together")

    def key_of(self, link: Relationship) -> ForeignKey | None:
        """The child's foreign key that a relationship made."""
        columns = self.child.columns_of.get(link.id)
        return next((k for k in self.child.foreign_keys if k.columns == columns), None)

    def shared(self, keys: list[ForeignKey]) -> Draft | None:
        """The table that all of the parents point to, or are."""
        reached = []
        for key in keys:
            parent = self.by_name[key.references]
            over = {k.references: 0 for k in parent.foreign_keys if len(k.columns) == 1}
            reached.append([parent.name, *over])
        common = [name for name in reached[0] if all(name in names for names in reached[1:])]
        return self.by_name[common[0]] if common else None

    def own_column(self, keys: list[ForeignKey], shared: Draft) -> str:
        """The child's column that points to the shared parent; made when there is none."""
        there = _column_to(self.child, shared)
        if there:
            return there
        parent = self.by_name[keys[0].references]
        theirs = _column_to(parent, shared)
        like = next(column for column in parent.every_column() if column.name == theirs)
        nullable = any(c.nullable for c in self.child.keys if c.name in keys[0].columns)
        made = replace(
            like, name=self.child.column_name(theirs), nullable=nullable, source=self.rule.id,
            because=self.rule.says, purpose="what both of them belong to",
        )  # fmt: skip
        self.child.keys.append(made)
        return made.name

    def impossible(self) -> None:
        self.context.problem(
            "key-without-common-parent", self.rule.id,
            f'The rule "{self.rule.says}" is to be kept by a composite key, but '
            f"{' and '.join(self.rule.over or ())} do not lead to one common parent.",
            "Name two relationships of the entity whose parents belong to the same thing.",
        )  # fmt: skip


def _column_to(draft: Draft, parent: Draft) -> str:
    """The column by which a table points to another, alone; empty when it does not."""
    keys = (k for k in draft.foreign_keys if k.references == parent.name and len(k.columns) == 1)
    return next((key.columns[0] for key in keys), "")
