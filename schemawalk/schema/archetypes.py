"""Archetypes: what an entity is most like, and what such things usually have and are asked for.

After Coad's four archetypes (moment-interval, role, party-place-thing, description), split where a
schema treats their kinds differently.  What a row proposes is only ever proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Ending, Known
from schemawalk.schema.names import words


@dataclass(frozen=True, slots=True)
class Usual:
    """An attribute that things of an archetype usually have."""

    name: str
    kind: str
    required: Known = "start"
    default: str = "none"
    purpose: str = ""
    values: tuple[str, ...] = ()
    unique: bool = False
    rule: str = ""
    length: int | None = None
    sensitivity: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An access pattern that things of an archetype usually meet.

    `{things}` and `{owner}` stand for the entity's plural and its owner; `@owner` in `equals` for
    the relationship to the owner.
    """

    name: str
    equals: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    range: str = ""
    fixed: tuple[str, ...] = ()
    limit: int | None = None
    who: str = ""
    often: str = "constantly"


@dataclass(frozen=True, slots=True)
class Archetype:
    """One row of the table of archetypes."""

    id: str
    label: str
    leads_to: str
    nouns: str
    """Words whose presence in a name suggests it."""
    usual: tuple[Usual, ...]
    asked: tuple[Asked, ...] = ()
    ending: Ending = "cascade"
    """What usually happens to it when its owner is deleted."""
    rows: int = 100_000
    """Rows after a year when nobody says otherwise."""
    mutable: bool = True


CREATED: Final = Usual("created_at", "moment", default="now", purpose="when it was added")
UPDATED: Final = Usual("updated_at", "moment", default="now", purpose="when it last changed")

_NAME: Final = Usual("name", "short-text", purpose="what people call it")
_MINE: Final = Asked("{owner} sees their {things}, newest first", ("@owner",), ("-created_at",),
                     limit=20)  # fmt: skip


def _status(*values: str) -> Usual:
    purpose = "how far it has come"
    return Usual("status", "one-of", "start", f"'{values[0]}'", purpose, values)


