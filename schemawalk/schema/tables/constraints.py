"""From answers to constraints: fixed lists, lengths, rules, and what makes two rows the same."""

from __future__ import annotations

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.dialects.notations import NOTATIONS
from schemawalk.schema.kinds import is_column, is_hidden, kind_of, type_of, values_of
from schemawalk.schema.language.expression import (
    Call,
    Compare,
    Expression,
    Fragment,
    In,
    Literal,
    Name,
    renamed,
)
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.typing_rules import Meaning, misfit
from schemawalk.schema.sentences import many, one
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lifetime import add_state_checks
from schemawalk.schema.tables.tenancy import group_of, leading, tenant_column


class Constraints:
    """The stage of a derivation that adds UNIQUE and CHECK constraints."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def constrain(self, entity: Entity) -> None:
        home = self.context.lookup.home(entity.id)
        if home is None or not self.context.lookup.persists(entity):
            return
        draft = self.context.drafts[home.id]
        for attribute in filter(is_column, entity.attributes):
            self.constrain_attribute(draft, entity, attribute)
        for rule in entity.rules:
            self.add_rule(draft, entity, rule, entity.id)
        self.identify(draft, entity)

    def constrain_attribute(self, draft: Draft, entity: Entity, attribute: Attribute) -> None:
        columns = draft.columns_of[attribute.id]
        if not is_hidden(attribute):
            self.constrain_kind(draft, attribute, columns)
        for rule in attribute.rules or ():
            self.add_rule(draft, entity, rule, attribute.id)
        if attribute.must_hold:
            add_state_checks(self.context, draft, entity, attribute)
        if attribute.unique:
            self.make_unique(draft, entity, attribute, columns)

    def constrain_kind(self, draft: Draft, attribute: Attribute, columns: tuple[str, ...]) -> None:
        kind = kind_of(attribute)
        if kind.id == "one-of" and attribute.values and attribute.kept_by in (None, "developers"):
            values = tuple(Literal(value) for value in values_of(attribute))
            draft.add_check(In(Name(columns[0]), values), "only these values exist", attribute.id)
        if attribute.length and type_of(attribute).name == "text":
            longest = Compare("<=", Call("length", (Name(columns[0]),)), Literal(attribute.length))
            because = f"no more than {attribute.length} characters"
            draft.add_check(longest, because, attribute.id)
        if not kind.rules:
            return
        meant = {f"x{part}": name for part, name in zip(kind.parts or ("",), columns, strict=True)}
        for rule in kind.rules:
            because = f"every {kind.label} is like this"
            draft.add_check(renamed(parse(rule.format("x")), meant), because, attribute.id)

    def make_unique(
        self, draft: Draft, entity: Entity, attribute: Attribute, columns: tuple[str, ...]
    ) -> None:
        if attribute.unique == "alone":
            because = f"no two {many(entity)} share it"
            draft.add_unique(columns, because, attribute.id)
        elif attribute.unique == "per-tenant":
            group = self.group_column(draft)
            within = group_of(self.context) if tenant_column(draft) else None
            of = f" of one {one(within) if within else 'group'}" if group else ""
            because = f"no two {many(entity)}{of} share it"
            draft.add_unique((*group, *columns), because, attribute.id)
        elif attribute.unique == "together":
            beside = self.columns_named(draft, entity, attribute.unique_with or (), attribute.id)
            if beside is not None:
                because = "no two share all of these" if beside else "no two share it"
                draft.add_unique(leading(draft, (*beside, *columns)), because, attribute.id)

    def group_column(self, draft: Draft) -> tuple[str, ...]:
        """The column that points to the tenant, when the table has one."""
        if tenant := tenant_column(draft):
            return (tenant,)
        for entity in self.context.lookup.of_archetype("group"):
            target = self.context.drafts[entity.id].name
            for key in draft.foreign_keys:
                if key.references == target != draft.name:
                    return key.columns
        return ()

    def identify(self, draft: Draft, entity: Entity) -> None:
        references = entity.identity
        if not references:
            return
        here = {*draft.columns_of, *self.context.meant(draft, entity)}
        if not entity.attributes and not here.issuperset(references):
            return  # its facts are not decided yet
        columns = self.columns_named(draft, entity, references, entity.id)
        alone = {frozenset(unique.columns) for unique in draft.uniques}
        if columns and frozenset(columns) not in alone and columns != draft.key_columns:
            because = f"two {one(entity)} rows with the same are the same"
            draft.add_unique(leading(draft, columns), because, entity.id)

    def columns_named(
        self, draft: Draft, entity: Entity, references: tuple[str, ...], source: str
    ) -> tuple[str, ...] | None:
        """The columns of attributes and relationships; None, with a finding, if one is missing."""
        columns: list[str] = []
        for reference in references:
            found = draft.columns_of.get(f"{entity.id}.{reference}")
            found = found or draft.columns_of.get(reference)
            if found is None:
                self.context.problem(
                    "unknown-identity", source,
                    f"{entity.name} is said to be identified by {reference}, which it does not "
                    "have.", "Name one of its attributes or relationships.",
                )  # fmt: skip
                return None
            columns.extend(found)
        return tuple(dict.fromkeys(columns))

    def add_rule(self, draft: Draft, entity: Entity, rule: str, source: str) -> None:
        expression = self.context.parsed(rule, source, "rule")
        if expression is not None:
            self.add_check(draft, entity, expression, source, rule)

    def add_check(
        self, draft: Draft, entity: Entity, expression: Expression, source: str, rule: str
    ) -> None:
        """A CHECK over the entity's own names; a finding when it speaks of others, or misfits."""
        said = f"The rule {rule!r} of {source}"
        unknown = self.context.unknown_names(draft, entity, expression)
        if unknown:
            self.context.problem(
                "broken-rule", source,
                f"{said} speaks of {', '.join(unknown)}, which {draft.name} does not have.",
                "Use the table's own columns.",
            )  # fmt: skip
            return
        meant = renamed(expression, self.context.meant(draft, entity))
        why = misfit(meant, {c.name: Meaning(c.type) for c in draft.every_column()})
        if why:
            fix = "Compare like with like."
            self.context.problem("broken-rule", source, f"{said} does not fit: {why}.", fix)
        else:
            draft.add_check(meant, f"it must hold {_in_words(meant, rule)}", source)


def _in_words(meant: Expression, rule: str) -> str:
    """What must hold, as it was written; somebody's own SQL is no sentence, and is named as SQL."""
    if not isinstance(meant, Fragment):
        return f"that {rule}"
    return f"on {NOTATIONS[meant.database].title}: {rule.partition(':')[2].strip()}"
