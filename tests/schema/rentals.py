"""Boats that are rented: a design in which triggers keep all that they can keep."""

from __future__ import annotations

from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Keeping
from tests.schema.designs import entity, fact, link


def rentals(**keeping: object) -> Design:
    """Members rent boats; changes are logged, boats keep their earlier versions."""
    status = fact(
        "rental", "status", kind="one-of", values=("held", "paid", "failed", "over"),
        required="start", default="'held'", guarded_by="trigger", starts=("held",),
        transitions=("held -> paid: the money comes", "held -> failed", "paid -> over"),
        must_hold=("paid: paid_at is not null",),
    )  # fmt: skip
    told: dict[str, object] = {"stamps": "trigger", "locking": "version", "versions": "log"}
    return Design(
        entities=(
            entity("Member",
                   fact("member", "email", required="start", unique="alone",
                        sensitivity="personal"),
                   fact("member", "password_hash", kind="secret", sensitivity="secret",
                        required="start"),
                   fact("member", "preferences", kind="json"),
                   fact("member", "updated_at", required="start", default="now"),
                   archetype="person"),
            entity("Boat",
                   fact("boat", "name", kind="short-text", required="start"),
                   fact("boat", "pin", kind="secret", sensitivity="secret"),
                   fact("boat", "afloat", kind="yes-no", required="start", default="true"),
                   fact("boat", "created_at", required="start", default="now"),
                   versions="history"),
            entity("Rental", status,
                   fact("rental", "paid_at"),
                   fact("rental", "reference", kind="short-text"),
                   fact("rental", "seats", kind="whole-number"),
                   fact("rental", "created_at", required="start", default="now"),
                   fact("rental", "updated_at", required="start", default="now")),
            entity("Audit entry",
                   fact("audit_entry", "event_type", kind="short-text", required="start"),
                   fact("audit_entry", "details", kind="long-text", required="start"),
                   fact("audit_entry", "created_at", required="start", default="now"),
                   origin="unsaid.audit", archetype="event", keep_for="6 years"),
            entity("Log line", fact("log_line", "said", kind="short-text", required="start"),
                   fact("log_line", "created_at", required="start", default="now")),
        ),
        relationships=(
            link("boat", "rental", on_delete="restrict"),
            link("member", "rental", on_delete="cascade"),
            link("member", "audit_entry", on_delete="set-null", optional="yes"),
            link("member", "boat", many_a="yes"),
        ),
        rules=(
            _rule("afloat", "Only boats that are afloat are rented", looks_at="parent",
                  parent="boat_rental", expression="afloat = true"),
            _rule("most", "Nobody holds more than two boats", looks_at="count",
                  parent="member_rental", most=2, expression="status = 'held'"),
            _rule("once", "A reference is given once", looks_at="once", over=("reference",)),
            _rule("row", "A paid rental has seats", looks_at="row",
                  expression="status = 'paid' implies seats is not null"),
            _rule("lines", "What was said was said", entity="log_line", looks_at="written"),
        ),
        keeping=Keeping.model_validate(told | keeping),
    )  # fmt: skip


def _rule(rule_id: str, says: str, **more: object) -> Rule:
    told = {"entity": "rental", "kept_by": "trigger"} | more
    return Rule.model_validate({"id": rule_id, "says": says, **told})
