"""Step "unsaid": what journeys never say; a third of all tables comes from here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Design
from wizard_steps.steps import Row, Step
from wizard_steps.tree import Advice, Choice, Node, Scene, Tree


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that journeys leave out: how to ask, what speaks for it, what it adds."""

    id: str
    prompt: str
    why: str
    choices: tuple[Choice, ...]
    words: str
    """Words in the documents that speak for the second choice, as a regular expression."""
    adds: tuple[tuple[str, str], ...] = ()
    """Entities that any answer but "no" adds: name and archetype."""
    usual: str = "no"
    """What is recommended when no word speaks for anything."""
    spoken: str = "yes"
    """What is recommended when one does."""


def _yes_no(yes: str, no: str) -> tuple[Choice, ...]:
    return Choice("yes", "yes", yes), Choice("no", "no", no)


TOPICS: Final = (
    Topic(
        "sign_in",
        "Who signs in to {product}, and how?",
        "People are not rows of a journey, but everything they own points at them.",
        (
            Choice("external", "through a sign-in service", "a User with the service's id"),
            Choice("password", "with a password kept here", "a User with a password hash, and "
                   "Sessions"),
            Choice("none", "nobody signs in", "no account is added"),
        ),
        r"\b(clerk|auth0|cognito|firebase auth|okta|keycloak|supabase auth|oauth|single sign|sso"
        r"|identity provider|auth provider|sign-?in service)\b",
        (("User", "person"),),
        "password",
        "external",
    ),
    Topic(
        "groups",
        "Do people work in groups that must not see each other's data?",
        "A tenant column that comes later touches every table and every query.",
        _yes_no("a Team that users belong to", "people stand alone"),
        r"\b(multi-?tenan\w*|tenants?|workspaces?|organi[sz]ations?|teams?|clubs?|households?)\b",
        (("Team", "group"),),
    ),
    Topic(
        "roles",
        "Who may do what: are there roles?",
        "Permissions that are only in code cannot be shown to an auditor.",
        (
            Choice("on-user", "one role a user", "a role column with a fixed list"),
            Choice("tables", "several roles, changed by administrators", "Role as a table, linked "
                   "many-to-many"),
            Choice("no", "everybody may do the same", "nothing is added"),
        ),
        r"\b(roles?|permissions?|administrators?|admins?)\b",
        (),
        "no",
        "on-user",
    ),
    Topic(
        "audit",
        "Must it be provable later who did what?",
        "What was not written down when it happened cannot be proven afterwards.",
        _yes_no("an Audit entry for each change, which nothing deletes", "created_at and "
                "updated_at are enough"),
        r"\baudit (log|entr\w+|table)\b|\bwho did what\b|\btamper",
        (("Audit entry", "event"),),
    ),
    Topic(
        "usage",
        "Is use counted, or billed?",
        "A counter that is overwritten cannot be billed or disputed; events can.",
        _yes_no("a Usage event, written once and never changed", "nothing is counted"),
        r"\b(usage|metered|billed|billing|per[- ]seat|quota|credits?)\b",
        (("Usage event", "event"),),
    ),
    Topic(
        "lines",
        "Do things have lines or parts, such as items of an order?",
        "Lists inside a row cannot be counted, joined or constrained.",
        _yes_no("a child table with a position", "things are whole"),
        r"\b(line items?|order items?|invoice lines?)\b",
        (("Line item", "line"),),
    ),
    Topic(
        "history",
        "Do people need the earlier versions of something?",
        "An UPDATE forgets.",
        _yes_no("a Version with the earlier content", "the present state is enough"),
        r"\b(version history|earlier versions?|previous versions?|revisions?|restore)\b",
        (("Version", "event"),),
    ),
    Topic(
        "notifications",
        "Are people told about things, and must it be known whether they read it?",
        "Sent mail leaves no trace in a database.",
        _yes_no("a Notification with read_at", "nothing is kept"),
        r"\b(notifications?|notif(y|ies|ied)|in-app alerts?|reminders?)\b",
        (("Notification", "message"),),
    ),
    Topic(
        "files",
        "Are files kept?",
        "Files in rows make backups slow and caches useless.",
        (
            Choice("object-store", "in an object store", "its key, name and size are columns"),
            Choice("database", "in the database", "bytes in a column: only for small ones"),
            Choice("no", "no", "nothing is added"),
        ),
        r"\b(upload(s|ed|ing)?|attach\w*|pdf|s3|object stor\w+|blob stor\w+)\b",
        (),
        "no",
        "object-store",
    ),
    Topic(
        "lists",
        "Are there lists that somebody maintains, such as categories?",
        "A list in code needs a release for each new word.",
        _yes_no("a Category that operators keep", "lists are fixed in the code"),
        r"\b(categor(y|ies)|genres?|configurable list)\b",
        (("Category", "catalogue"),),
    ),
    Topic(
        "metrics",
        "Are numbers shown that are computed from many rows?",
        "Counting a million rows at each visit is slow; a stored number can be stale.",
        _yes_no("note it with its access pattern; cache it when it is slow", "nothing is computed"),
        r"\b(dashboards?|statistics|leaderboards?|kpis?)\b",
    ),
    Topic(
        "machines",
        "Do machines call in: API keys, webhooks?",
        "A key must be revocable, and a call that is sent twice must count once.",
        _yes_no("an Api key, of which only a hash is kept", "only people use it"),
        r"\b(api keys?|webhooks?|public api|integrations? api)\b",
        (("Api key", "key"),),
    ),
)  # fmt: skip
"""All topics in the order in which they are asked."""


