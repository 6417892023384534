"""The log of changes: one table, the design's own or an added one, and what writes to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from schemawalk.design.model import Entity, Forget
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
from schemawalk.schema.names import snake
from schemawalk.schema.sentences import one
from schemawalk.schema.spans import Span, SpanError, span
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.tenancy import TENANT, group_of, tenant_column
from schemawalk.schema.things import Audit, Sealed

ORIGIN: Final = "unsaid.audit"
"""The origin of the entity that is the log, where the design has one."""

ACTIONS: Final = ("INSERT", "UPDATE", "DELETE")

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
    entity = _entity(context)
    return context.drafts[entity.id].name if entity else ""


def _entity(context: Context) -> Entity | None:
    logs = (e for e in context.lookup.tables if e.origin == ORIGIN)
    return next(logs, None)


class Log:
    """The table of entries: each table that is logged is taken, then it is closed."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.entity = _entity(context)
        self.draft = context.drafts[self.entity.id] if self.entity else self._made()
        self.owners = self._owners()
        self.stamped = stamped(context)
        self.places = tuple((role, self._place(role)) for role in _ROLES)
        self.unfilled: set[str] = set()
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
        self._add_tenant(draft)
        self.context.drafts["log:"] = draft
        return draft

    def _add_tenant(self, draft: Draft) -> None:
        """Whose an entry is, where tenants share tables: not all of them may read all entries."""
        group = group_of(self.context)
        if group is None:
            return
        key = self.context.drafts[group.id].first[0]
        column = Column(
            draft.column_name(f"{snake(group.name)}_{key.name}"), key.type, nullable=True,
            purpose=f"the {one(group)} whose row it was", example=key.example,
            because="what belongs to no one has no one here", source="keeping.versions",
        )  # fmt: skip
        draft.keys.append(column)
        draft.columns_of[TENANT] = (column.name,)

    def _owners(self) -> dict[str, str]:
        """The columns that say whose an entry is, each with the table that it points to."""
        single = (key for key in self.draft.foreign_keys if len(key.columns) == 1)
        return {key.columns[0]: key.references for key in single}

    def _place(self, role: str) -> str:
        """The column that takes it: the design's own, or an added one."""
        type_, known, purpose = _ROLES[role]
        if role == "actor" and (column := self._person()):
            return column
        for name in known:
            for column in self.draft.columns_of.get(name, ()):
                if self._takes(column, type_):
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
        return next((c for c, table in self.owners.items() if table in people), "")

    def _takes(self, name: str, type_: TypeName) -> bool:
        """Whether any value of the type fits: what a rule speaks of is somebody else's to write."""
        column = next(c for c in self.draft.every_column() if c.name == name)
        ruled = any(name in names(check.expression) for check in self.draft.checks)
        return column.type == Type(type_) and not ruled

    def _list_actions(self) -> None:
        rule = In(Name(dict(self.places)["action"]), tuple(map(Literal, ACTIONS)))
        self.draft.add_check(rule, "what can be done to a row", "keeping.versions")

    # What must not keep an entry from being written, or erase it

    def _free(self) -> None:
        """Let go of what would erase an entry with the row that it speaks of."""
        for key in tuple(self.draft.foreign_keys):
            if key.on_delete in ("CASCADE", "SET NULL"):
                self._let_go(key)

    def _let_go(self, key: ForeignKey) -> None:
        self.draft.foreign_keys.remove(key)
        self.draft.indexes = [_without(index, key) for index in self.draft.indexes]
        columns = ", ".join(key.columns)
        self.context.problem(
            "audit-without-foreign-key", key.source,
            f"{self.draft.name}.{columns} keeps the id without a foreign key: {key.on_delete} "
            f"would change or erase entries when a row of {key.references} is deleted, and an "
            "entry outlives what it speaks of.",
            "Nothing, or let entries keep that row from being deleted (RESTRICT).", "hint",
        )  # fmt: skip

    def close(self) -> None:
        """No entry is changed or goes before its time; nothing else keeps one from coming."""
        self._loosen()
        place = dict(self.places)
        parts = (
            *(IndexPart(place[role]) for role in ("table", "row")),
            IndexPart(place["at"], True),
        )
        self.draft.add_index(Index("", parts, because="what happened to one row, the latest first"))
        age = self._age()
        name = self.context.taken.take(f"{self.draft.name}_seal")
        because = "a log from which entries vanish proves nothing"
        self.context.around.append(
            Sealed(name, self.draft.name, ("UPDATE", "DELETE"), (), place["at"] if age else "",
                   age, because, self.draft.table.source)
        )  # fmt: skip

    def _age(self) -> Span | None:
        try:
            return span(self.entity.keep_for or "forever") if self.entity else None
        except SpanError:
            return None

    def _loosen(self) -> None:
        """What the triggers cannot know may be empty: else every change would be refused."""
        known = {column for _, column in self.places} | (set(self.owners) - self.unfilled)
        known -= set(self._unknown())
        for columns in (self.draft.keys, self.draft.facts):
            for at, column in enumerate(columns):
                must = not column.nullable and column.default is None and not column.identity
                if must and column.generated is None and column.name not in known:
                    columns[at] = replace(column, nullable=True)
                    self._told(column)

    def _unknown(self) -> tuple[str, ...]:
        place = dict(self.places)
        return tuple(place[role] for role in _MAY_BE_UNKNOWN)

    def _told(self, column: Column) -> None:
        self.context.problem(
            "audit-column-unknown", column.source or self.draft.table.source,
            f"{self.draft.name}.{column.name} may be NULL: the triggers that write the log cannot "
            "always know it.", "Let the program add its own entries where it must be there.",
            "hint",
        )  # fmt: skip

    # The tables that are logged

    def take(self, draft: Draft, source: str) -> None:
        """Log the changes of a table from now on."""
        copied = tuple(self._copied(draft))
        actor = dict(self.places)["actor"]
        self.unfilled |= set(self.owners) - {column for column, _ in copied}
        name = self.context.taken.take(f"{draft.name}_audit")
        because = f"who changed {draft.name}, when, and from what to what"
        copied = tuple(pair for pair in copied if pair[0] != actor)
        self.context.around.append(
            Audit(name, draft.name, self.draft.name, self.places, self._hidden(draft),
                  self.stamped.get(draft.name, ()), copied, because=because, source=source)
        )  # fmt: skip

    def _copied(self, draft: Draft) -> Iterator[tuple[str, str]]:
        """Whose an entry is: the row's own parent, or the row itself."""
        for column, owner in self.owners.items():
            if owner == draft.name and len(draft.key_columns) == 1:
                yield column, draft.key_columns[0]
                continue
            keys = (k for k in draft.foreign_keys if k.references == owner and len(k.columns) == 1)
            key = next(keys, None)
            if key is not None:
                yield column, key.columns[0]
        own, group = tenant_column(self.draft), group_of(self.context)
        if own and own not in self.owners and group is not None:
            home = self.context.drafts[group.id]
            theirs = home.key_columns[0] if draft is home else tenant_column(draft)
            yield from [(own, theirs)] if theirs else []

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


def _without(index: Index, key: ForeignKey) -> Index:
    """The index, without the foreign key that it served among other things."""
    if key.name not in index.serves:
        return index
    serves = tuple(each for each in index.serves if each != key.name)
    said = (each for each in index.because.split("; ") if not each.startswith("joins to "))
    because = "; ".join(said) or f"finds the entries of one row of {key.references}"
    return replace(index, because=because, serves=serves)
