"""From attributes to columns: name, type, nullability, default, and the tables of lookups."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.printable import printable
from schemawalk.schema.kinds import (
    Kind,
    by_database,
    is_any_case,
    is_column,
    kind_of,
    type_of,
    values_of,
)
from schemawalk.schema.language.expression import (
    Call,
    Compare,
    Expression,
    Literal,
    Matches,
    Name,
)
from schemawalk.schema.language.typing_rules import default_misfit
from schemawalk.schema.model import Column, EnumType, PrimaryKey, Table, Type
from schemawalk.schema.names import plural, snake, table_name
from schemawalk.schema.sentences import article, one
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.tenancy import group_of

KEEPERS: Final = {
    "developers": "one of a fixed list that developers keep",
    "shared": "one of a fixed list that other programs share",
    "users": "one of a list that users keep",
}

HIDDEN: Final = {
    "mask": ", masked for most readers",
    "encrypt": ", encrypted by the program",
    "hash": ", of which only a hash is kept",
}


LONGEST_HASH: Final = 255
"""Characters of a hash of a password, with its salt and what it was made with: bcrypt has 60,
Argon2 about 100."""

LONGEST_VALUE: Final = 32
"""Characters that a value of a list has room for: another one may come."""
LONGEST_LABEL: Final = 255
"""Characters of what users add to a list."""
LONGEST: Final[Mapping[str, int]] = {"file": 1024, "phone": 16, "email": 254}
"""Characters by kind of fact: keys of an object store (Amazon S3 user guide, "Naming objects"),
numbers with their plus (E.164), addresses (RFC 5321, 4.5.3.1.3)."""


class Columns:
    """The stage of a derivation that turns attributes into columns."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fill(self, entity: Entity) -> None:
        home = self.context.lookup.home(entity.id)
        if home is None or not self.context.lookup.persists(entity):
            return
        draft = self.context.drafts[home.id]
        prefix = "" if home.id == entity.id else f"{snake(entity.name)}_"
        for attribute in filter(is_column, entity.attributes):
            if attribute.id not in draft.columns_of:
                self.add_attribute(draft, entity, attribute, prefix)
        self.tell_currencies(draft, entity)

    def fill_key(self, draft: Draft, entity: Entity) -> bool:
        """Give the table the key that people write; False, and an id is needed, when there is none.

        Only attributes of one column each can be one: what they are must be known before anything
        refers to them.
        """
        if entity.key != "natural":
            return False
        known = {attribute.id: attribute for attribute in entity.attributes}
        wanted = [known.get(f"{entity.id}.{each}") for each in entity.identity or ()]
        key = [a for a in wanted if a and _can_be_key(a)]
        if not key or len(key) < len(wanted):
            self.context.problem(
                "natural-key-not-possible", entity.id,
                f"{entity.name} is said to be known by {' and '.join(entity.identity or ())}, "
                "which cannot be its primary key: a key is made of its own short facts.",
                "Name facts of its own that tell two apart, or let an id be the key.",
            )  # fmt: skip
            return False
        if (group := group_of(self.context)) and entity.tenant == "yes" and entity.id != group.id:
            named = " and ".join(attribute.name for attribute in key)
            self.context.problem(
                "natural-key-of-tenants", entity.id,
                f"{entity.name} is known by {named} within one {one(group)} only: as a primary key "
                "it would be refused to a second one, and tell it that the first has it.",
                f"Let an id be the key, as is written now; {named} is unique within "
                f"{article(one(group))}.", "warning",
            )  # fmt: skip
            return False
        for attribute in key:
            told = attribute.model_copy(update={"required": "start"})
            self.add_attribute(draft, entity, told, "")
        draft.first, draft.facts = draft.facts, []
        draft.key_columns = tuple(column.name for column in draft.first)
        return True

    def add_attribute(
        self, draft: Draft, entity: Entity, attribute: Attribute, prefix: str
    ) -> None:
        kind = kind_of(attribute)
        wanted = prefix + snake(attribute.name)
        if kind.id == "one-of" and attribute.kept_by == "users":
            columns: tuple[str, ...] = (self.add_lookup(draft, entity, attribute, wanted),)
        else:
            suffixes = kind.parts or _WHOLE
            columns = tuple(
                [self.add_column(draft, attribute, wanted + suffix, suffix) for suffix in suffixes]
            )
        if kind.id == "money" and attribute.currency == "per-row" and not _currency(entity):
            draft.currencies[columns[0]] = self.add_currency(draft, attribute, wanted)
        draft.columns_of[attribute.id] = columns
        if draft.table.source == entity.id:
            draft.columns_of[attribute.id.partition(".")[2]] = columns

    def add_column(self, draft: Draft, attribute: Attribute, wanted: str, suffix: str = "") -> str:
        name = draft.column_name(wanted)
        kind, values, type_ = kind_of(attribute), values_of(attribute), type_of(attribute)
        any_case = is_any_case(attribute)
        if kind.id == "one-of" and attribute.kept_by == "shared" and values:
            type_ = self.add_enum(draft, attribute, name, values)
        draft.facts.append(
            Column(
                name, type_, is_nullable(attribute), self.default(attribute),
                collation="any-case" if any_case else "",
                longest=_longest(attribute, kind, values),
                because=self.why_column(attribute, kind, any_case=any_case),
                purpose=_commented(attribute, suffix),
                source=attribute.id, sensitivity=attribute.sensitivity or "",
                example=values[0] if values else kind.example,
            )
        )  # fmt: skip
        return name

    def tell_currencies(self, draft: Draft, entity: Entity) -> None:
        """Note which fact of its own says in which currency the amounts of an entity are."""
        amounts = [a for a in entity.attributes if a.currency == "per-row"]
        own = _currency(entity) if amounts else None
        if own is not None and own.id in draft.columns_of:
            for attribute in amounts:
                if kind_of(attribute).id == "money":
                    amount = draft.columns_of[attribute.id][0]
                    draft.currencies[amount] = draft.columns_of[own.id][0]

    def add_currency(self, draft: Draft, attribute: Attribute, wanted: str) -> str:
        name = draft.column_name(f"{wanted}_currency")
        draft.facts.append(
            Column(name, Type("text"), is_nullable(attribute), purpose="ISO 4217 code",
                   because="amounts come in several currencies", source=attribute.id,
                   example="EUR", longest=3)
        )  # fmt: skip
        length = Compare("=", Call("length", (Name(name),)), Literal(3))
        draft.add_check(length, "ISO 4217 codes have three letters", attribute.id)
        letters = Matches(Name(name), "^[A-Z]{3}$")
        draft.add_check(letters, "ISO 4217 codes are three capital letters", attribute.id)
        return name

    def add_enum(
        self, draft: Draft, attribute: Attribute, column: str, values: tuple[str, ...]
    ) -> Type:
        name = self.context.taken.take(f"{snake(draft.table.entity)}_{column}")
        because = "developers keep the list, and other programs share the type"
        self.context.enums.append(
            EnumType(name, tuple(dict.fromkeys(values)), because, attribute.id)
        )
        return Type("enum", enum=name)

    def add_lookup(self, draft: Draft, entity: Entity, attribute: Attribute, wanted: str) -> str:
        """A table of values that users keep, and a foreign key to it."""
        base = f"{snake(entity.name)}_{table_name(attribute.name, self.context.design.stack.names)}"
        what = attribute.name.replace("_", " ")
        table = Table(
            "", (), PrimaryKey("", ()), because=f"users keep the list of {plural(what)}",
            purpose=f"One {what} that {article(one(entity))} can have.", source=attribute.id,
            entity=f"{entity.name} {what}", steps=attribute.steps,
        )  # fmt: skip
        lookup = Draft(
            self.context.taken.take(base), self.context.taken, table, key_columns=("code",)
        )
        text = Type("text")
        lookup.first.append(
            Column(lookup.column_name("code"), text, because="stays when the label changes",
                   longest=LONGEST_LABEL,
                   purpose="what rows refer to", source=attribute.id, example="standard")
        )  # fmt: skip
        lookup.facts += [
            Column(lookup.column_name("label"), text, because="people read it",
                   longest=LONGEST_LABEL,
                   purpose="what people see", source=attribute.id, example="Standard"),
            Column(lookup.column_name("position"), Type("integer"), default=Literal(0),
                   because="people choose the order", purpose="its place in the list",
                   source=attribute.id, example="1"),
        ]  # fmt: skip
        self.context.drafts[f"lookup:{attribute.id}"] = lookup
        column = self.add_column(draft, self.with_listed_default(attribute), wanted)
        because = f"a {what} that is in use cannot be removed from the list"
        draft.add_foreign_key((column,), lookup, "RESTRICT", because, attribute.id)
        return column

    def with_listed_default(self, attribute: Attribute) -> Attribute:
        """The attribute with its default, if that is a row which is there from the start."""
        text = (attribute.default or "none").strip()
        if text in ("none", "") or attribute.values:
            return attribute
        self.context.problem(
            "broken-default", attribute.id,
            f"The default of {attribute.id} is a row of a list that begins empty: {text} is not "
            "there for a row to refer to.", "Name the values that the list begins with, or none.",
        )  # fmt: skip
        return attribute.model_copy(update={"default": None})

    def default(self, attribute: Attribute) -> Expression | None:
        text = (attribute.default or "none").strip()
        if text in ("none", ""):
            return None
        if text in ("now", "today", "uuid"):
            return Call(text)
        value = self.context.parsed(text, attribute.id, "default")
        if value and (why := default_misfit(text, attribute)) and isinstance(value, Literal):
            self.context.problem(
                "broken-default", attribute.id, f"The default of {attribute.id} does not fit: "
                f"{why}.", "Give it a value of its kind, or none.",
            )  # fmt: skip
            return None
        constant = isinstance(value, Literal) and kind_of(attribute).type.name != "list"
        if value and not constant:
            self.context.problem(
                "broken-default", attribute.id,
                f"The default of {attribute.id} is not a constant: {text}.",
                "Write 'text' in quotes, a number, true, false, now or uuid; lists have none.",
            )  # fmt: skip
            return None
        return value

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {step.id: f'"{step.title}"' for step in self.context.design.steps}

    def why_column(self, attribute: Attribute, kind: Kind, *, any_case: bool) -> str:
        reason = KEEPERS[attribute.kept_by or "developers"] if kind.id == "one-of" else kind.label
        if kind.id == "money" and attribute.currency not in (None, "per-row"):
            reason = f"money in the smallest unit of {printable(attribute.currency or '')}"
        if any_case:
            reason += ", the same in upper and lower case"
        hidden = HIDDEN.get(attribute.protection or "", "")
        if hidden and by_database(attribute):
            hidden = hidden.replace("the program", "the database")
        if attribute.required == "later":
            by = attribute.known_by
            known = f" by {self._titles.get(by, by)}" if by else ""
            return f"{reason}, known later{known}{hidden}"
        start = ", known from the start" if attribute.required == "start" else ""
        return f"{reason}{start}{hidden}"


