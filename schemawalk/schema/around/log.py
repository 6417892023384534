"""The log of changes: one table, the design's own or an added one, and what writes to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from schemawalk.design.choices import Forget
from schemawalk.design.model import Entity
from schemawalk.design.spans import Span, SpanError, span
from schemawalk.schema.around.stamps import stamped
from schemawalk.schema.around.versions import counted
from schemawalk.schema.language.expression import In, Literal, Name, names
from schemawalk.schema.model import (
    Column,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Type,
    TypeName,
)
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.tenancy import group_of, leading, name_tenant, tenant_column
from schemawalk.schema.things import Audit, Event, Sealed

ACTIONS: Final[tuple[Event, ...]] = ("INSERT", "UPDATE", "DELETE")
_CALLED: Final[Mapping[Event, frozenset[str]]] = {
    "INSERT": frozenset(("insert", "inserted", "create", "created", "add", "added", "new")),
    "UPDATE": frozenset(("update", "updated", "change", "changed", "edit", "edited")),
    "DELETE": frozenset(("delete", "deleted", "remove", "removed")),
}
"""What a list of values may call each of them, in any case."""

_ROLES: Final[Mapping[str, tuple[TypeName, tuple[str, ...], str]]] = {
    "at": ("timestamptz", ("occurred_at", "logged_at", "changed_at", "created_at"), "when it was"),
    "actor": ("text", ("actor", "changed_by", "done_by", "who"), "who did it"),
    "action": ("text", ("action", "operation", "event_type", "event"), "what was done"),
    "table": (
        "text",
        ("table_name", "entity_type", "object_type", "record_type", "subject_type", "target_type"),
        "which table it was done to",
    ),
    "row": (
        "text",
        ("row_id", "entity_id", "object_id", "record_id", "subject_id", "target_id"),
        "the key of the row that it was done to",
    ),
    "old": ("json", ("old_values", "old_value", "before"), "what changed, as it was before"),
    "new": ("json", ("new_values", "new_value", "after"), "what changed, as it is since"),
}
"""What an entry says: the type, the names by which a column that takes it is known (the first is
given to an added one), and what it is for."""
_MAY_BE_UNKNOWN: Final = ("actor", "old", "new")

_EXAMPLES: Final = {
    "at": "2026-03-14T09:26:53.589Z", "actor": "ada", "action": "UPDATE", "table": "documents",
    "row": "42", "old": '{"name": "Draft"}', "new": '{"name": "Final"}',
}  # fmt: skip

_PROTECTED: Final = ("mask", "encrypt", "hash")


def own_log(context: Context) -> str:
    """The name of the table that is the log already; empty when the design has none."""
    entity = context.lookup.log
    return context.drafts[entity.id].name if entity else ""


class Log:
    """The table of entries: each table that is logged is taken, then it is closed."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.entity = context.lookup.log
        self.draft = context.drafts[self.entity.id] if self.entity else self._made()
        self.owners = self._owners()
        self.stamped = stamped(context)
        self.places = tuple((role, self._place(role)) for role in _ROLES)
        self.words = self._words(dict(self.places)["action"]) or ()
        self.unfilled: set[str] = set()
        self.times: dict[str, Span] = {}
        self._free()
        if self.entity is None:
            self._list_actions()

    # The table

    def _made(self) -> Draft:
        table = Table(
            "", (), PrimaryKey("", ()), because="what was not written down when it happened cannot "
            "be proven afterwards", purpose="Who changed what, when, from what to what.",
            source="keeping.versions", entity="Audit log entry",
        )  # fmt: skip
        draft = Draft(self.context.taken.take("audit_log"), self.context.taken, table)
        draft.first = [counted(draft, "id", "identifies the entry")]
        name_tenant(self.context, draft)
        self.context.drafts["log:"] = draft
        return draft

    def _owners(self) -> dict[str, tuple[str, str]]:
        """The columns that say whose an entry is, each with the table and column it points to."""
        single = (key for key in self.draft.foreign_keys if len(key.columns) == 1)
        return {key.columns[0]: (key.references, key.referenced_columns[0]) for key in single}

    def _place(self, role: str) -> str:
        """The column that takes it: the design's own, or an added one."""
        type_, known, purpose = _ROLES[role]
        if role == "actor" and (column := self._person()):
            return column
        for name in known:
            for column in self.draft.columns_of.get(name, ()):
                if self._takes(column, role):
                    return column
        column = self.draft.column_name(known[0])
        self.draft.facts.append(
            Column(column, Type(type_), role in _MAY_BE_UNKNOWN, purpose=purpose,
                   because="the triggers that log changes fill it", example=_EXAMPLES[role])
        )  # fmt: skip
        return column

    def _person(self) -> str:
        """The key to a person, when the log has one: a setting of the session says who it is."""
        people = {
            self.context.drafts[e.id].name for e in self.context.lookup.of_archetype("person")
        }
        return next((c for c, (table, _) in self.owners.items() if table in people), "")

    def _takes(self, name: str, role: str) -> bool:
        """Whether any value of it fits: what a rule speaks of is somebody else's to write.

        What was done may be one of a list that has a word for each of them.
        """
        if role == "action" and self._words(name):
            return True
        column = next(c for c in self.draft.every_column() if c.name == name)
        ruled = any(name in names(check.expression) for check in self.draft.checks)
        return column.type == Type(_ROLES[role][0]) and not ruled

    def _words(self, name: str) -> tuple[tuple[Event, str], ...] | None:
        """What a column calls each event; None unless it lists one value for each."""
        listed = self._listed(name)
        found = {each: [w for w in listed if w.lower() in _CALLED[each]] for each in ACTIONS}
        if any(len(words) != 1 for words in found.values()):
            return None
        return tuple((each, words[0]) for each, words in found.items())

    def _listed(self, name: str) -> tuple[str, ...]:
        """The values that a CHECK or its type allows; none where something else rules it."""
        column = next(c for c in self.draft.every_column() if c.name == name)
        if column.type.name == "enum":
            return next(e.values for e in self.context.enums if e.name == column.type.enum)
        rules = [c.expression for c in self.draft.checks if name in names(c.expression)]
        if len(rules) != 1 or not isinstance(rules[0], In) or rules[0].operand != Name(name):
            return ()
        values = (option.value for option in rules[0].values if isinstance(option, Literal))
        return tuple(value for value in values if isinstance(value, str))

    def _list_actions(self) -> None:
        rule = In(Name(dict(self.places)["action"]), tuple(map(Literal, ACTIONS)))
        self.draft.add_check(rule, "what can be done to a row", "keeping.versions")

    # What must not keep an entry from being written, or what it speaks of from going

    def _free(self) -> None:
        """An entry outlives what it speaks of: no key erases it, and none keeps a row for it."""
        for key in tuple(self.draft.foreign_keys):
            self.draft.foreign_keys.remove(key)
            self.draft.indexes = [_without(index, key) for index in self.draft.indexes]
            self._say_free(key)

    def _say_free(self, key: ForeignKey) -> None:
        refuses = key.on_delete in ("RESTRICT", "NO ACTION")
        does = (
            f"{key.on_delete} would never let a row of {key.references} go that an entry speaks of"
            if refuses
            else f"{key.on_delete} would change or erase entries when a row of {key.references} is "
            "deleted"
        )
        self.context.problem(
            "audit-without-foreign-key", key.source,
            f"{self.draft.name}.{', '.join(key.columns)} keeps the id without a foreign key: "
            f"{does}, and an entry outlives what it speaks of.",
            "Nothing: where the row is still there, its id leads to it.", "hint",
        )  # fmt: skip

    def close(self) -> None:
        """No entry is changed or goes before its time; nothing else keeps one from coming."""
        self._loosen()
        place = dict(self.places)
        found = leading(self.draft, (place["table"], place["row"]))
        parts = (*map(IndexPart, found), IndexPart(place["at"], True))
        self.draft.add_index(Index("", parts, because="what happened to one row, the latest first"))
        age = _kept_for(self.entity)
        self._say_outlived(age)
        name = self.context.taken.take(f"{self.draft.name}_seal")
        because = "a log from which entries vanish proves nothing"
        self.context.around.append(
            Sealed(name, self.draft.name, ("UPDATE", "DELETE"), (), place["at"] if age else "",
                   age, because, self.draft.table.source)
        )  # fmt: skip

    def _say_outlived(self, age: Span | None) -> None:
        """Rows that go after their time are still told of by what was logged of them."""
        gone = [name for name, time in self.times.items() if age is None or time.days < age.days]
        if gone:
            self.context.problem(
                "audit-outlives-rows", self.draft.table.source,
                f"Rows of {', '.join(gone)} go after their time, and {self.draft.name} keeps what "
                f"they said {f'for {age}' if age else 'for ever'}: personal data apart, which it "
                "never tells.", "Nothing, where the log is the proof that is wanted; else keep its "
                "entries no longer than what they speak of.", "hint",
            )  # fmt: skip

    def _loosen(self) -> None:
        """What the triggers cannot know may be empty: else every change would be refused."""
        known = {column for _, column in self.places} | (set(self.owners) - self.unfilled)
        known -= set(self._unknown())
        for columns in (self.draft.keys, self.draft.facts):
            for at, column in enumerate(columns):
                if column.nullable or column.identity or column.name in known:
                    continue
                if column.default is None and column.generated is None:
                    columns[at] = replace(column, nullable=True)
                    self._told(column, "may be NULL")
                elif isinstance(column.default, Literal):
                    self._told(column, f"always says {column.default.value}")

    def _unknown(self) -> tuple[str, ...]:
        place = dict(self.places)
        return tuple(place[role] for role in _MAY_BE_UNKNOWN)

    def _told(self, column: Column, what: str) -> None:
        self.context.problem(
            "audit-column-unknown", column.source or self.draft.table.source,
            f"{self.draft.name}.{column.name} {what}: the triggers that write the log cannot "
            "always know it.", "Let the program add its own entries where it must be there.",
            "hint",
        )  # fmt: skip

    # The tables that are logged

    def take(self, draft: Draft, source: str) -> None:
        """Log the changes of a table from now on."""
        copied = tuple(self._copied(draft))
        actor = dict(self.places)["actor"]
        if time := _kept_for(self.context.lookup.entities.get(source)):
            self.times[draft.name] = time
        self._say_named(draft)
        self.unfilled |= set(self.owners) - {column for column, _ in copied}
        name = self.context.taken.take(f"{draft.name}_audit")
        because = f"who changed {draft.name}, when, and from what to what"
        copied = tuple(pair for pair in copied if pair[0] != actor)
        self.context.around.append(
            Audit(name, draft.name, self.draft.name, self.places, self._hidden(draft),
                  self.stamped.get(draft.name, ()), copied, self.words, because=because,
                  source=source)
        )  # fmt: skip

    def _copied(self, draft: Draft) -> Iterator[tuple[str, str]]:
        """Whose an entry is: the row's tenant, its own parents, or the row itself."""
        own = tenant_column(self.draft)
        for column, (owner, key) in self.owners.items():
            theirs = _leading_to(draft, owner, key) if column != own else ""
            yield from [(column, theirs)] if theirs else []
        group = group_of(self.context)
        if own and group is not None:
            home = self.context.drafts[group.id]
            theirs = home.key_columns[0] if draft is home else tenant_column(draft)
            yield from [(own, theirs)] if theirs else []

    def _say_named(self, draft: Draft) -> None:
        """An entry names its row by its key: what is hidden elsewhere must not be that."""
        told = sorted(set(self._hidden(draft)) & set(draft.key_columns))
        if told:
            self.context.problem(
                "audit-tells-key", draft.table.source,
                f"Each entry of {self.draft.name} names its row of {draft.name} by "
                f"{', '.join(told)}, which tells about a person: nobody in it can be forgotten.",
                "Let an id that means nothing be the key, and keep the rest unique.", "warning",
            )  # fmt: skip

    def _hidden(self, draft: Draft) -> tuple[str, ...]:
        """What is secret or big, and what a person may ask to be forgotten."""
        entity = self.context.lookup.entities.get(draft.table.source)
        whole = self.context.design.keeping.forget
        forget: Forget | None = (entity.forget if entity else None) or whole
        return tuple(c.name for c in draft.every_column() if self._is_hidden(c, forget))

    def _is_hidden(self, column: Column, forget: Forget | None) -> bool:
        attribute = self.context.lookup.attributes.get(column.source)
        protected = attribute is not None and attribute.protection in _PROTECTED
        forgotten = column.sensitivity == "personal" and forget != "keep"
        secret = column.sensitivity == "secret" or column.type.name == "bytes"
        return protected or forgotten or secret


def _kept_for(entity: Entity | None) -> Span | None:
    """How long its rows are kept; None for ever."""
    try:
        return span(entity.keep_for or "forever") if entity else None
    except SpanError:
        return None


def _leading_to(draft: Draft, owner: str, key: str) -> str:
    """The column of a row that says which row of `owner` is its own; empty when none does."""
    if draft.name == owner:
        return key
    pairs = (pair for k in draft.foreign_keys if k.references == owner for pair in k.pairs())
    return next((column for column, referenced in pairs if referenced == key), "")


def _without(index: Index, key: ForeignKey) -> Index:
    """The index, without the foreign key that it served among other things."""
    if key.name not in index.serves:
        return index
    serves = tuple(each for each in index.serves if each != key.name)
    said = (each for each in index.because.split("; ") if not each.startswith("joins "))
    because = "; ".join(said) or f"finds the entries of one row of {key.references}"
    return replace(index, because=because, serves=serves)
