"""Kinds of fact: what an attribute can be, which type it gets, and which rules come with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Attribute
from schemawalk.printable import printable
from schemawalk.schema.model import Type


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table of kinds."""

    id: str
    label: str
    type: Type
    leads_to: str
    """What choosing it means for the column, in words."""
    example: str
    """A made-up value, as text."""
    rules: tuple[str, ...] = ()
    """Rules that every such fact obeys; `{0}` is the column."""
    parts: tuple[str, ...] = ()
    """Suffixes of the columns when one fact needs several."""


def _kind(id_: str, label: str, type_: Type, leads_to: str, example: str, *rules: str) -> Kind:
    return Kind(id_, label, type_, leads_to, example, rules)


_TEXT: Final = Type("text")
_DEGREES: Final = Type("numeric", 9, 6)

_ROWS: Final = (
    _kind("identifier", "identifier from elsewhere", _TEXT, "text, usually unique", "ext_8812"),
    _kind("reference", "reference to a row", Type("uuid"), "better a relationship: a bare id "
          "points nowhere that the database can check", "018f2c6e-7b1a-7c3d-9e4f-1a2b3c4d5e6f"),
    _kind("short-text", "name or short text", _TEXT, "text; a length only if a rule demands it",
          "Spring audit"),
    _kind("long-text", "long text", _TEXT, "text without a limit", "Reviewed with the whole team."),
    _kind("whole-number", "whole number", Type("integer"), "integer, or bigint beyond 2 billion",
          "42"),
    _kind("decimal", "decimal number", Type("numeric", 12, 4), "numeric: exact, never float",
          "12.5"),
    _kind("money", "money", Type("bigint"), "whole minor units (cents) in a bigint, with its "
          "currency: exact, and no place to round", "1999"),
    _kind("percentage", "percentage", Type("numeric", 5, 2), "numeric from 0 to 100", "87.5",
          "{0} between 0 and 100"),
    _kind("yes-no", "yes or no", Type("boolean"), "boolean", "true"),
    _kind("date", "date", Type("date"), "a day without a time", "2026-03-14"),
    _kind("moment", "moment", Type("timestamptz"), "timestamptz: an instant, whatever the zone",
          "2026-03-14T09:26:53.589Z"),
    _kind("duration", "duration", Type("interval"), "interval", "3600"),
    _kind("email", "e-mail address", _TEXT, "text that looks like an address; two that differ only "
          "in case are the same", "ada@example.org",
          "{0} matches '^[^@ ]+@[^@ ]+$'"),
    _kind("phone", "phone number", _TEXT, "text in international form (E.164)", "+4930123456",
          "{0} matches '^[+][0-9]{{7,15}}$'"),
    _kind("url", "URL", _TEXT, "text that begins with http", "https://example.org/r/7",
          "{0} matches '^https?://'"),
    _kind("ip-address", "IP address", Type("inet"), "inet: IPv4 or IPv6, with or without the "
          "length of its network", "192.0.2.7"),
    _kind("one-of", "one of a fixed list", _TEXT, "text with a CHECK, a native enum, or a lookup "
          "table: who changes the list decides", "open"),
    _kind("json", "JSON document", Type("json"), "jsonb: flexible, and unchecked inside", "{}"),
    _kind("list", "list of plain values", Type("list"), "a list of texts that refer to nothing",
          "[]"),
    _kind("file", "stored file", _TEXT, "the object store's key; the bytes stay outside",
          "uploads/2026/03/report.pdf"),
    _kind("bytes", "file kept in the row", Type("bytes"), "bytes: for small files only, backups "
          "grow with them", "89504e47"),
    Kind("coordinates", "place on the map", _DEGREES, "latitude and longitude, six decimals",
         "52.520008", ("{0}_latitude between -90 and 90", "{0}_longitude between -180 and 180"),
         ("_latitude", "_longitude")),
    _kind("computed", "computed from others", Type("numeric", 18, 4), "a generated column where an "
          "expression gives it; else written by a job, and NULL until then", "0"),
    _kind("secret", "secret", _TEXT, "only its hash is kept; never in logs, seeds or exports",
          "not-a-real-hash"),
)  # fmt: skip

KINDS: Final[Mapping[str, Kind]] = {kind.id: kind for kind in _ROWS}
"""All kinds by id, in the order in which they are offered."""

WITHOUT_DEFAULT: Final = frozenset(("list", "bytes", "computed", "secret", "duration"))
"""Kinds that have no default."""

