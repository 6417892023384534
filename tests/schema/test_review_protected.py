"""What the database makes unreadable, and something is to find all the same, is an error."""

from __future__ import annotations

import pytest

from schemawalk.design.model import AccessPattern, Design
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, pattern

HIDDEN = {"protection": "encrypt", "protected_by": "database", "sensitivity": "personal"}


def guests(*patterns: AccessPattern, **email: object) -> Design:
    """Guests whose address the database encrypts."""
    address = fact("guest", "email", kind="email", required="start", **{**HIDDEN, **email})
    guest = entity("Guest", address, fact("guest", "name", required="start"))
    return Design(entities=(guest,), access_patterns=patterns)


def said(design: Design) -> list[Finding]:
    return [f for f in review(design).findings if f.rule == "protected-compared"]


@pytest.mark.parametrize("how", ["encrypt", "hash"])
def test_no_unique_holds_over_what_is_never_twice_the_same(how: str) -> None:
    (found,) = said(guests(unique="alone", protection=how))
    assert (found.severity, found.subject) == ("error", "guest.email")
    assert "uq_guests_email" in found.message
    assert found.answers == (("attribute.guest.email.protected_by", ("program",)),)


@pytest.mark.parametrize(
    "asked",
    [{"equals": ("email",)}, {"among": ("email",)}, {"range": "email"}, {"sort": ("-email",)}],
)
def test_no_question_finds_it_with_or_without_an_index(asked: dict[str, object]) -> None:
    for index in ("yes", "no"):
        (found,) = said(guests(pattern("Find a guest", "guest", index=index, **asked)))
        assert '"Find a guest"' in found.message


def test_a_rule_would_judge_the_cipher() -> None:
    (found,) = said(guests(protection="hash", rules=("length(email) <= 50",)))
    assert "ck_guests_email" in found.message


@pytest.mark.parametrize(
    "harmless",
    [
        guests(),
        guests(rules=("email is not null",)),
        guests(unique="alone", protected_by="program"),
        guests(pattern("By name", "guest", equals=("name",))),
    ],
)
def test_what_is_only_kept_is_no_matter(harmless: Design) -> None:
    assert said(harmless) == []
