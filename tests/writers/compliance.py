"""A design for tests of documents: a product that assesses documents against frameworks."""

from __future__ import annotations

from typing import Any

from schemawalk.design.model import (
    AccessPattern,
    Alternative,
    Attribute,
    Design,
    Entity,
    Note,
    Relationship,
    Step,
)
from schemawalk.design.whole import Product, Source, Stack, Unsaid

JOURNEY = "product-guidelines/00-user-journey.md"


def _fact(entity: str, name: str, kind: str, required: str = "start", **more: Any) -> Attribute:
    made: dict[str, Any] = {"purpose": name.replace("_", " "), **more}
    return Attribute(id=f"{entity}.{name}", name=name, kind=kind, required=required, **made)  # type: ignore[arg-type]


def _stamps(entity: str, *, changes: bool = True) -> tuple[Attribute, ...]:
    created = _fact(entity, "created_at", "moment", default="now", purpose="when it was added")
    updated = _fact(entity, "updated_at", "moment", default="now", purpose="when it last changed")
    return (created, updated) if changes else (created,)


def _team() -> Entity:
    return Entity(
        id="team",
        name="Team",
        purpose="People who share documents that others must not see.",
        origin="unsaid.groups",
        persists="yes",
        owner="system",
        archetype="group",
        created_by="system",
        identity=(),
        rows=500,
        attributes=(_fact("team", "name", "short-text", length=80), *_stamps("team")),
    )


def _user() -> Entity:
    return Entity(
        id="user",
        name="User",
        purpose="Somebody who signs in and asks for assessments.",
        aliases=("Compliance officer",),
        steps=("upload", "share"),
        persists="yes",
        owner="team",
        many="yes",
        archetype="person",
        created_by="system",
        rows=5_000,
        attributes=(
            _fact(
                "user",
                "email",
                "email",
                unique="alone",
                sensitivity="personal",
                purpose="where they are reached; one account an address",
            ),
            _fact(
                "user",
                "role",
                "one-of",
                values=("member", "admin"),
                default="'member'",
                kept_by="developers",
                purpose="what they may do",
            ),
            *_stamps("user"),
        ),
    )


def _document() -> Entity:
    return Entity(
        id="document",
        name="Document",
        purpose="A regulatory document that somebody uploaded.",
        steps=("upload", "assess"),
        persists="yes",
        owner="user",
        many="yes",
        archetype="thing",
        created_by="upload",
        identity=("storage_key",),
        rows=80_000,
        attributes=(
            _fact(
                "document", "file_name", "short-text", length=255, rules=("not blank(file_name)",)
            ),
            _fact(
                "document",
                "file_size_bytes",
                "whole-number",
                largest="bigint",
                rules=("file_size_bytes > 0",),
            ),
            _fact("document", "storage_key", "file", purpose="where the bytes are"),
            _fact(
                "document",
                "status",
                "one-of",
                values=("uploading", "ready", "error"),
                default="'uploading'",
                kept_by="developers",
                purpose="how far the upload is",
            ),
            *_stamps("document"),
        ),
    )


def _framework() -> Entity:
    return Entity(
        id="framework",
        name="Framework",
        purpose="A regulation that documents are held against.",
        steps=("select", "assess"),
        persists="yes",
        owner="system",
        archetype="catalogue",
        created_by="seeded",
        identity=("code",),
        rows=40,
        attributes=(
            _fact("framework", "code", "identifier", purpose="short, stable name"),
            _fact("framework", "name", "short-text"),
            _fact("framework", "active", "yes-no", default="true"),
            *_stamps("framework"),
        ),
    )


def _assessment() -> Entity:
    return Entity(
        id="assessment",
        name="Assessment",
        purpose="One run of a document against the chosen frameworks.",
        steps=("assess", "review", "share"),
        persists="yes",
        owner="document",
        many="yes",
        archetype="process",
        created_by="assess",
        identity=(),
        rows=200_000,
        attributes=(
            _fact(
                "assessment",
                "status",
                "one-of",
                default="'pending'",
                kept_by="developers",
                values=("pending", "processing", "completed", "failed"),
                purpose="how far the run is",
            ),
            _fact(
                "assessment",
                "results",
                "json",
                "later",
                known_by="assess",
                purpose="findings, as the model wrote them",
            ),
            _fact("assessment", "score", "percentage", "later", known_by="assess"),
            _fact(
                "assessment",
                "share_token",
                "secret",
                "optional",
                sensitivity="secret",
                unique="alone",
                purpose="hash of the token in the shared link",
            ),
            _fact(
                "assessment",
                "completed_at",
                "moment",
                "later",
                known_by="assess",
                rules=("completed_at >= created_at",),
            ),
            *_stamps("assessment"),
        ),
        rules=("status <> 'completed' or completed_at is not null",),
    )


