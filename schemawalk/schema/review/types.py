"""Rules about types: what a value is, what it can become, and who sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.printable import printable
from schemawalk.schema.capability.fit import CAPABILITIES
from schemawalk.schema.kinds import WITHOUT_DEFAULT, guess_kind, is_hidden, kind_of, type_of
from schemawalk.schema.names import LONGEST, plural, snake
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said, called, local
from schemawalk.schema.sentences import many

_FROZEN: Final = re.compile(
    r"'\s*(?:now|today|current_(?:timestamp|date|time)|localtimestamp|(?:gen_random_)?uuid"
    r"(?:v[47])?|random|nextval\(.*\))\s*(?:\(\s*\))?\s*'",
    re.IGNORECASE,
)
_SECRET: Final = re.compile(
    r"(^|_)(password|passwd|passphrase|pin|secret|api_key|private_key|access_token)(_|$)"
)
_SENSITIVE: Final = re.compile(
    r"(^|_)(ssn|social_security(_number)?|iban|card_number|credit_card|cvv|cvc|passport(_number)?"
    r"|tax_id|national_id|diagnosis)(_|$)"
)
_AMOUNT: Final = re.compile(
    r"(^|_)(price|amount|cost|fee|balance|salary|budget|revenue|deposit|surcharge|discount_amount"
    r"|subtotal|total_(price|amount|cost|due|paid))"
    r"(_(total|net|gross|paid|due|each|per_[a-z]+|cents|eur|usd|gbp|chf))*$|_cents$|^total$"
)
"""Names of amounts, by their last words: a price list or a cost centre is none."""
_LISTED: Final = re.compile(
    r"(^|_)(status|state|stage|phase|type|kind|role|tier|severity|priority|gender)$"
)
"""Names of what is usually one of a few values."""
_FREE: Final = re.compile(
    r"^(state|.*(content|mime|media|file|event|blood|agent)_type|.*(address|home|shipping|billing)"
    r"_state)$"
)
"""Names that end so and are free, or listed by somebody else."""
_ADDRESS: Final = frozenset(("city", "zip", "zip_code", "postal_code", "postcode", "street",
                             "country", "address"))  # fmt: skip
"""Beside one of them a state is a part of a country."""
_WORDS: Final = frozenset(("short-text", "long-text", "identifier"))
"""Kinds that anything can be written into."""
_NUMBERED: Final = re.compile(r"(.*[^\d_])_?(\d{1,2})\Z")
_HABITS: Final = frozenset((50, 100, 128, 191, 250, 254, 255, 256, 500, 512, 1000, 1024))
"""Limits of texts that old databases and form builders left behind."""
_LINES: Final = frozenset(("address", "address_line", "line", "street", "street_line"))
"""What is written on several lines anywhere, without being a list."""


def _kind(fact: Attribute, kind: str) -> Answers:
    return ((f"attribute.{fact.id}.kind", (kind,)),)


# Time and money


def _zoneless(matter: Matter) -> Found:
    for _, fact in matter.told(_is_no_moment):
        for table, column in matter.placed.get(fact.id, ()):
            if column.type.name in ("text", "varchar", "date", "integer", "bigint"):
                yield Said(
                    fact.id,
                    f"{table.name}.{column.name} is named like a moment and kept as "
                    f"{kind_of(fact).label}: nobody knows in which zone, or when on that day.",
                    "Let it be a moment: an instant, whatever the zone; or name it otherwise.",
                    _kind(fact, "moment"),
                )


def _is_no_moment(fact: Attribute) -> bool:
    return fact.kind not in (None, "moment") and guess_kind(fact.name) == "moment"


def _frozen(matter: Matter) -> Found:
    for _, fact in matter.facts:
        said = fact.default.strip() if fact.default else ""
        if said and _FROZEN.fullmatch(said):
            type_ = type_of(fact).name
            meant = "now" if type_ == "timestamptz" else "uuid" if "uuid" in said.lower() else ""
            meant = meant if meant != "uuid" or type_ in ("uuid", "text") else ""
            yield Said(
                fact.id,
                f"The default of {fact.id} is {said} in quotes: a text, or the moment at which the "
                "table was made, the same for every row.",
                f"Write {meant or 'now, uuid, or no default'} without quotes.",
                ((f"attribute.{fact.id}.default", (meant or "none",)),)
                if kind_of(fact).id not in WITHOUT_DEFAULT else (),
            )  # fmt: skip


def _inexact_money(matter: Matter) -> Found:
    capability = CAPABILITIES.get(matter.database, {}).get("numeric")
    if capability is None or capability.way != "lossy":
        return
    for _, fact in matter.told(lambda fact: is_amount(fact.name)):
        if "numeric" in {column.type.name for _, column in matter.placed.get(fact.id, ())}:
            computed = kind_of(fact).id == "computed"
            yield Said(
                fact.id,
                f"{fact.id} is an amount with decimal places, and {matter.title} keeps those "
                "as floating-point numbers: cents get lost in sums.",
                "Compute it from whole minor units (cents)." if computed else
                "Keep whole minor units (cents), with the currency.",
                () if computed or fact.rules or _has_default(fact) else _kind(fact, "money"),
            )  # fmt: skip


def _written_amounts(matter: Matter) -> Found:
    for _, fact in matter.told(lambda fact: _is_in_words(fact) and is_amount(fact.name)):
        if not _is_told(matter, fact) and not is_hidden(fact):
            yield Said(
                fact.id,
                f"{fact.id} is called like an amount and kept as {kind_of(fact).label}: nothing "
                "adds it up, and '9' comes after '10'.",
                "Keep whole minor units (cents), with the currency; or say why it is text.",
                () if fact.rules or _has_default(fact) else _kind(fact, "money"),
            )


def _is_in_words(fact: Attribute) -> bool:
    return kind_of(fact).id in _WORDS


@lru_cache(maxsize=8192)
def is_amount(name: str) -> bool:
    """Whether a fact is called like an amount of money: `price_total`, `fee_eur`, `net_amount`."""
    return bool(_AMOUNT.search(called(name)))


def _has_default(fact: Attribute) -> bool:
    return fact.default not in (None, "", "none")


def _is_told(matter: Matter, fact: Attribute) -> bool:
    """Whether somebody said why the fact is of its kind."""
    note = matter.notes.get(f"attribute.{fact.id}.kind")
    return bool(note and note.why and note.by == "user")


# Lists


def _open_lists(matter: Matter) -> Found:
    for entity, fact in matter.told(lambda fact: kind_of(fact).id == "one-of"):
        if not fact.values and fact.kept_by != "users":
            free = _kind(fact, "short-text")
            kept = ((f"attribute.{fact.id}.kept_by", ("users",)),)
            yield Said(
                fact.id,
                f"{fact.id} is one of a fixed list, but the list is not written down.",
                "List its values, say that users keep the list, or let it be free text.",
                kept if _is_listed(entity, fact) else free,
            )


def _listed_in_words(matter: Matter) -> Found:
    """Facts that are called like one of a few values, and take any text."""
    for entity, fact in matter.told(_is_listed_in_words):
        told = fact.rules or is_hidden(fact) or _is_told(matter, fact)
        if not told and _is_listed(entity, fact):
            yield Said(
                fact.id,
                f"{fact.id} is called like one of a few values and takes any text: nothing refuses "
                "a misspelt one.",
                "Let it be one of a fixed list, or say why it is free.",
            )


def _is_listed_in_words(fact: Attribute) -> bool:
    named = fact.kind is not None and _LISTED.search(called(fact.name))
    return bool(named) and _is_in_words(fact)


def _is_listed(entity: Entity, fact: Attribute) -> bool:
    name = called(fact.name)
    if not _LISTED.search(name):
        return False
    beside = {called(each.name) for each in entity.attributes}
    return not _FREE.match(name) or (name == "state" and not beside & _ADDRESS)


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


def _in_types(matter: Matter) -> Found:
    """Texts that end where old databases and form builders ended, by their type."""
    for _, fact in matter.facts:
        if fact.bounded != "varchar" or fact.length not in _HABITS:
            continue
        note = matter.notes.get(f"attribute.{fact.id}.bounded")
        if fact.id in matter.placed and type_of(fact).name == "varchar" and not (note and note.why):
            yield Said(
                fact.id,
                f"{fact.id} is varchar({fact.length}), which is a habit and hardly the product's "
                "rule: a cast to it cuts what is longer without a word, and a shorter limit reads "
                "the whole table under a lock.",
                "Let a CHECK hold the limit: it has a name, and is replaced while others write.",
                ((f"attribute.{fact.id}.bounded", ("check",)),),
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
    for _, fact in matter.told(lambda f: kind_of(f).id == "list" and called(f.name) in names):
        target = names[called(fact.name)]
        if fact.holds_keys != "yes":
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
    several: dict[tuple[str, str], list[Attribute]] = {}
    for entity, fact in matter.told(lambda fact: _stem(fact.name)):
        several.setdefault((entity.id, _stem(fact.name)), []).append(fact)
    for (home, stem), facts in several.items():
        if len(facts) > 1:
            yield Said(
                facts[0].id,
                f"{', '.join(f.name for f in facts)}: {matter.lookup.entities[home].name} has "
                "several of the same in columns, and the next one needs another column.",
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
                "Make it a fact of its own.",
                ((f"attribute.{fact.id}.searched", fact.searched or ()),),
            )


def _files_in_rows(matter: Matter) -> Found:
    for _, fact in matter.told(lambda fact: kind_of(fact).id == "bytes"):
        yield Said(
            fact.id,
            f"{fact.id} keeps whole files in the row: every backup, and every read of the row, "
            "carries them.",
            "Keep the file in an object store, and its key here.",
            _kind(fact, "file"),
        )


def _bare_secrets(matter: Matter) -> Found:
    for _, fact in matter.told(lambda fact: _sensitive(fact.name)):
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
                 (f"attribute.{fact.id}.protection", how[1:]))
                if _can_be_hidden(matter, fact) else (),
            )  # fmt: skip


def _can_be_hidden(matter: Matter, fact: Attribute) -> bool:
    """Whether nothing reads the value that a cipher or a hash would hide from it."""
    entity = matter.lookup.entities[fact.id.partition(".")[0]]
    seeded = any(local(fact.id) in seed or fact.name in seed for seed in entity.seeds or ())
    return not (fact.rules or fact.values or _has_default(fact) or seeded)


@lru_cache(maxsize=8192)
def _sensitive(name: str) -> str:
    """`secret`, `sensitive`, or empty, by what a fact is called."""
    column = called(name)
    if column.endswith("_hash"):
        return ""
    return "secret" if _SECRET.search(column) else "sensitive" if _SENSITIVE.search(column) else ""


def _control_characters(matter: Matter) -> Found:
    for _, fact in matter.facts:
        if not (fact.values or fact.default or fact.rules):
            continue
        texts = (*(fact.values or ()), fact.default or "", *(fact.rules or ()))
        if not "".join(texts).isprintable() and any(printable(text) != text for text in texts):
            yield Said(
                fact.id,
                f"{fact.id} has a value, default or rule with control characters; they are left "
                "out of the schema.",
                "Write it without them.",
                _cleaned(fact),
            )


def _cleaned(fact: Attribute) -> Answers:
    """The same answers without what a terminal obeys."""
    given = (("values", fact.values), ("default", fact.default and (fact.default,)),
             ("rules", fact.rules))  # fmt: skip
    told = ((node, tuple(map(printable, texts))) for node, texts in given if texts)
    return tuple((f"attribute.{fact.id}.{node}", texts) for node, texts in told)


RULES: Final = (
    Rule("enum-value-too-long", "error", "P",
         "CREATE TYPE fails.", _long_enum_values),
    Rule("inexact-money", "error", "",
         "Sums of floating-point amounts are off by cents, and nobody finds out where.",
         _inexact_money),
    Rule("inexact-money", "warning", "",
         "A text has no sum, and each reader takes its comma for something else.",
         _written_amounts),
    Rule("enum-like-text", "warning", "",
         "One misspelt value, and every query that compares it goes wrong.", _listed_in_words),
    Rule("enum-like-without-check", "error", "",
         "One misspelt value, and every query that compares it goes wrong.", _open_lists),
    Rule("timestamp-without-time-zone", "warning", "",
         "The same row means another moment to each reader, and twice a year to all.", _zoneless),
    Rule("frozen-default", "warning", "",
         "In quotes it is a constant: each row gets the same.", _frozen),
    Rule("multi-valued-or-numbered-columns", "warning", "",
         "Nothing checks the values one by one, and no index finds them.", _several_in_one),
    Rule("json-hides-columns", "warning", "",
         "Inside JSON nothing has a type, a rule or a key.", _in_json),
    Rule("sensitive-column-exposed", "warning", "",
         "What lies open leaks with the first backup that goes astray.", _bare_secrets),
    Rule("control-characters", "warning", "",
         "What a terminal obeys has no business in a schema.", _control_characters),
    Rule("native-enum", "hint", "P",
         "Removing or reordering a value means making the type anew.", _native_enums),
    Rule("char-or-arbitrary-varchar", "hint", "P",
         "The limit of a type has no name and no reason, and is felt when it changes.", _in_types),
    Rule("large-object-in-row", "hint", "",
         "Backups and caches fill with bytes that nobody searches.", _files_in_rows),
)  # fmt: skip
"""Section C: what a value is."""
