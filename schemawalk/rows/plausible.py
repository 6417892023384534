"""Values that look like the product's own, and are obviously made up: for rows to develop with.

The same row of the same column always has the same value.  Names are those of nobody, addresses
end in example.org (RFC 2606), numbers of telephones and machines are reserved for examples
(+1 202 555 01xx; RFC 5737).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from schemawalk.design.model import Attribute
from schemawalk.schema.kinds import KINDS, guess_kind, kind_of, values_of
from schemawalk.schema.language.expression import Literal, Value
from schemawalk.schema.model import Column, Table
from schemawalk.schema.names import words

FIRST_NAMES: Final = (
    "Ada", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gwen", "Hugo", "Ines", "Jan", "Kai", "Lea", "Mio",
    "Nora", "Otto", "Pia", "Quinn", "Rosa", "Sam", "Tess",
)  # fmt: skip
LAST_NAMES: Final = ("Sample", "Example", "Placeholder", "Specimen", "Pattern", "Draft", "Model")
TITLES: Final = (
    "Spring", "Harbour", "Maple", "Lantern", "Meadow", "Copper", "Willow", "Summit", "Amber",
    "River", "Cedar", "Orchard", "Granite", "Juniper", "Beacon", "Clover",
)  # fmt: skip
SENTENCES: Final = (
    "Made up, so that the page of {many} is full.",
    "The {one} of an example: nobody wrote this, and nobody needs to read it.",
    "A longer text about a {one}. It has a second sentence, as real ones have. And a third.",
    "Looked at twice; nothing is missing from this {one}.",
)
CITIES: Final = ("Berlin", "New York", "Sydney", "Tokyo", "Nairobi")
PLACES: Final = ((52.520008, 13.404954), (40.712776, -74.005974), (-33.868820, 151.209290),
                 (35.689487, 139.691711), (-1.292066, 36.821946))  # fmt: skip
"""Latitudes and longitudes of squares in those cities."""
NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "city": CITIES, "town": CITIES,
    "time_zone": ("Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Tokyo",
                  "Africa/Nairobi"),
    "country": ("Germany", "United States", "Australia", "Japan", "Kenya"),
    "country_code": ("DE", "US", "AU", "JP", "KE"),
    "currency": ("EUR", "USD", "EUR", "GBP", "EUR"),
    "language": ("en", "de", "fr", "pl"), "locale": ("en-GB", "de-DE", "fr-FR", "pl-PL"),
    "color": ("green", "amber", "blue", "violet"), "colour": ("green", "amber", "blue", "violet"),
    "template": ("welcome", "reminder", "receipt", "invitation"),
    "mime_type": ("application/pdf", "image/png", "text/csv"),
    "content_type": ("application/pdf", "image/png", "text/csv"),
    "unit": ("piece", "kg", "m"),
}  # fmt: skip
"""Texts by the end of a column's name; of what stands at one place, each in its turn."""
_ALSO: Final[Mapping[str, str]] = {
    "timezone": "time_zone", "currency_code": "currency", "language_code": "language",
    "country_iso": "country_code", "iso_code": "country_code",
}  # fmt: skip
_SHARES: Final = (5, 10, 20, 25, 50, 75)
_TAXES: Final = (19, 20, 23, 7)
_PICTURES: Final = ("photo", "picture", "image", "avatar", "logo", "cover", "portrait")
_NUMBERED: Final = ("number", "reference", "code", "sku")
"""Last words of columns whose text counts."""
_TITLED: Final = ("name", "title", "label", "subject", "headline", "caption")
"""Last words of columns whose text is what the row is called."""