def _usage() -> Entity:
    return Entity(
        id="usage_event",
        name="Usage event",
        purpose="Something that is billed.",
        origin="unsaid.usage",
        persists="yes",
        owner="team",
        many="yes",
        archetype="event",
        created_by="assess",
        identity=(),
        rows=2_000_000,
        attributes=(
            _fact("usage_event", "event_type", "short-text", purpose="what happened"),
            _fact(
                "usage_event",
                "amount_cents",
                "money",
                currency="EUR",
                default="0",
                rules=("amount_cents >= 0",),
            ),
            *_stamps("usage_event", changes=False),
        ),
    )


def _preview() -> Entity:
    return Entity(
        id="preview", name="Upload preview", persists="no", lives_in="cache", steps=("upload",)
    )


def _link(id_: str, a: str, b: str, **more: Any) -> Relationship:
    answers: dict[str, Any] = {"many_b": "yes", "many_a": "no", "optional": "no", **more}
    return Relationship(id=id_, a=a, b=b, **answers)


RELATIONSHIPS = (
    _link("team_users", "team", "user", optional="yes", on_delete="set-null"),
    _link("user_documents", "user", "document", on_delete="cascade"),
    _link("document_assessments", "document", "assessment", on_delete="cascade"),
    _link(
        "user_assessments",
        "user",
        "assessment",
        role="requester",
        optional="yes",
        on_delete="set-null",
    ),
    _link(
        "assessment_frameworks",
        "assessment",
        "framework",
        many_a="yes",
        payload="no",
        on_delete="cascade",
        on_delete_b="restrict",
    ),
    _link("team_usage", "team", "usage_event", on_delete="restrict"),
    _link("assessment_usage", "assessment", "usage_event", optional="yes", on_delete="set-null"),
)

PATTERNS = (
    AccessPattern(
        id="own_documents",
        name="A user sees their documents, newest first",
        entity="document",
        who="upload",
        equals=("user_documents",),
        sort=("-created_at",),
        limit=20,
        often="constantly",
        target_ms=200,
    ),
    AccessPattern(
        id="pending",
        name="The worker takes the oldest pending assessments",
        entity="assessment",
        who="worker",
        fixed=("status in ('pending', 'processing')",),
        sort=("created_at",),
        limit=10,
        often="constantly",
    ),
    AccessPattern(
        id="month",
        name="Usage of one team in a month",
        entity="usage_event",
        who="billing",
        equals=("team_usage",),
        range="created_at",
        often="daily",
        target_ms=2_000,
    ),
    AccessPattern(
        id="by_code",
        name="A framework by its code",
        entity="framework",
        who="select",
        equals=("code",),
        often="constantly",
    ),
    AccessPattern(
        id="all_frameworks",
        name="All frameworks that are offered",
        entity="framework",
        who="select",
        equals=("active",),
        sort=("name",),
        often="constantly",
    ),
    AccessPattern(
        id="in_results",
        name="Assessments whose results hold a finding",
        entity="assessment",
        who="review",
        contains="results",
        often="daily",
    ),
)

NOTES = (
    Note(
        id="stack.database",
        by="document",
        source="product-guidelines/02-tech-stack.md:9",
        why="the team runs it already",
    ),
    Note(id="stack.tenancy", by="document", source="product-guidelines/04-architecture.md:31"),
    Note(id="document.owner", by="user", why="whoever uploads it answers for it"),
    Note(id="assessment.archetype", by="default", why="it starts, runs and ends, and may fail"),
    Note(id="user_documents.on_delete", by="user", why="people have the right to be forgotten"),
    Note(id="document.file_name.length", by="document", source=f"{JOURNEY}:44"),
    Note(
        id="assessment.results.kind",
        by="default",
        unknown=True,
        impact="filters on findings need a table of their own",
    ),
    Note(
        id="usage_event.rows", by="user", look_again="the first invoice run shows the real number"
    ),
)

STEPS = (
    Step(id="upload", title="Upload compliance document", file=JOURNEY, line=40),
    Step(id="select", title="Select frameworks", file=JOURNEY, line=52),
    Step(id="assess", title="AI assesses the document", file=JOURNEY, line=61),
    Step(id="review", title="Review the report", file=JOURNEY, line=75),
    Step(id="share", title="Share the report", file=JOURNEY, line=83),
)

STACK = Stack(
    database="postgresql",
    version="16",
    language="python",
    framework="FastAPI",
    tenancy="shared",
    identifiers="uuid",
    tools=("alembic",),
    targets=("95 % of lists in 200 ms",),
)


def compliance() -> Design:
    """Seven tables, six access patterns, one open question."""
    return Design(
        product=Product(name="Clearance", summary="Assesses documents against regulations."),
        stack=STACK,
        unsaid=Unsaid(sign_in="external", groups="yes", usage="yes", audit="no"),
        sources=(Source(kind="journey", path=JOURNEY),),
        steps=STEPS,
        entities=(_team(), _user(), _document(), _framework(), _assessment(), _usage(), _preview()),
        relationships=RELATIONSHIPS,
        access_patterns=PATTERNS,
        notes=NOTES,
        alternatives=(
            Alternative(
                name="GraphQL global ids",
                instead="the tables' own ids",
                why_not=("The API is REST.",),
                reconsider=("The API becomes GraphQL.",),
            ),
        ),
    )
