"""From a design to its schema: a pure function, the same bytes for the same answers.

What is not answered yet takes the value that the wizard would recommend, so that there is always a
schema to look at.  What cannot be derived (a rule that does not parse, a relationship to nowhere)
becomes a finding, never an exception.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from schemawalk.design.choices import Ending
from schemawalk.design.model import Design, Entity, Relationship
from schemawalk.schema.around.stages import surround
from schemawalk.schema.language.expression import (
    Call,
    Compare,
    CompareOperator,
    Expression,
    Literal,
    Logic,
    Name,
)
from schemawalk.schema.model import (
    Action,
    Column,
    Finding,
    PrimaryKey,
    Schema,
    Table,
    Type,
)
from schemawalk.schema.names import snake, table_name
from schemawalk.schema.order import ordered
from schemawalk.schema.sentences import (
    called,
    ending_sentence,
    link_sentence,
    one,
    read_back,
    row_sentence,
    shape,
)
from schemawalk.schema.tables.arcs import add_arcs
from schemawalk.schema.tables.columns import Columns
from schemawalk.schema.tables.computed import generate_columns
from schemawalk.schema.tables.constraints import Constraints
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.exclusions import add_exclusions
from schemawalk.schema.tables.indexes import add_indexes
from schemawalk.schema.tables.led import lead_keys
from schemawalk.schema.tables.lifetime import add_lifetime_columns, add_rules, unique_among_live
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.tenancy import add_tenants, tie_to_tenants
from schemawalk.schema.tables.ties import all_or_none, tie_by_rules

ACTIONS: Final[dict[Ending, Action]] = {
    "cascade": "CASCADE",
    "set-null": "SET NULL",
    "restrict": "RESTRICT",
}

_PAIRED: Final[dict[str, tuple[CompareOperator, str]]] = {
    "graph": ("<>", "no {one} is linked with itself"),
    "pairs": ("<", "each pair is kept once, the smaller id first"),
}
"""What holds for links of an entity with itself, by what they make."""


@dataclass(frozen=True)
class Derived:
    """A schema, and what of the design could not become part of it."""

    schema: Schema
    problems: tuple[Finding, ...] = ()


def derive(design: Design) -> Derived:
    """The schema that follows from the design's answers so far."""
    return _Derivation(design).derived()


