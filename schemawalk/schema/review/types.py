"""Rules about types: what a value is, what it can become, and who sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Attribute
from schemawalk.printable import printable
from schemawalk.schema.capability.fit import CAPABILITIES
from schemawalk.schema.kinds import guess_kind, kind_of, type_of
from schemawalk.schema.language.expression import Call, walk
from schemawalk.schema.names import LONGEST, plural, snake
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said, called, local
from schemawalk.schema.sentences import many

_FROZEN: Final = re.compile(
    r"'\s*(?:now|today|current_(?:timestamp|date|time)|localtimestamp|(?:gen_random_)?uuid"
    r"(?:v[47])?|random|nextval\(.*\))\s*(?:\(\s*\))?\s*'",
    re.IGNORECASE,
)
_CLOCKS: Final = frozenset(("now", "today", "uuid", "random"))
"""Functions of the language that say something else each time."""
_SECRET: Final = re.compile(
    r"(^|_)(password|passwd|passphrase|pin|secret|api_key|private_key|access_token)(_|$)"
)
_SENSITIVE: Final = re.compile(
    r"(^|_)(ssn|social_security(_number)?|iban|card_number|credit_card|cvv|cvc|passport(_number)?"
    r"|tax_id|national_id|diagnosis)(_|$)"
)
_NUMBERED: Final = re.compile(r"(.*[^\d_])_?(\d{1,2})\Z")
_LINES: Final = frozenset(("address", "address_line", "line", "street", "street_line"))
"""What is written on several lines anywhere, without being a list."""


def _kind(fact: Attribute, kind: str) -> Answers:
    return ((f"attribute.{fact.id}.kind", (kind,)),)


# Time and money


def _zoneless(matter: Matter) -> Found:
    for _, fact in matter.facts:
        if fact.kind in (None, "moment") or guess_kind(fact.name) != "moment":
            continue
        for table, column in matter.placed.get(fact.id, ()):
            if column.type.name in ("text", "varchar", "date", "integer", "bigint"):
                yield Said(
                    fact.id,
                    f"{table.name}.{column.name} is named like a moment and kept as "
                    f"{kind_of(fact).label}: nobody knows in which zone, or when on that day.",
                    "Let it be a moment: an instant, whatever the zone; or name it otherwise.",
                    _kind(fact, "moment"),
                )


def _frozen(matter: Matter) -> Found:
    for _, fact in matter.facts:
        said = (fact.default or "").strip()
        if _FROZEN.fullmatch(said):
            type_ = type_of(fact).name
            meant = "now" if type_ == "timestamptz" else "uuid" if "uuid" in said.lower() else ""
            meant = meant if meant != "uuid" or type_ in ("uuid", "text") else ""
            yield Said(
                fact.id,
                f"The default of {fact.id} is {said} in quotes: a text, or the moment at which the "
                "table was made, the same for every row.",
                f"Write {meant or 'now, uuid, or no default'} without quotes.",
                ((f"attribute.{fact.id}.default", (meant or "none",)),),
            )


def _inexact_money(matter: Matter) -> Found:
    capability = CAPABILITIES.get(matter.database, {}).get("numeric")
    if capability is None or capability.way != "lossy":
        return
    for _, fact in matter.facts:
        if guess_kind(fact.name) == "money" and type_of(fact).name == "numeric":
            yield Said(
                fact.id,
                f"{fact.id} is an amount, and {matter.database} keeps {kind_of(fact).label}s as "
                "floating-point numbers: cents get lost in sums.",
                "Keep whole minor units (cents), with the currency.",
                _kind(fact, "money"),
            )


# Lists


def _open_lists(matter: Matter) -> Found:
    for _, fact in matter.facts:
        listed = fact.values or fact.kept_by == "users"
        if kind_of(fact).id == "one-of" and not listed:
            yield Said(
                fact.id,
                f"{fact.id} is one of a fixed list, but the list is not written down.",
                "List its values, say that users keep the list, or let it be free text.",
                _kind(fact, "short-text"),
            )


def _native_enums(matter: Matter) -> Found:
    for enum in matter.schema.enums:
        note = matter.notes.get(f"attribute.{enum.source}.kept_by")
        if enum.source in matter.lookup.attributes and not (note and note.why):
            yield Said(
                enum.source,
                f"{enum.name} is a type of its own: a value can be added, and none removed or "
                "moved without making the type anew.",
                "Let a CHECK hold the list, or say why the list is closed.",
                ((f"attribute.{enum.source}.kept_by", ("developers",)),),
            )


def _long_enum_values(matter: Matter) -> Found:
    for enum in matter.schema.enums:
        for value in enum.values:
            if len(value.encode()) > LONGEST:
                yield Said(
                    enum.source,
                    f"The value {value[:20]!r}… of {enum.name} is longer than {LONGEST} bytes, "
                    "which a native enum cannot hold.",
                    "Shorten it, or let a CHECK or a lookup table hold the list.",
                    ((f"attribute.{enum.source}.kept_by", ("developers",)),),
                )
                break


def _several_in_one(matter: Matter) -> Found:
    names = {plural(snake(e.name)): e for e in matter.lookup.tables}
    names |= {f"{snake(e.name)}_ids": e for e in matter.lookup.tables}
    for _, fact in matter.facts:
        target = names.get(called(fact.name))
        if target and kind_of(fact).id == "list" and fact.holds_keys != "yes":
            yield Said(
                fact.id,
                f"{fact.id} is a list, and {many(target)} have a table: its values point at rows "
                "that no foreign key keeps.",
                "Make it a many-to-many.",
                ((f"attribute.{fact.id}.holds_keys", ("yes",)),),
            )
    yield from _numbered(matter)


@lru_cache(maxsize=8192)
def _stem(name: str) -> str:
    """What is numbered in such a name as phone_2; empty when nothing is."""
    found = _NUMBERED.fullmatch(called(name))
    return found[1] if found and found[1] not in _LINES else ""


def _numbered(matter: Matter) -> Iterator[Said]:
    for entity in filter(matter.lookup.persists, matter.design.entities):
        stems: dict[str, list[Attribute]] = {}
        for fact in entity.attributes:
            if stem := _stem(fact.name):
                stems.setdefault(stem, []).append(fact)
        for stem, facts in stems.items():
            if len(facts) > 1:
                yield Said(
                    facts[0].id,
                    f"{', '.join(f.name for f in facts)}: {entity.name} has several of the same "
                    "in columns, and the next one needs another column.",
                    f"Give each {stem.replace('_', ' ')} a row of its own.",
                )


# What values hide


def _in_json(matter: Matter) -> Found:
    for entity, fact in matter.facts:
        if not fact.searched or kind_of(fact).id != "json":
            continue
        beside = {local(a.id) for a in entity.attributes} | {a.name for a in entity.attributes}
        inside = [part for part in fact.searched if called(part) not in beside]
        if inside:
            yield Said(
                fact.id,
                f"{', '.join(inside)} in {fact.id} is filtered, sorted or joined by, and has no "
                "type, no rule and no key of its own.",
                "Make it a column.",
                ((f"attribute.{fact.id}.searched", fact.searched or ()),),
            )


def _files_in_rows(matter: Matter) -> Found:
    for _, fact in matter.facts:
        if kind_of(fact).id == "bytes":
            yield Said(
                fact.id,
                f"{fact.id} keeps whole files in the row: every backup, and every read of the "
                "row, carries them.",
                "Keep the file in an object store, and its key here.",
                _kind(fact, "file"),
            )


def _bare_secrets(matter: Matter) -> Found:
    for _, fact in matter.facts:
        told = fact.protection not in (None, "comment")
        meant = "" if told else _sensitive(fact.name)
        secret = meant == "secret" and kind_of(fact).id != "secret"
        if secret or meant == "sensitive":
            how = ("secret", "hash") if secret else ("confidential", "encrypt")
            yield Said(
                fact.id,
                f"{fact.id} lies open in the row: every report, every backup and every log of "
                "slow queries has it.",
                "Keep a hash of it." if secret else "Encrypt it, or do not keep it.",
                ((f"attribute.{fact.id}.sensitivity", how[:1]),
                 (f"attribute.{fact.id}.protection", how[1:])),
            )  # fmt: skip


@lru_cache(maxsize=8192)
def _sensitive(name: str) -> str:
    """`secret`, `sensitive`, or empty, by what a fact is called."""
    column = called(name)
    if column.endswith("_hash"):
        return ""
    return "secret" if _SECRET.search(column) else "sensitive" if _SENSITIVE.search(column) else ""


def _changing_rules(matter: Matter) -> Found:
    for table in matter.schema.tables:
        checks = ((c.source or table.source, c.name, c.expression) for c in table.checks)
        made = ((matter.subject_of(table, c), c.name, c.generated)
                for c in table.columns if c.generated is not None)  # fmt: skip
        for subject, name, expression in (*checks, *made):
            called = {e.function for e in walk(expression) if isinstance(e, Call)}
            if called & _CLOCKS:
                yield Said(
                    subject,
                    f"{name} of {table.name} asks for {', '.join(sorted(called & _CLOCKS))}: what "
                    "holds when a row is written no longer holds tomorrow.",
                    "Check it in a trigger or in the program, when the row is written.",
                )


def _control_characters(matter: Matter) -> Found:
    for _, fact in matter.facts:
        texts = (*(fact.values or ()), fact.default or "", *(fact.rules or ()))
        if not "".join(texts).isprintable() and any(printable(text) != text for text in texts):
            yield Said(
                fact.id,
                f"{fact.id} has a value, default or rule with control characters; they are left "
                "out of the schema.",
                "Write it without them.",
            )


RULES: Final = (
    Rule("enum-value-too-long", "error", "P",
         "CREATE TYPE fails.", _long_enum_values),
    Rule("inexact-money", "error", "",
         "Sums of floating-point amounts are off by cents, and nobody finds out where.",
         _inexact_money),
    Rule("enum-like-without-check", "error", "",
         "One misspelt value, and every query that compares it goes wrong.", _open_lists),
    Rule("generated-or-check-not-deterministic", "error", "",
         "The database refuses it, or a row that was right is wrong the next day.",
         _changing_rules),
    Rule("timestamp-without-time-zone", "warning", "",
         "The same row means another moment to each reader, and twice a year to all.", _zoneless),
    Rule("frozen-default", "warning", "",
         "In quotes it is a constant: each row gets the same.", _frozen),
    Rule("multi-valued-or-numbered-columns", "warning", "",
         "Nothing checks the values one by one, and no index finds them.", _several_in_one),
    Rule("json-hides-columns", "warning", "",
         "Inside JSON nothing has a type, a rule or a foreign key.", _in_json),
    Rule("sensitive-column-exposed", "warning", "",
         "What lies open leaks with the first backup that goes astray.", _bare_secrets),
    Rule("control-characters", "warning", "",
         "What a terminal obeys has no business in a schema.", _control_characters),
    Rule("native-enum", "hint", "PM",
         "Removing or reordering a value means making the type anew.", _native_enums),
    Rule("large-object-in-row", "hint", "",
         "Backups and caches fill with bytes that nobody searches.", _files_in_rows),
)  # fmt: skip
"""Section C: what a value is."""
