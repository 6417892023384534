"""Rules that only a trigger can keep: over other rows, over the parent, or over what was before."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Entity, Rule
from schemawalk.schema.around.purging import kept_until
from schemawalk.schema.language.expression import Expression
from schemawalk.schema.model import ForeignKey
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lifetime import condition_of
from schemawalk.schema.things import Asserted, Limit, ParentRule, Sealed, Thing

ALL: Final = "true"
"""The condition that every row counts."""


def is_said(rule: Rule) -> bool:
    """Whether a rule that a trigger keeps is said in columns, so that a trigger can be written."""
    match rule.looks_at:
        case "count":
            return bool(rule.parent) and rule.most is not None
        case "parent":
            return bool(rule.parent and rule.expression)
        case "once":
            return bool(rule.over)
        case "written":
            return True
        case _:
            return bool(rule.expression)


def add_rule_triggers(context: Context) -> None:
    """A trigger for each rule that one keeps and that is said in columns."""
    for rule in context.design.rules:
        home = context.lookup.home(rule.entity)
        if home is not None and rule.kept_by == "trigger" and is_said(rule):
            thing = _Making(context, rule, home).thing()
            if thing is not None:
                context.around.append(thing)


class _Making:
    """One rule on its way to a trigger."""

    def __init__(self, context: Context, rule: Rule, home: Entity) -> None:
        self.context, self.rule, self.home = context, rule, home
        self.draft: Draft = context.drafts[home.id]

    def thing(self) -> Thing | None:
        """What keeps the rule; None, with a finding, when it speaks of what is not there."""
        match self.rule.looks_at:
            case "count":
                return self.limit()
            case "parent":
                return self.parent_rule()
            case "once":
                return self.once()
            case "written":
                return self.written()
            case _:
                return self.asserted()

    def named(self, what: str) -> str:
        return self.context.taken.take(f"{self.draft.name}_{what}")

    def condition(self, draft: Draft, entity: Entity) -> Expression | None:
        text = self.rule.expression or ""
        return condition_of(self.context, draft, entity, text, self.rule.id)

    def asserted(self) -> Asserted | None:
        rule = self.condition(self.draft, self.home)
        if rule is None:
            return None
        name = self.named("rule")
        return Asserted(name, self.draft.name, rule, self.rule.says, self.rule.id)

    def limit(self) -> Limit | None:
        key = self.key()
        told = self.rule.expression not in (None, "", ALL)
        among = self.condition(self.draft, self.home) if told else None
        if key is None or (told and among is None):
            return None
        return Limit(
            self.named("limit"), self.draft.name, key.columns, key.references,
            key.referenced_columns, self.rule.most or 0, among, self.rule.says, self.rule.id,
        )  # fmt: skip

    def parent_rule(self) -> ParentRule | None:
        key = self.key()
        link = self.context.lookup.relationships.get(self.rule.parent or "")
        ends = self.context.lookup.ends(link) if link else None
        if key is None or ends is None:
            return None
        parent = next(end for end in ends if self.context.drafts[end.id].name == key.references)
        rule = self.condition(self.context.drafts[parent.id], parent)
        if rule is None:
            return None
        return ParentRule(
            self.named(f"{_own(key)}_rule"), self.draft.name, key.columns,
            key.references, key.referenced_columns, rule, self.rule.says, self.rule.id,
        )  # fmt: skip

    def key(self) -> ForeignKey | None:
        """The foreign key of the relationship that the rule names; a finding when it has none."""
        for key in self.draft.foreign_keys:
            if key.source == self.rule.parent:
                return key
        self.context.problem(
            "unknown-rule", self.rule.id,
            f'The rule "{self.rule.says}" speaks of {self.rule.parent}, by which '
            f"{self.draft.name} has no foreign key.", "Name a relationship to one parent.",
        )  # fmt: skip
        return None

    def once(self) -> Sealed | None:
        columns: list[str] = []
        for reference in self.rule.over or ():
            own = self.draft.columns_of.get(f"{self.home.id}.{reference}")
            found = own or self.draft.columns_of.get(reference)
            if found is None:
                self.unknown(reference)
                return None
            columns += found
        unique = self.draft.whole(columns)
        name = self.named("seal")
        return Sealed(name, self.draft.name, ("UPDATE",), unique, because=self.rule.says,
                      source=self.rule.id)  # fmt: skip

    def written(self) -> Sealed | None:
        for key in self.draft.foreign_keys:
            if key.on_delete in ("CASCADE", "SET NULL"):
                self.contradicted(key)
        name = self.named("seal")
        age, moment = kept_until(self.home, self.context)
        return Sealed(name, self.draft.name, ("UPDATE", "DELETE"), (), moment, age,
                      because=self.rule.says, source=self.rule.id)  # fmt: skip

    def contradicted(self, key: ForeignKey) -> None:
        self.context.problem(
            "sealed-rows-deleted", self.rule.id,
            f"{self.draft.name} is only ever added to, yet {key.name} says {key.on_delete}: a "
            f"delete in {key.references} would be refused by the trigger, for another reason than "
            "anybody expects.", "Let the foreign key refuse the delete (RESTRICT).",
        )  # fmt: skip

    def unknown(self, reference: str) -> None:
        self.context.problem(
            "unknown-rule", self.rule.id,
            f'The rule "{self.rule.says}" speaks of {reference}, which {self.draft.name} does not '
            "have.", "Name the entity's own attributes or relationships.",
        )  # fmt: skip


def _own(key: ForeignKey) -> str:
    """The column that tells which parent: a key that is tied begins with the tenant's."""
    return key.columns[-1]
