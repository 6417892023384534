"""Designs with every kind of key and of index, for tests of derivation, of SQL and of proofs."""

from __future__ import annotations

from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Stack
from tests.schema.designs import entity, fact, link, pattern

NO_OVERLAP = Rule(
    id="no_overlap",
    says="Two bookings of one court do not overlap",
    entity="booking",
    kept_by="exclusion",
    over=("court_booking", "starts_at", "ends_at"),
    expression="status <> 'cancelled'",
)


def club(**update: object) -> Design:
    """Clubs that share tables: courts, players, and bookings that do not overlap."""
    design = Design(
        stack=Stack(tenancy="shared"),
        entities=(
            entity("Club", fact("club", "name", required="start"), archetype="group"),
            entity("Player", fact("player", "email", required="start", unique="per-tenant"),
                   archetype="person", tenant="yes"),
            entity("Court", fact("court", "name", required="start"), tenant="yes",
                   identity=("name",)),
            entity(
                "Booking",
                fact("booking", "starts_at", required="start"),
                fact("booking", "ends_at", required="start"),
                fact("booking", "status", required="start", default="'open'",
                     values=("open", "cancelled"), kept_by="developers"),
                tenant="yes", deletion="soft",
            ),
            entity("Note", fact("note", "body", kind="long-text", required="start"), tenant="yes"),
            entity("Tag", fact("tag", "name", required="start"), tenant="yes"),
        ),
        relationships=(
            link("club", "player", on_delete="cascade"),
            link("club", "court", on_delete="cascade"),
            link("court", "booking", on_delete="cascade"),
            link("player", "booking", on_delete="restrict"),
            link("booking", "note", optional="yes", on_delete="set-null"),
            link("note", "tag", many_a="yes"),
        ),
        access_patterns=(
            pattern("Bookings of a court, newest first", "booking", equals=("court_booking",),
                    sort=("-starts_at",)),
        ),
        rules=(NO_OVERLAP,),
    )  # fmt: skip
    return design.model_copy(update=update)


def farm(**update: object) -> Design:
    """Natural keys, circles, parents of several kinds, and an index of every kind."""
    design = Design(
        entities=(
            entity("Country", fact("country", "code", length=2, required="start"),
                   fact("country", "name", required="start"), identity=("code",), key="natural"),
            entity("City", fact("city", "name", required="start")),
            entity(
                "Post",
                fact("post", "title", required="start"),
                fact("post", "body", kind="long-text", required="start"),
                fact("post", "tags", kind="list", required="start"),
                fact("post", "meta", kind="json"),
                fact("post", "email", kind="email", collation="any-case"),
                fact("post", "created_at", required="start", default="now"),
                fact("post", "starts_on", kind="date"),
                fact("post", "ends_on", kind="date"),
            ),
            entity("Visit", fact("visit", "created_at", required="start", default="now"),
                   fact("visit", "path", required="start"), archetype="event", rows=50_000_000),
            entity("Document", fact("document", "name", required="start")),
            entity("Task", fact("task", "name", required="start")),
            entity("Comment", fact("comment", "body", kind="long-text", required="start")),
            entity("Label", fact("label", "name", required="start")),
            entity("Hen", fact("hen", "name", required="start")),
            entity("Egg", fact("egg", "colour", required="start")),
        ),
        relationships=(
            link("country", "city", on_delete="restrict", on_update="cascade"),
            link("country", "post", optional="yes", on_delete="set-null", on_update="restrict"),
            link("document", "comment", optional="yes", one_of=("task_comment",),
                 one_of_form="parent", on_delete="cascade"),
            link("task", "comment", optional="yes"),
            link("document", "label", optional="yes", one_of=("task_label",),
                 one_of_form="type-id"),
            link("task", "label", optional="yes"),
            link("hen", "egg", on_delete="cascade"),
            link("egg", "hen", role="first egg", on_delete="restrict", checked="at-commit"),
        ),
        access_patterns=(
            pattern("words", "post", contains="body", contains_how="words"),
            pattern("alike", "post", contains="title", contains_how="similar"),
            pattern("tagged", "post", contains="tags"),
            pattern("meta", "post", contains="meta"),
            pattern("mail", "post", equals=("email",)),
            pattern("going on", "post", contains="starts_on", contains_how="time"),
            pattern("newest", "post", equals=("country_post",), sort=("-created_at", "title"),
                    covering=("starts_on",)),
            pattern("long ago", "post", sort=("created_at",), fixed=("starts_on is null",)),
            pattern("visits of a month", "visit", range="created_at"),
            pattern("labels of it", "label", equals=("document_label",)),
        ),
    )  # fmt: skip
    return design.model_copy(update=update)