START: Final = datetime(2025, 1, 6, 8, 0)
"""A Monday morning: the first row."""
_STEP: Final = timedelta(minutes=97)
"""From one row to the next: at 1,000 rows it is spring."""
_MOMENT: Final = "%Y-%m-%dT%H:%M:%S.000Z"
_RARELY: Final = frozenset(("deleted_at", "archived_at", "revoked_at", "cancelled_at"))
_LATER: Final = ("expires_at", "due_at", "ends_at", "valid_until", "valid_to")
_SMALL: Final[Mapping[str, tuple[int, int]]] = {
    "quantity": (1, 9), "count": (0, 40), "position": (1, 20), "age": (18, 80), "rating": (1, 5),
    "stars": (1, 5), "year": (1990, 2025), "version": (1, 3), "pages": (1, 120), "seats": (2, 40),
    "minutes": (5, 90), "hours": (1, 8), "days": (1, 30), "bytes": (2_000, 4_000_000),
    "ms": (5, 900), "priority": (1, 5), "level": (1, 10),
}  # fmt: skip
"""Whole numbers, from and to, by the last word of a column's name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes: the how-manieth row of a table, and which of its columns."""

    table: Table
    column: Column
    attribute: Attribute | None
    number: int
    """Counted from 0."""

    @property
    def noun(self) -> str:
        """What one row is called: "usage event"."""
        return " ".join(words(self.table.entity)) or " ".join(words(self.table.name))

    def mixed(self, most: int) -> int:
        """A number below `most` that looks random, and is the same each time."""
        salt = f"{self.table.name}.{self.column.name}.{self.number}"
        return zlib.crc32(salt.encode()) % most

    def pick(self, choices: tuple[str, ...]) -> str:
        """One of the choices, each in its turn."""
        return choices[self.number % len(choices)]

    def again(self, choices: tuple[str, ...]) -> str:
        """Nothing in the first round of the choices, then which round it is: " 2"."""
        turn = self.number // len(choices)
        return f" {turn + 1}" if turn else ""


def plausible(place: Place) -> Iterator[Value]:
    """Values for the place, the best first; none where nothing better than any value is known."""
    column, attribute = place.column, place.attribute
    if column.nullable and _is_empty(place):
        yield None
    if _family(column.type.name) == "text" and not (attribute and values_of(attribute)):
        yield from _named(place)
    kind = kind_of(attribute).id if attribute else guess_kind(column.name)
    if attribute is None and isinstance(column.default, Literal):
        yield column.default.value
    elif attribute and values_of(attribute):
        values = values_of(attribute)
        yield values[place.mixed(len(values))]
    else:
        own = _BY_KIND.get(kind)
        if own and _family(KINDS[kind].type.name) == _family(column.type.name):
            yield own(place)
    if by_type := _BY_TYPE.get(column.type.name):
        yield by_type(place)


def _named(place: Place) -> Iterator[str]:
    """A text that fits what the column's name says: a currency, a time zone, a city."""
    said = "_".join(words(place.column.name))
    ends = (said, *(said.split("_", at)[at] for at in range(1, said.count("_") + 1)))
    for end in ends:
        if known := NAMED.get(_ALSO.get(end, end)):
            yield place.pick(known)
            if end == "country":
                yield place.pick(NAMED["country_code"])
            return


def _family(type_: str) -> str:
    """The type, or the one whose values it takes as well."""
    return {"varchar": "text", "bigint": "integer"}.get(type_, type_)


def _is_empty(place: Place) -> bool:
    """Whether an optional value is left out: what ends a row mostly is, the rest now and then."""
    salt = f"{place.table.name}.{place.column.source or place.column.name}.{place.number}"
    often = zlib.crc32(salt.encode())
    return often % 10 != 0 if place.column.name in _RARELY else often % 4 == 0


def person(number: int) -> tuple[str, str]:
    """First and last name of somebody who does not exist."""
    first, turn = FIRST_NAMES[number % len(FIRST_NAMES)], number // len(FIRST_NAMES)
    return first, LAST_NAMES[(number + turn) % len(LAST_NAMES)]


def _email(place: Place) -> str:
    first, last = person(place.number)
    return f"{first}.{last}.{place.number + 1}@example.org".lower()


def _short(place: Place) -> str:
    name = place.column.name
    first, last = person(place.number)
    if name in ("first_name", "given_name", "forename"):
        return first
    if name in ("last_name", "family_name", "surname"):
        return last
    if place.column.sensitivity == "personal" and name.endswith("name"):
        return f"{first} {last}"
    if name.endswith(("file_name", "filename")):
        return f"{_slug(place)}.pdf"
    last = words(name)[-1] if words(name) else name
    if last in _NUMBERED:
        return _identifier(place)
    what = place.noun if last in _TITLED else last
    return f"{place.pick(TITLES)} {what}{place.again(TITLES)}"


def _long(place: Place) -> str:
    plural = " ".join(words(place.table.name))
    return place.pick(SENTENCES).format(one=place.noun, many=plural)


def _slug(place: Place) -> str:
    return f"{place.pick(TITLES)} {place.noun}{place.again(TITLES)}".lower().replace(" ", "-")


