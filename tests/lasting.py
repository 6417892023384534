"""A museum's design in which rows have their time: partitions, clean-up, forgetting and seeds."""

from __future__ import annotations

from schemawalk.design.model import Attribute, Design
from schemawalk.design.whole import Keeping, Stack
from tests.schema.designs import entity, fact, link


def made(name: str) -> Attribute:
    """When a row of that entity was made."""
    return fact(name, "created_at", required="start", default="now")


def museum(*, identifiers: str = "uuid", made_up_rows: int | None = None) -> Design:
    """Visits by month, tickets by status, readings spread evenly, uploads by venue; members who
    may be forgotten, with notes that go and orders that stay; exhibits chosen from lists."""
    return Design(
        stack=Stack.model_validate({"identifiers": identifiers}),
        entities=(
            entity("Venue", fact("venue", "name", required="start", unique="alone"),
                   archetype="group"),
            entity(
                "Member",
                fact("member", "email", required="start", unique="alone", sensitivity="personal"),
                fact("member", "full_name", sensitivity="personal"),
                fact("member", "password_hash", required="start", sensitivity="secret"),
                made("member"), archetype="person",
            ),
            entity("Visit", fact("visit", "page", required="start", length=80, unique="alone"),
                   made("visit"), archetype="event", partition="range",
                   partition_by="created_at", keep_for="2 years"),
            entity(
                "Ticket",
                fact("ticket", "status", required="start", values=("open", "it's done"),
                     kept_by="developers", default="'open'"),
                made("ticket"), fact("ticket", "closed_at"),
                partition="list", partition_by="status", keep_for="90 days",
            ),
            entity("Reading", fact("reading", "value", kind="decimal", required="start"),
                   made("reading"), partition="hash", partition_by="venue_reading",
                   rows=50_000_000, archetype="event"),
            entity("Note", fact("note", "body", required="start", sensitivity="personal"),
                   made("note"), deletion="soft", forget="delete"),
            entity("Upload", fact("upload", "title", required="start"),
                   partition="list", partition_by="venue_upload"),
            entity("Style", fact("style", "code", required="start", unique="alone"),
                   fact("style", "name", required="start"), archetype="catalogue",
                   seeds=("code = 'cubism', name = 'Cubism'", "code = 'dada', name = 'Dada'")),
            entity("Term", fact("term", "number", kind="whole-number", required="start"),
                   fact("term", "meaning"), archetype="catalogue",
                   seeds=("style = 'cubism', number = 1, meaning = 'It''s a facet'",
                          "style = 'dada', number = 1", "style = 'baroque', number = 1")),
            entity(
                "Exhibit",
                fact("exhibit", "state", required="start", values=("shown", "stored"),
                     default="'shown'", must_hold=("stored: stored_at is not null",)),
                fact("exhibit", "size", kind="one-of", kept_by="users", required="start",
                     values=("small", "very_large")),
                fact("exhibit", "opens_at", required="start"),
                fact("exhibit", "closes_at", rules=("closes_at > opens_at",)),
                fact("exhibit", "stored_at"), fact("exhibit", "tags"),
                fact("exhibit", "price_cents", required="start", rules=("price_cents >= 0",)),
                fact("exhibit", "lender_phone", sensitivity="personal"),
                fact("exhibit", "place", kind="coordinates"),
            ),
            entity("Remark", fact("remark", "body", required="start")),
        ),
        relationships=(
            link("venue", "member", on_delete="restrict"),
            link("member", "visit", on_delete="set-null", optional="yes"),
            link("member", "ticket", on_delete="cascade"),
            link("venue", "reading", on_delete="cascade"),
            link("member", "note", on_delete="cascade"),
            link("venue", "upload", on_delete="cascade"),
            link("note", "upload", on_delete="restrict", optional="yes"),
            link("style", "term", on_delete="cascade"),
            link("style", "exhibit", on_delete="restrict"),
            link("venue", "exhibit", on_delete="restrict"),
            link("member", "exhibit", on_delete="restrict"),
            link("exhibit", "remark", on_delete="cascade"),
            link("remark", "remark", id="answers", itself="tree", optional="yes",
                 on_delete="cascade"),
            link("exhibit", "term", id="words", many_a="yes", on_delete="cascade",
                 on_delete_b="restrict"),
        ),
        keeping=Keeping(cleanup="job", restore_days=30, forget="anonymise",
                        made_up_rows=made_up_rows),
    )  # fmt: skip