def spoken(design: Design, words: str) -> str:
    """The first place where the documents use one of the words: `"usage" in step "Pay"`."""
    pattern = re.compile(words, re.IGNORECASE)
    for step in design.steps:
        if found := pattern.search(f"{step.title}. {step.text}"):
            return f'"{found.group()}" in step "{step.title}"'
    for fact in (*design.stack.facts, *design.stack.targets):
        if found := pattern.search(fact):
            return f'"{found.group()}" in {fact}'
    return ""


def _advice(topic: Topic) -> Callable[[Scene], Advice]:
    def advise(scene: Scene) -> Advice:
        if topic.id == "groups" and scene.design.stack.tenancy not in (None, "none"):
            return Advice(("yes",), "the stack shares tables between groups")
        if where := spoken(scene.design, topic.words):
            return Advice((topic.spoken,), where)
        return Advice((topic.usual,), "no document speaks of it")

    return advise


TREE: Final = Tree(
    "unsaid",
    "What journeys never say",
    "unsaid",
    "unsaid",
    tuple(
        Node(topic.id, topic.id, topic.prompt, topic.why, _advice(topic), topic.choices, then=after)
        for topic, after in zip(TOPICS, (*(t.id for t in TOPICS[1:]), ""), strict=True)
    ),
)


def _rows(design: Design) -> tuple[Row, ...]:
    rows = []
    for topic in TOPICS:
        value = getattr(design.unsaid, topic.id)
        choice = next((c for c in topic.choices if c.value == value), None)
        if choice:
            title = topic.id.replace("_", " ")
            rows.append(Row(f"unsaid.{topic.id}", title, f"{choice.label}: {choice.leads_to}",
                            spoken(design, topic.words), optional=False))  # fmt: skip
    return tuple(rows)


def _headline(design: Design) -> str:
    count = sum(getattr(design.unsaid, topic.id) not in (None, "no", "none") for topic in TOPICS)
    return f"{count} of {len(TOPICS)} concern {design.product.name or 'the product'}"


STEP: Final = Step(
    "unsaid",
    "Unsaid",
    "A third of all tables cannot be named from a journey: accounts, groups, usage, history. "
    "These questions find them.",
    (TREE,),
    rows=_rows,
    headline=_headline,
)