_GUESSES: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(^|_)(password|secret|token|hash|pin)(_|$)", "secret"),
        (r"_at$|^timestamp$", "moment"),
        (r"_on$|(^|_)(date|birthday|day)$", "date"),
        (r"^(is|has|can|was)_|(^|_)(active|enabled|billable|archived|public|verified)$", "yes-no"),
        (r"e_?mail(_address)?$", "email"),
        (r"(^|_)ip(_?address)?$", "ip-address"),
        (r"(^|_)(phone|mobile|telephone)(_number)?$", "phone"),
        (r"(^|_)(url|link|website|uri)$", "url"),
        (r"_(ms|seconds|minutes|hours|days|bytes|count|number|pages)$", "whole-number"),
        (r"(^|_)(quantity|count|position|age|year|size|version|rating|stars|capacity)$",
         "whole-number"),
        (r"_cents$|(^|_)(price|amount|cost|fee|total|balance|salary|budget)$", "money"),
        (r"(^|_)(percent|percentage|share)$", "percentage"),
        (r"(^|_)(score|weight|height|width|length|distance|rate|ratio)$", "decimal"),
        (r"(^|_)(status|state|type|role|tier|severity|priority|level|kind|category|gender)$",
         "one-of"),
        (r"(^|_)(description|notes?|comment|body|content|message|summary|bio|reason|text)$",
         "long-text"),
        (r"(^|_)(metadata|settings|results?|payload|data|definition|preferences|details|config)$",
         "json"),
        (r"(^|_)(tags|labels|keywords)$", "list"),
        (r"(^|_)(storage|s3|file|object)_key$|(^|_)(photo|image|avatar|attachment)$", "file"),
        (r"(^|_)(location|coordinates|position_on_map)$", "coordinates"),
        (r"(^|_)duration$", "duration"),
        (r"_id$|(^|_)(code|sku|slug|isbn|reference|external_id)$", "identifier"),
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def guess_kind(name: str) -> str:
    """The kind that a column's name suggests (`…_at` a moment, `status` a fixed list)."""
    for pattern, kind in _GUESSES:
        if pattern.search(name):
            return kind
    return "short-text"


def kind_of(attribute: Attribute) -> Kind:
    """The attribute's kind as answered, or as its name suggests; unknown kinds count as text."""
    return _kind_called(attribute.kind or "", attribute.name)


@lru_cache(maxsize=8192)
def _kind_called(kind: str, name: str) -> Kind:
    return KINDS.get(kind or guess_kind(name), KINDS["short-text"])


def type_of(attribute: Attribute) -> Type:
    """The logical type of the attribute's column; fixed lists are text here.

    What the program encrypts arrives as bytes, whatever it was.
    """
    if attribute.protection == "encrypt":
        return Type("bytes")
    kind = kind_of(attribute)
    if kind.id == "whole-number" and attribute.largest == "bigint":
        return Type("bigint")
    if kind.type.name == "text" and attribute.length and attribute.bounded == "varchar":
        return Type("varchar", attribute.length)
    if kind.type.name == "numeric" and attribute.precision:
        return Type("numeric", attribute.precision, attribute.scale or 0)
    return kind.type


def is_any_case(attribute: Attribute) -> bool:
    """Whether texts that differ only in case are the same: as answered; of addresses they are."""
    asked = attribute.collation == "any-case"
    if not asked and (attribute.collation is not None or attribute.unique in (None, "no")):
        return False
    kind = kind_of(attribute)
    if kind.type.name != "text" or kind.id == "one-of" or is_hidden(attribute):
        return False
    return asked or kind.id == "email"


def is_hidden(attribute: Attribute) -> bool:
    """Whether the database sees only a cipher or a hash, which no rule about the fact can hold."""
    return attribute.protection in ("encrypt", "hash")


def by_database(attribute: Attribute) -> bool:
    """Whether the database encrypts or hashes it, as it is written."""
    return is_hidden(attribute) and attribute.protected_by == "database"


def is_column(attribute: Attribute) -> bool:
    """Whether it becomes a column: a list whose values point at rows becomes a relationship."""
    return not (attribute.holds_keys == "yes" and kind_of(attribute).id == "list")


def values_of(attribute: Attribute) -> tuple[str, ...]:
    """The values of a fixed list, each once, without what a terminal would obey."""
    return tuple(dict.fromkeys(map(printable, attribute.values))) if attribute.values else ()