class _Derivation:
    """One pass over a design; tables are drafts until the end."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.lookup = Lookup(design)
        self.context = Context(design, self.lookup)
        self.drafts = self.context.drafts
        self.taken = self.context.taken

    def derived(self) -> Derived:
        columns, constraints = Columns(self.context), Constraints(self.context)
        for entity in self.lookup.tables:
            self.drafts[entity.id] = self.start(entity, columns)
        for link in sorted(self.design.relationships, key=_has_payload):
            self.relate(link)
        for group in dict.fromkeys(self.lookup.exclusive.values()):
            self.exclude(group)
        add_arcs(self.context)
        add_tenants(self.context)
        for entity in self.design.entities:
            columns.fill(entity)
        add_lifetime_columns(self.context)
        generate_columns(self.context)
        for entity in self.design.entities:
            constraints.constrain(entity)
        add_rules(self.context)
        unique_among_live(self.context)
        add_exclusions(self.context)
        tie_to_tenants(self.context)
        tie_by_rules(self.context)
        lead_keys(self.context)
        add_indexes(self.context)
        surround(self.context)
        tables = ordered([draft.finished() for draft in self.drafts.values()])
        schema = Schema(tables, tuple(self.context.enums), tuple(self.context.around))
        return Derived(schema, tuple(self.context.problems))

    # Tables

    def start(self, entity: Entity, columns: Columns) -> Draft:
        owner = self.lookup.standing(entity.owner or "")
        purpose = entity.purpose or row_sentence(entity, owner)
        table = Table(
            "", (), PrimaryKey("", ()), because=self.why_table(entity), purpose=purpose,
            source=entity.id, entity=entity.name, steps=entity.steps,
        )  # fmt: skip
        draft = Draft(self.taken.take(self.table_name(entity)), self.taken, table)
        if not columns.fill_key(draft, entity):
            draft.first.append(self.id_column(draft, entity.id))
        return draft

    def table_name(self, entity: Entity) -> str:
        return table_name(entity.name, self.design.stack.names)

    def id_column(self, draft: Draft, source: str) -> Column:
        name = draft.column_name("id")
        if self.design.stack.identifiers == "bigint":
            because = "one writer hands out numbers: small, ordered, fast to index"
            return Column(name, Type("bigint"), identity=True, because=because, source=source,
                          purpose="identifies the row", example="1")  # fmt: skip
        because, default = "cannot be guessed, and any machine can make one", "uuid7"
        if self.design.stack.identifiers == "uuid-v4":
            because, default = "tells nothing, not even when it was made", "uuid"
        return Column(
            name, Type("uuid"), default=Call(default), because=because, source=source,
            purpose="identifies the row", example="8b1e6f0a-6c1d-4f5e-9a53-0d6a4f1f2b7c",
        )  # fmt: skip

    def why_table(self, entity: Entity) -> str:
        owner = self.lookup.standing(entity.owner or "")
        reason = "outlives the session"
        if owner and entity.owner != "system":
            several = "one has several" if entity.many != "no" else "kept apart from it"
            reason = f"belongs to {one(owner)}, {several}"
        return f"{entity.name}: {reason}"

    def joined(self, link: Relationship, a: Entity, b: Entity) -> Draft:
        """The join table of a many-to-many without facts of its own."""
        there, back = read_back(link, a, b)
        table = Table(
            "", (), PrimaryKey("", ()), because=f"{there} {back}",
            purpose=link.purpose or f"Which {one(a)} belongs with which {one(b)}.",
            source=link.id, entity=f"{a.name} {called(b)}", steps=link.steps,
        )  # fmt: skip
        wanted = f"{snake(a.name)}_{self.table_name(b)}"
        draft = Draft(self.taken.take(wanted), self.taken, table)
        self.drafts[f"link:{link.id}"] = draft
        return draft

    # Relationships

    def relate(self, link: Relationship) -> None:
        ends = self.lookup.ends(link)
        if ends is None:
            self.missing_end(link)
        elif ends[0].id == ends[1].id and link.a != link.b:
            return  # both ends became one thing: there is nothing left to point at
        elif link.id in self.lookup.arcs:
            return  # several parents share one key, which is made once for all of them
        elif shape(link) == "M:N":
            self.relate_many(link, *ends)
        else:
            self.relate_one(link, *ends)

    def missing_end(self, link: Relationship) -> None:
        absent = [end for end in (link.a, link.b) if self.lookup.standing(end) is None]
        if absent:
            self.context.problem(
                "relationship-to-nowhere", link.id,
                f"The relationship {link.id} speaks of {' and '.join(absent)}, which does not "
                "exist.", "Choose an entity that exists, or remove the relationship.",
            )  # fmt: skip

    def relate_one(self, link: Relationship, a: Entity, b: Entity) -> None:
        parent, child = self.drafts[a.id], self.drafts[b.id]
        itself = a.id == b.id
        role = snake(link.role or ("parent" if itself else a.name))
        ending = self.ending(link)
        optional = is_optional(link, itself=itself)
        there, back = read_back(settled(link, itself=itself), a, b)
        columns = self.key_columns(child, parent, role, link, nullable=optional,
                                   purpose=link.purpose or back)  # fmt: skip
        child.columns_of[link.id] = columns
        because = ending_sentence(ending, a, b, link.role or "")
        child.add_foreign_key(
            columns, parent, ACTIONS[ending], because, link.id,
            on_update=self.following(link, a), deferrable=link.checked == "at-commit",
            embedded=link.embed == "embed" and self.design.stack.database == "mongodb",
        )  # fmt: skip
        if shape(link) == "1:1":
            child.add_unique(columns, f"{there} {back}", link.id)
        if link.ordered == "yes":
            self.add_position(child, link)
        if optional and len(columns) > 1:
            child.add_check(all_or_none(columns), "the key is there as a whole, or not at all",
                            link.id)  # fmt: skip
        if itself:
            pairs = zip(columns, child.key_columns, strict=True)
            parts = tuple(Compare("<>", Name(own), Name(theirs)) for own, theirs in pairs)
            rule: Expression = parts[0] if len(parts) == 1 else Logic("or", parts)
            child.add_check(rule, f"no {one(b)} is its own {role.replace('_', ' ')}", link.id)

    def following(self, link: Relationship, parent: Entity) -> Action:
        """What happens when the parent's key changes: an id never does."""
        if parent.key != "natural" or link.on_update is None:
            return "NO ACTION"
        return "CASCADE" if link.on_update == "cascade" else "RESTRICT"

    def ending(self, link: Relationship) -> Ending:
        """As answered; a row that has exactly one of several parents cannot lose it."""
        careful = "restrict" if link.id in self.lookup.exclusive else ending_of(link)
        return link.on_delete or careful

    def exclude(self, group: tuple[str, ...]) -> None:
        """The CHECK that exactly one of several foreign keys of a row is set."""
        links = [self.lookup.relationships[each] for each in group]
        ends = [self.lookup.ends(link) for link in links]
        homes = {each[1].id for each in ends if each}
        optional = all(is_optional(link, itself=False) for link in links)
        homed = self.drafts[min(homes)].columns_of if homes else {}
        keyed = len(homes) == 1 and all(each in homed for each in group)
        if None in ends or not keyed or len(group) < 2 or not optional:
            self.context.problem(
                "one-of-not-possible", group[0],
                f"{' and '.join(group)} cannot be kept as exactly one of several: each must be an "
                "optional key of the same table.", "Make them optional, or let each stand alone.",
            )  # fmt: skip
            return
        draft = self.drafts[homes.pop()]
        keys = tuple(Name(draft.columns_of[each][0]) for each in group)
        rule = Compare("=", Call("present", keys), Literal(1))
        draft.add_check(rule, "it belongs to exactly one of them", group[0])

    def relate_many(self, link: Relationship, a: Entity, b: Entity) -> None:
        payload = self.payload(link, a, b)
        draft = self.drafts[payload.id] if payload else self.joined(link, a, b)
        roles = (
            snake(link.role or a.name),
            snake(b.name) if a.id != b.id else f"other_{snake(b.name)}",
        )
        endings = (link.on_delete or "cascade", link.on_delete_b or "cascade")
        sides: list[tuple[str, ...]] = []
        for end, role, ending in zip((a, b), roles, endings, strict=True):
            parent = self.drafts[end.id]
            purpose = f"the {one(end)} of the pair"
            columns = _pointing(draft, parent, sides) if payload else ()
            if not columns:
                columns = self.key_columns(draft, parent, role, link, nullable=False,
                                           purpose=purpose)  # fmt: skip
                because = link_sentence(ending, end)
                draft.add_foreign_key(columns, parent, ACTIONS[ending], because, link.id,
                                      on_update=self.following(link, end))  # fmt: skip
            sides.append(columns)
        pair = (*sides[0], *sides[1])
        draft.columns_of[link.id] = pair
        draft.columns_of[f"{link.id}.a"], draft.columns_of[f"{link.id}.b"] = sides
        self.finish_link(draft, link, pair, own=payload is None)
        if a.id == b.id and link.itself in _PAIRED and len(pair) == 2:
            sign, because = _PAIRED[link.itself]
            rule = Compare(sign, Name(pair[0]), Name(pair[1]))
            draft.add_check(rule, because.format(one=one(a)), link.id)

    def payload(self, link: Relationship, a: Entity, b: Entity) -> Entity | None:
        """The entity that carries the link's facts; a finding when the answer names none."""
        if link.payload in (None, "no"):
            return None
        found = self.lookup.home(link.payload)
        if found is None or found.id in (a.id, b.id):
            self.context.problem(
                "payload-not-possible", link.id,
                f"{link.payload} cannot stand between {one(a)} and {one(b)}: it has no table of "
                "its own beside theirs.", "Choose an entity with a table, or no.",
            )  # fmt: skip
            return None
        return found

    def finish_link(
        self, draft: Draft, link: Relationship, pair: tuple[str, ...], *, own: bool
    ) -> None:
        if own:
            draft.key_columns = pair
        else:
            draft.add_unique(pair, "the same pair is linked once", link.id)
        if link.ordered == "yes":
            self.add_position(draft, link)

    def add_position(self, draft: Draft, link: Relationship) -> None:
        draft.facts.append(
            Column(
                draft.column_name("position"), Type("integer"), default=Literal(0),
                because="people choose the order", purpose="its place in the order",
                source=link.id, example="1",
            )
        )  # fmt: skip

    def key_columns(
        self, child: Draft, parent: Draft, role: str, link: Relationship, *, nullable: bool,
        purpose: str,
    ) -> tuple[str, ...]:  # fmt: skip
        """The columns that point to the parent's key, made: one for each of its columns."""
        because = "the relationship is optional" if nullable else "never without it"
        made = []
        for target in parent.first:
            name = child.column_name(f"{role}_{target.name}")
            child.keys.append(
                Column(name, target.type, nullable, collation=target.collation, because=because,
                       purpose=purpose, source=link.id, example=target.example,
                       longest=target.longest)
            )  # fmt: skip
            made.append(name)
        return tuple(made)


def ending_of(link: Relationship) -> Ending:
    """What happens to the child, as answered, or the careful default."""
    return link.on_delete or ("set-null" if link.optional == "yes" else "restrict")


def settled(link: Relationship, *, itself: bool) -> Relationship:
    """The relationship as the schema takes it: turned round if need be, and with its defaults."""
    update = {"optional": "yes" if is_optional(link, itself=itself) else "no"}
    if shape(link) == "N:1":
        update |= {"many_b": "yes", "many_a": "no"}
    return link.model_copy(update=update)


def is_optional(link: Relationship, *, itself: bool) -> bool:
    """Whether the key may be NULL; the root of a tree has no parent."""
    return link.optional == "yes" or (link.optional is None and itself)


def _has_payload(link: Relationship) -> bool:
    """Links through an entity come last: its own keys may already point where they should."""
    return link.payload not in (None, "no")


def _pointing(
    draft: Draft, parent: Draft, taken: Collection[tuple[str, ...]] = ()
) -> tuple[str, ...]:
    """The columns of a table that point to another already, none of the taken; none when none do.

    Of two ends of one kind each has its own.
    """
    found = (k.columns for k in draft.foreign_keys if k.references == parent.name)
    return next((columns for columns in found if columns not in taken), ())