def _identifier(place: Place) -> str:
    if place.column.name.endswith("slug"):
        return _slug(place)
    start = "".join(word[:1] for word in words(place.table.entity or place.table.name)).upper()
    return f"{start}-{place.number + 1:04d}"


def _whole(place: Place) -> int:
    low, high = _SMALL.get(words(place.column.name)[-1], (1, 100))
    return low + place.mixed(high - low + 1)


def _money(place: Place) -> int:
    return 500 + 100 * place.mixed(400) - (1 if place.mixed(3) else 0)


def _decimal(place: Place) -> Decimal:
    scale = min(place.column.type.scale or 0, 2)
    digits = max((place.column.type.precision or 6) - (place.column.type.scale or 0), 1)
    value = Decimal(place.mixed(10_000)) / 100
    fitting = value % Decimal(10) ** min(digits, 3)
    return fitting.quantize(Decimal(1).scaleb(-scale))


def _percentage(place: Place) -> Decimal:
    """A share as people set it, in the digits of its column."""
    taxed = {"tax", "vat"} & set(words(place.column.name))
    known = _TAXES if taxed else _SHARES
    scale = min(place.column.type.scale or 0, 2)
    return Decimal(known[place.mixed(len(known))]).quantize(Decimal(1).scaleb(-scale))


def _file(place: Place) -> str:
    ending = "jpg" if place.column.name.endswith(_PICTURES) else "pdf"
    return f"uploads/{moment(place.number):%Y/%m}/{_slug(place)}.{ending}"


def _list(place: Place) -> str:
    """Two different words, as JSON."""
    first = place.mixed(len(TITLES))
    return json.dumps([TITLES[at % len(TITLES)].lower() for at in (first, first + 5)])


def _coordinate(place: Place) -> Decimal:
    at = PLACES[place.number % len(PLACES)][place.column.name.endswith("longitude")]
    moved = Decimal(str(at)) + Decimal(place.mixed(20_000) - 10_000) / 1_000_000
    return moved.quantize(Decimal(1).scaleb(-(place.column.type.scale or 6)))


def moment(number: int) -> datetime:
    """When the how-manieth row came about."""
    return START + number * _STEP


def _moment(place: Place) -> str:
    """In the order of the table's columns, so that what comes later is later."""
    names = [c.name for c in place.table.columns if c.type.name == "timestamptz"]
    after = timedelta(minutes=11 * names.index(place.column.name))
    if place.column.name in _LATER:
        after += timedelta(days=30)
    return (moment(place.number) + after).strftime(_MOMENT)


def _date(place: Place) -> str:
    if "birth" in place.column.name or place.column.name.startswith("born"):
        return (date(1960, 1, 1) + timedelta(days=place.mixed(16_000))).isoformat()
    days = [c.name for c in place.table.columns if c.type.name == "date"]
    after = timedelta(days=days.index(place.column.name))
    return (moment(place.number).date() + after).isoformat()


_BY_KIND: Final[Mapping[str, Callable[[Place], Value]]] = {
    "email": _email,
    "short-text": _short,
    "long-text": _long,
    "identifier": _identifier,
    "whole-number": _whole,
    "money": _money,
    "percentage": _percentage,
    "decimal": _decimal,
    "coordinates": _coordinate,
    "phone": lambda place: f"+12025550{100 + place.number % 100}",
    "url": lambda place: f"https://example.org/{words(place.table.name)[-1]}/{place.number + 1}",
    "file": _file,
    "secret": lambda place: f"made-up-and-no-secret-{place.number + 1}",
}
"""By kind of fact."""

_BY_TYPE: Final[Mapping[str, Callable[[Place], Value]]] = {
    "text": _short,
    "varchar": _short,
    "boolean": lambda place: place.mixed(4) != 0,
    "integer": _whole,
    "bigint": _whole,
    "numeric": _decimal,
    "date": _date,
    "timestamptz": _moment,
    "interval": lambda place: 900 * (1 + place.mixed(16)),
    "json": lambda place: json.dumps({"made_up": True, "number": place.number + 1}),
    "list": _list,
    "inet": lambda place: f"192.0.2.{1 + place.number % 254}",
    "bytes": lambda place: f"made up {place.number + 1}",
}
"""By type, for what has no kind of its own."""