_ROWS: Final = (
    Archetype(
        "person", "person or account", "somebody who signs in or is spoken of",
        "user member customer client officer owner admin administrator patient student teacher "
        "author employee manager guest host buyer seller driver reader coach trainer contact "
        "account profile person people consumer analyst reviewer auditor candidate applicant",
        (
            Usual("email", "email", unique=True, sensitivity="personal",
                  purpose="where they are reached; one account an address"),
            Usual("name", "short-text", "optional", purpose="how they are addressed",
                  sensitivity="personal"),
            CREATED,
            UPDATED,
        ),
        ending="set-null", rows=10_000,
    ),
    Archetype(
        "group", "group or tenant", "people who share data that others must not see",
        "team organisation organization company workspace tenant group household club school "
        "department department agency firm business shop restaurant",
        (_NAME, CREATED, UPDATED),
        ending="restrict", rows=1_000,
    ),
    Archetype(
        "thing", "thing or file", "something that people make, upload or own",
        "document file image photo video product asset item book vehicle device recipe page "
        "article post project report dish menu listing property song deck card",
        (Usual("name", "short-text", purpose="what it is called"), CREATED, UPDATED),
        (_MINE,),
    ),
    Archetype(
        "place", "place", "somewhere, with an address or coordinates",
        "place location address room venue warehouse store branch site building table desk space "
        "city country region zone court",
        (_NAME, Usual("address", "long-text", "optional", purpose="where it is"), CREATED, UPDATED),
        ending="restrict", rows=5_000,
    ),
    Archetype(
        "catalogue", "catalogue entry or lookup", "a list that the product's makers or operators "
        "keep and others choose from",
        "framework category type plan template standard skill genre tag topic currency language "
        "regulation policy exercise ingredient allergen badge feature rule criterion",
        (
            Usual("code", "identifier", unique=True, purpose="short, stable name for programs"),
            Usual("name", "short-text", purpose="name for people"),
            Usual("description", "long-text", "optional", purpose="what it means"),
            Usual("active", "yes-no", default="true", purpose="whether it is still offered"),
            CREATED,
            UPDATED,
        ),
        ending="restrict", rows=500,
    ),
    Archetype(
        "event", "something that happened", "written once, never changed; read by time",
        "event log visit view click usage reading measurement login download activity play scan "
        "check-in entry",
        (Usual("event_type", "short-text", purpose="what happened"), CREATED),
        (Asked("{things} of one {owner} in a period", ("@owner",), range="created_at",
               who="report", often="daily"),),
        ending="set-null", rows=1_000_000, mutable=False,
    ),
    Archetype(
        "process", "something that takes time", "it starts, runs and ends, and may fail",
        "assessment order booking job run request reservation appointment task review session "
        "application analysis rental loan shipment delivery trip workout match game campaign "
        "evaluation ticket upload import export approval transfer consultation inspection",
        (
            _status("pending", "processing", "completed", "failed"),
            Usual("error_message", "long-text", "later", purpose="what went wrong, if it did"),
            Usual("started_at", "moment", "later", purpose="when work on it began"),
            Usual("completed_at", "moment", "later", purpose="when it was finished",
                  rule="completed_at >= started_at"),
            CREATED,
            UPDATED,
        ),
        (
            _MINE,
            Asked("the worker takes the oldest pending {things}", (), ("created_at",),
                  fixed=("status in ('pending', 'processing')",), limit=10, who="worker"),
        ),
    ),
    Archetype(
        "line", "line of something", "a part that has no life without its whole",
        "line item finding answer part detail row slide section step citation ingredient_line "
        "variant set",
        (
            Usual("position", "whole-number", default="0", purpose="its place among the others",
                  rule="position >= 0"),
            Usual("description", "long-text", "optional", purpose="what it says"),
            CREATED,
        ),
        (Asked("the {things} of one {owner}, in order", ("@owner",), ("position",)),),
        rows=500_000,
    ),
    Archetype(
        "message", "message", "something that one party tells another",
        "message comment notification note reply feedback invitation alert announcement email "
        "rating",
        (
            Usual("body", "long-text", purpose="what it says"),
            Usual("read_at", "moment", "later", purpose="when it was read"),
            CREATED,
        ),
        (_MINE,),
        rows=500_000, mutable=False,
    ),
    Archetype(
        "money", "money", "a payment, a plan, an invoice: kept even when people leave",
        "payment invoice subscription refund charge payout transaction bill deposit donation "
        "price budget expense",
        (
            Usual("amount_cents", "money", purpose="how much, in minor units",
                  rule="amount_cents >= 0"),
            Usual("currency", "short-text", default="'EUR'", purpose="ISO 4217 code",
                  rule="length(currency) = 3"),
            _status("pending", "paid", "failed", "refunded"),
            CREATED,
            UPDATED,
        ),
        (_MINE,),
        ending="restrict",
    ),
    Archetype(
        "key", "key or session", "lets somebody or something in for a time",
        "key token session invite credential webhook api otp link",
        (
            Usual("token_hash", "secret", unique=True, sensitivity="secret",
                  purpose="hash of the token; the token itself is shown once"),
            Usual("expires_at", "moment", "optional", purpose="when it stops working"),
            Usual("last_used_at", "moment", "later", purpose="when it was last used"),
            CREATED,
        ),
        ending="cascade", rows=50_000,
    ),
    Archetype(
        "setting", "setting", "a choice that somebody made once and may change",
        "setting preference configuration option preferences settings",
        (
            Usual("name", "short-text", purpose="which choice"),
            Usual("value", "json", default="'{}'", purpose="what was chosen"),
            CREATED,
            UPDATED,
        ),
        rows=20_000,
    ),
)  # fmt: skip

ARCHETYPES: Final[Mapping[str, Archetype]] = {row.id: row for row in _ROWS}
"""All archetypes by id, in the order in which they are offered."""

_BY_NOUN: Final[Mapping[str, str]] = {
    noun: row.id for row in reversed(_ROWS) for noun in row.nouns.split()
}


def guess_archetype(name: str) -> tuple[str, str]:
    """The archetype that a name suggests, and the word that spoke for it (empty when none did).

    The last word of an English compound is what the thing is, so it is asked first.
    """
    for word in reversed(words(name)):
        if word in _BY_NOUN:
            return _BY_NOUN[word], word
    return "thing", ""


def archetype_of(archetype: str | None, name: str) -> Archetype:
    """The archetype as answered, or as the name suggests."""
    return ARCHETYPES.get(archetype or "") or ARCHETYPES[guess_archetype(name)[0]]