def _can_be_key(attribute: Attribute) -> bool:
    """Whether it is one column, of a type whose values can be compared in every database."""
    kind = kind_of(attribute)
    listed = kind.id == "one-of" and attribute.kept_by == "users"
    plain = kind.type.name not in ("json", "list", "bytes", "boolean", "numeric")
    return is_column(attribute) and plain and not kind.parts and not listed


def _longest(attribute: Attribute, kind: Kind, values: tuple[str, ...]) -> int | None:
    """How long a text of that kind is at most, whatever was said of it; None: nobody knows."""
    listed = kind.id == "one-of"
    if listed and attribute.kept_by == "users":
        return LONGEST_LABEL
    if attribute.protection == "hash" or kind.id == "secret":
        return LONGEST_HASH
    if listed and values:
        return max(LONGEST_VALUE, *map(len, values))
    return attribute.length or LONGEST.get(kind.id)


def _commented(attribute: Attribute, suffix: str) -> str:
    """What a column is for, with the part that it holds ("latitude"), and how sensitive it is where
    the comment is to say so."""
    said = attribute.purpose
    if said and suffix:
        said = f"{said} ({suffix.strip('_').replace('_', ' ')})"
    if attribute.protection != "comment" or attribute.sensitivity not in _TOLD:
        return said
    return f"{said.rstrip('.')} ({_TOLD[attribute.sensitivity]})".lstrip()


_WHOLE: Final = ("",)
"""The suffix of a fact that is one column."""
_TOLD: Final[Mapping[str | None, str]] = {
    "personal": "personal data",
    "secret": "secret",
    "confidential": "confidential",
}
"""What a comment says of a sensitive fact."""


def _currency(entity: Entity) -> Attribute | None:
    """The fact of its own that says which currency its amounts are in; None without one."""
    return next((each for each in entity.attributes if snake(each.name) == "currency"), None)


def is_nullable(attribute: Attribute) -> bool:
    """Whether the column may be NULL: yes while nobody said that it is known from the start."""
    return attribute.required != "start"
