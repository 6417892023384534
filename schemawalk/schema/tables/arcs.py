"""Exactly one of several parents by one key: through a common parent table, or as type and id."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from schemawalk.design.model import Entity, Relationship
from schemawalk.schema.language.expression import Compare, In, Literal, Name
from schemawalk.schema.model import Action, Column, PrimaryKey, Table, Type
from schemawalk.schema.names import snake, table_name
from schemawalk.schema.sentences import article, many, one, shape
from schemawalk.schema.tables.draft import Context, Draft

ROLE: Final = "parent"


def add_arcs(context: Context) -> None:
    """Give each child of several kinds of parents its one key, in the form that was answered."""
    for group in dict.fromkeys(context.lookup.arcs.values()):
        _Arc(context, group).add()


class _Arc:
    """One child and the kinds of things that it can belong to."""

    def __init__(self, context: Context, group: tuple[str, ...]) -> None:
        self.context = context
        self.link: Relationship = context.lookup.relationships[group[0]]
        links = tuple(context.lookup.relationships[each] for each in group)
        self.alone = all(shape(link) == "1:1" for link in links)
        """Whether no parent has two of them, of whatever kind it is."""
        ends = {link.id: context.lookup.ends(link) for link in links}
        self.parents: dict[str, Entity] = {i: found[0] for i, found in ends.items() if found}
        homes = {found[1].id for found in ends.values() if found}
        self.child = context.lookup.home(homes.pop()) if len(homes) == 1 else None
        self.group = group

    def add(self) -> None:
        if self.child is None or len(self.parents) < len(self.group):
            self.context.problem(
                "one-of-not-possible", self.link.id,
                f"{' and '.join(self.group)} cannot be kept as exactly one of several: each must "
                "be a key of the same table.", "Let each stand alone.",
            )  # fmt: skip
            return
        keys = {tuple(c.type for c in self.drafts(p).first) for p in self.parents.values()}
        if len(keys) > 1 or any(len(key) > 1 for key in keys):
            self.unlike()
        elif self.link.one_of_form == "parent":
            self.by_common_parent(self.child)
        else:
            self.by_type(self.child)

    def drafts(self, entity: Entity) -> Draft:
        return self.context.drafts[entity.id]

    def unlike(self) -> None:
        self.context.problem(
            "one-of-not-possible", self.link.id,
            f"{' and '.join(many(e) for e in self.parents.values())} have keys of different kinds: "
            "no one column can point to all of them.", "Choose one key for each of them.",
        )  # fmt: skip

    @property
    def kinds(self) -> tuple[Literal, ...]:
        return tuple(Literal(snake(parent.name)) for parent in self.parents.values())

    @property
    def named(self) -> str:
        return " or ".join(one(parent) for parent in self.parents.values())

    def by_type(self, child: Entity) -> None:
        """A column that says of what kind the parent is, and one with its id; no foreign key."""
        draft = self.drafts(child)
        target = self.drafts(next(iter(self.parents.values()))).first[0]
        kind = self.kind_column(draft, draft.column_name(f"{ROLE}_type"))
        key = Column(
            draft.column_name(f"{ROLE}_id"), target.type, source=self.link.id,
            collation=target.collation, example=target.example,
            purpose=f"the {self.named} that it belongs to",
            because="one column for any kind: the database cannot check it, and a delete leaves it",
        )  # fmt: skip
        draft.keys += [kind, key]
        self.takes(draft, (kind.name, key.name))

    def by_common_parent(self, child: Entity) -> None:
        """A table in which every possible parent has a row, and keys of all of them to it."""
        draft, shared = self.drafts(child), self.shared_table(child)
        for parent in self.parents.values():
            self.lead(self.drafts(parent), shared, parent)
        key = Column(
            draft.column_name(f"{ROLE}_id"), shared.first[0].type, source=self.link.id,
            collation=shared.first[0].collation, example=shared.first[0].example,
            purpose=f"the {self.named} that it belongs to",
            because="never without it",
        )  # fmt: skip
        draft.keys.append(key)
        action: Action = "CASCADE" if self.link.on_delete == "cascade" else "RESTRICT"
        rows = many(child)
        said = f"its {rows} go too" if action == "CASCADE" else f"refused while it has {rows}"
        because = f"Delete {article(self.named)} in {shared.name}: {said}."
        draft.add_foreign_key((key.name,), shared, action, because, self.link.id)
        self.takes(draft, (key.name,))

    def shared_table(self, child: Entity) -> Draft:
        names = self.context.design.stack.names
        wanted = table_name(f"{child.name} {ROLE}", names)
        table = Table(
            "", (), PrimaryKey("", ()), source=self.link.id, steps=self.link.steps,
            because=f"{many(child)} belong to exactly one of several kinds of things",
            purpose=f"Everything that {many(child)} can belong to, whatever it is.",
            entity=f"{child.name} {ROLE}",
        )  # fmt: skip
        made = Draft(self.context.taken.take(wanted), self.context.taken, table)
        like = self.drafts(next(iter(self.parents.values()))).first[0]
        made.first.append(
            Column(made.column_name("id"), like.type, default=like.default, identity=like.identity,
                   collation=like.collation,
                   because="every kind of parent has its key from here", source=self.link.id,
                   purpose="identifies the row, and the parent's own", example=like.example)
        )  # fmt: skip
        made.facts.append(self.kind_column(made, made.column_name("kind")))
        self.context.drafts[f"arc:{self.link.id}"] = made
        pair = (made.first[0].name, made.facts[0].name)
        made.add_unique(pair, "a parent of one kind cannot pass for another", self.link.id)
        return made

    def kind_column(self, draft: Draft, name: str) -> Column:
        kinds = self.kinds
        draft.add_check(In(Name(name), kinds), f"nothing but {self.named}", self.link.id)
        return Column(
            name, Type("text"), because="parents of several kinds are told apart by it",
            purpose="what kind of thing it is", source=self.link.id,
            example=str(kinds[0].value),
        )  # fmt: skip

    def lead(self, parent: Draft, shared: Draft, entity: Entity) -> None:
        """The parent's own key becomes that of its row in the common table."""
        kind = Literal(snake(entity.name))
        name = parent.column_name(f"{snake(shared.table.entity)}_kind")
        parent.keys.append(
            Column(name, Type("text"), default=kind, source=self.link.id, example=str(kind.value),
                   because=f"only a row that says {kind.value} can be one",
                   purpose="the kind of its row in the common table")
        )  # fmt: skip
        parent.add_check(Compare("=", Name(name), kind), "it is of this kind only", self.link.id)
        own = parent.first[0]
        # The key is made in the common table, so that no two kinds can have the same.
        parent.first[0] = replace(own, default=None, identity=False)
        pair = (own.name, name)
        because = f"Delete the row of {article(one(entity))} in {shared.name}: it goes as well."
        referenced = (shared.first[0].name, shared.facts[0].name)
        parent.add_foreign_key(pair, shared, "CASCADE", because, self.link.id,
                               referenced=referenced)  # fmt: skip

    def takes(self, draft: Draft, columns: tuple[str, ...]) -> None:
        """Let whatever speaks of one of the relationships find the columns."""
        if self.alone:
            draft.add_unique(columns, f"one {self.named} has one at most", self.link.id)
        draft.columns_of |= dict.fromkeys(self.group, columns)
