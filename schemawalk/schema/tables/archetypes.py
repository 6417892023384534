"""Archetypes: what an entity is most like, and what such things usually have and are asked for.

After Coad's four archetypes (moment-interval, role, party-place-thing, description), split where a
schema treats their kinds differently.  What a row proposes is only ever proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schemawalk.design.choices import Ending, Known
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
    """What is proposed."""
    often: tuple[Usual, ...] = ()
    """What many of them have too: offered, and proposed only when somebody ticks it."""
    asked: tuple[Asked, ...] = ()
    ending: Ending = "cascade"
    """What usually happens to it when its owner is deleted."""
    rows: int = 100_000
    """Rows after a year when nobody says otherwise."""
    mutable: bool = True

    @property
    def brings(self) -> tuple[str, ...]:
        """What it proposes, one sentence each: facts, the end with its owner, questions asked."""
        facts = ", ".join(each.name for each in self.usual)
        ends = {"cascade": "it goes too", "set-null": "it stays, without it",
                "restrict": "the delete is refused"}[self.ending]  # fmt: skip
        asked = "; ".join(each.name for each in self.asked)
        sentences = (f"Facts: {facts}.", f"When its owner is deleted: {ends}.")
        return (*sentences, f"Asked for: {asked}.") if asked else sentences


CREATED: Final = Usual("created_at", "moment", default="now", purpose="when it was added")
UPDATED: Final = Usual("updated_at", "moment", default="now", purpose="when it last changed")

_NAME: Final = Usual("name", "short-text", purpose="what people call it")
_SLUG: Final = Usual("slug", "identifier", unique=True, purpose="its name in addresses (URLs)")
_ACTIVE: Final = Usual("active", "yes-no", default="true", purpose="whether it is still in use")
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
        "account profile person people consumer analyst reviewer auditor candidate applicant "
        "doctor nurse",
        (
            Usual("email", "email", unique=True, sensitivity="personal",
                  purpose="where they are reached; one account an address"),
            Usual("name", "short-text", "optional", purpose="how they are addressed",
                  sensitivity="personal"),
            CREATED,
            UPDATED,
        ),
        (
            Usual("phone", "phone", "optional", purpose="where they are called",
                  sensitivity="personal"),
            Usual("last_seen_at", "moment", "later", purpose="when they last came"),
            Usual("email_verified_at", "moment", "later", purpose="when the address was proven"),
            Usual("bio", "long-text", "optional", purpose="what they say of themselves"),
            Usual("avatar_url", "url", "optional", purpose="their picture"),
            Usual("preferences", "json", "optional", purpose="what they chose for themselves"),
        ),
        ending="set-null", rows=10_000,
    ),
    Archetype(
        "group", "group or tenant", "people who share data that others must not see",
        "team organisation organization company workspace tenant group household club school "
        "department department agency firm business shop restaurant clinic hospital",
        (_NAME, CREATED, UPDATED),
        (
            _SLUG,
            Usual("description", "long-text", "optional", purpose="what it is about"),
            _ACTIVE,
            Usual("plan", "one-of", default="'free'", purpose="what it pays for",
                  values=("free", "paid")),
            Usual("logo_url", "url", "optional", purpose="its picture"),
        ),
        ending="restrict", rows=1_000,
    ),
    Archetype(
        "thing", "thing or file", "something that people make, upload or own",
        "document file image photo video product asset item book vehicle device recipe page "
        "article post project report dish menu listing property song deck card",
        (Usual("name", "short-text", purpose="what it is called"), CREATED, UPDATED),
        (
            Usual("description", "long-text", "optional", purpose="what it is"),
            _SLUG,
            _ACTIVE,
            Usual("price_cents", "money", "optional", purpose="what it costs, in minor units",
                  rule="price_cents >= 0"),
            Usual("image_url", "url", "optional", purpose="its picture"),
            Usual("metadata", "json", "optional", purpose="whatever else is known of it"),
        ),
        (_MINE,),
    ),
    Archetype(
        "place", "place", "somewhere, with an address or coordinates",
        "place location address room venue warehouse store branch site building table desk space "
        "city country region zone court",
        (_NAME, Usual("address", "long-text", "optional", purpose="where it is"), CREATED, UPDATED),
        (
            Usual("location", "coordinates", "optional", purpose="where it is on the map"),
            Usual("timezone", "short-text", "optional", purpose="whose clock counts there"),
            Usual("phone", "phone", "optional", purpose="where it is called"),
            Usual("capacity", "whole-number", "optional", purpose="how many fit in",
                  rule="capacity > 0"),
            _SLUG,
            _ACTIVE,
        ),
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
        (
            Usual("position", "whole-number", default="0", purpose="its place in the list",
                  rule="position >= 0"),
            Usual("unit", "short-text", "optional", purpose="what it is measured in"),
            Usual("valid_from", "date", "optional", purpose="from which day it counts"),
        ),
        ending="restrict", rows=500,
    ),
    Archetype(
        "event", "something that happened", "written once, never changed; read by time",
        "event log visit view click usage reading measurement login download activity play scan "
        "check-in entry",
        (Usual("event_type", "short-text", purpose="what happened"), CREATED),
        (
            Usual("payload", "json", "optional", purpose="what was known when it happened"),
            Usual("quantity", "whole-number", default="1", purpose="how much of it",
                  rule="quantity > 0"),
            Usual("occurred_at", "moment", purpose="when it happened, if not when it was noted"),
            Usual("notes", "long-text", "optional", purpose="what somebody remarked"),
        ),
        (Asked("{things} of one {owner} in a period", ("@owner",), range="created_at",
               who="report", often="daily"),),
        ending="set-null", rows=1_000_000, mutable=False,
    ),
    Archetype(
        "process", "work that runs", "a worker begins it, and it ends or fails",
        "assessment job run session analysis evaluation upload import export inspection",
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
            Usual("scheduled_at", "moment", "optional", purpose="when it is to begin"),
            Usual("cancelled_at", "moment", "later", purpose="when somebody called it off"),
            Usual("notes", "long-text", "optional", purpose="what somebody remarked"),
            Usual("duration_ms", "whole-number", "later", purpose="how long it took",
                  rule="duration_ms >= 0"),
        ),
        (
            _MINE,
            Asked("the worker takes the oldest pending {things}", (), ("created_at",),
                  fixed=("status in ('pending', 'processing')",), limit=10, who="worker"),
        ),
    ),
    Archetype(
        "dealing", "order, booking or task", "people agree on it, and it is kept or called off",
        "order booking request reservation appointment task review application rental loan "
        "shipment delivery trip workout match game campaign ticket approval transfer consultation",
        (
            _status("pending", "confirmed", "completed", "cancelled"),
            Usual("cancelled_at", "moment", "later", purpose="when somebody called it off"),
            CREATED,
            UPDATED,
        ),
        (
            Usual("starts_at", "moment", "optional", purpose="when it begins"),
            Usual("ends_at", "moment", "optional", purpose="when it ends",
                  rule="ends_at > starts_at"),
            Usual("due_on", "date", "optional", purpose="by which day it should be done"),
            Usual("completed_at", "moment", "later", purpose="when it was finished"),
            Usual("reference", "identifier", unique=True, purpose="what people call it by"),
            Usual("total_cents", "money", "optional", purpose="what it costs, in minor units",
                  rule="total_cents >= 0"),
            Usual("notes", "long-text", "optional", purpose="what somebody remarked"),
        ),
        (_MINE,),
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
        (
            Usual("quantity", "decimal", default="1", purpose="how much of it",
                  rule="quantity > 0"),
            Usual("unit", "short-text", "optional", purpose="what the quantity is measured in"),
            Usual("price_cents", "money", "optional", purpose="what one costs, in minor units",
                  rule="price_cents >= 0"),
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
        (
            Usual("subject", "short-text", "optional", purpose="what it is about"),
            Usual("channel", "one-of", default="'in-app'", purpose="by which way it goes",
                  values=("in-app", "email", "sms")),
            Usual("sent_at", "moment", "later", purpose="when it went out"),
            Usual("rating", "whole-number", "optional", purpose="stars from 1 to 5",
                  rule="rating between 1 and 5"),
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
        (
            Usual("paid_at", "moment", "later", purpose="when the money came"),
            Usual("provider_reference", "identifier", "later", unique=True,
                  purpose="the payment provider's id for it"),
            Usual("payment_method", "short-text", "optional", purpose="how it was paid"),
            Usual("description", "long-text", "optional", purpose="what it was for"),
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
        (
            Usual("label", "short-text", "optional", purpose="what its owner calls it"),
            Usual("revoked_at", "moment", "later", purpose="when it was taken back"),
            Usual("scopes", "list", "optional", purpose="what it may be used for"),
            Usual("user_agent", "long-text", "optional", purpose="with which program it came"),
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
        (Usual("description", "long-text", "optional", purpose="what it changes"),),
        rows=20_000,
    ),
)  # fmt: skip

TAKES_TIME: Final = ("process", "dealing")
"""Archetypes of what begins, goes on and ends."""

ARCHETYPES: Final[Mapping[str, Archetype]] = {row.id: row for row in _ROWS}
"""All archetypes by id, in the order in which they are offered."""

_BY_NOUN: Final[Mapping[str, str]] = {
    noun: row.id for row in reversed(_ROWS) for noun in row.nouns.split()
}


@lru_cache(maxsize=8192)
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
