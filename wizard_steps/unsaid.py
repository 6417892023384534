"""Step "unsaid": what journeys never say; a third of all tables comes from here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Design
from schemawalk.schema.names import plural
from schemawalk.schema.sentences import article
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.proposing.nouns import strongest


@dataclass(frozen=True, slots=True)
class Added:
    """An entity that an answer adds."""

    name: str
    archetype: str
    why: str
    answers: tuple[str, ...] = ("yes",)
    """The answers that add it."""
    words: str | None = ""
    """Words in the documents without which it is offered and not proposed; None: never proposed."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that journeys leave out: how to ask, what speaks for it, what it adds."""

    id: str
    prompt: str
    why: str
    example: str
    choices: tuple[Choice, ...]
    words: str
    """Words in the documents that speak for the second choice, as a regular expression."""
    adds: tuple[Added, ...] = ()
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
        "Ada signs in with the account of her company: {product} keeps that account's id, and no "
        "password.",
        (
            Choice("external", "through a sign-in service", "{a_person} with the service's id"),
            Choice("password", "with a password kept here", "{a_person} with a password hash, "
                   "and Sessions"),
            Choice("none", "nobody signs in", "no account is added"),
        ),
        r"\b(clerk|auth0|cognito|firebase auth|okta|keycloak|supabase auth|oauth|single sign|sso"
        r"|identity provider|auth provider|sign-?in service)\b",
        (
            Added("User", "person", "everything that people own points at them",
                  ("external", "password")),
            Added("Session", "key", "who is signed in, and from where; it can be ended",
                  ("password",)),
            Added("Password reset", "key", "a link that works once and for an hour", ("password",),
                  None),
            Added("Credential", "key", "passkeys and second factors, several a user",
                  ("password",), r"\b(passkeys?|two-factor|2fa|mfa|authenticator app)\b"),
        ),
        "password",
        "external",
    ),
    Topic(
        "groups",
        "Do people work in groups that must not see each other's data?",
        "A tenant column that comes later touches every table and every query.",
        "Two companies use {product}: nobody of one may see a row of the other.",
        _yes_no("{a_group} that {people} belong to", "people stand alone"),
        r"\b(multi-?tenan\w*|tenants?|workspaces?|organi[sz]ations?|teams?|clubs?|households?)\b",
        (
            Added("Team", "group", "whose data it is"),
            Added("Invitation", "key", "a link by which somebody joins", words=None),
        ),
    ),
    Topic(
        "roles",
        "Who may do what: are there roles?",
        "Permissions that are only in code cannot be shown to an auditor.",
        "Everybody in the team reads; only its administrators delete.",
        (
            Choice("on-user", "one role a user", "a role column with a fixed list"),
            Choice("tables", "several roles, changed by administrators", "Role as a table, linked "
                   "many-to-many"),
            Choice("no", "everybody may do the same", "nothing is added"),
        ),
        r"\b(roles?|permissions?|administrators?|admins?)\b",
        (
            Added("Role", "catalogue", "administrators make roles without a release", ("tables",)),
            Added("Permission", "catalogue", "what a role allows, one by one", ("tables",), None),
        ),
        "no",
        "on-user",
    ),
    Topic(
        "audit",
        "Must it be provable later who did what?",
        "What was not written down when it happened cannot be proven afterwards.",
        "In March somebody asks who changed the price in November.",
        _yes_no("an Audit entry for each change, which nothing deletes", "created_at and "
                "updated_at are enough"),
        r"\baudit (log|entr\w+|table)\b|\bwho did what\b|\btamper",
        (Added("Audit entry", "event", "who changed what, when, from what to what"),),
    ),
    Topic(
        "usage",
        "Is use counted, or billed?",
        "A counter that is overwritten cannot be billed or disputed; events can.",
        "A customer disputes 41 exports in May: 41 rows with a time answer that, a counter does "
        "not.",
        _yes_no("a Usage event, written once and never changed; Plans and Invoices where the "
                "documents speak of them", "nothing is counted"),
        r"\b(usage|metered|billed|billing|per[- ]seat|quota|credits?)\b",
        (
            Added("Usage event", "event", "what was used, by whom, when: the ground of a bill"),
            Added("Plan", "catalogue", "what a customer may use, and for how much", words=None),
            Added("Subscription", "money", "who has which plan since when", words=None),
            Added("Invoice", "money", "what was billed; kept for the tax office", words=None),
        ),
    ),
    Topic(
        "lines",
        "Do things have lines or parts, such as items of an order?",
        "Lists inside a row cannot be counted, joined or constrained.",
        "An order of three articles: one order, three lines, each with its quantity and price.",
        _yes_no("a child table with a position", "things are whole"),
        r"\b(line items?|order items?|invoice lines?)\b",
        (Added("Line item", "line", "one part of its whole, in an order"),),
    ),
    Topic(
        "history",
        "Do people need the earlier versions of something?",
        "An UPDATE forgets.",
        "Somebody overwrites a text on Friday and wants Thursday's back on Monday.",
        _yes_no("a Version with the earlier content", "the present state is enough"),
        r"\b(version history|earlier versions?|previous versions?|revisions?|restore)\b",
        (Added("Version", "event", "what it was before, and who changed it"),),
    ),
    Topic(
        "notifications",
        "Are people told about things, and must it be known whether they read it?",
        "Sent mail leaves no trace in a database.",
        "A bell with a red 3: three rows without read_at.",
        _yes_no("a Notification with read_at", "nothing is kept"),
        r"\b(notifications?|notif(y|ies|ied)|in-app alerts?|reminders?)\b",
        (
            Added("Notification", "message", "what somebody was told, and whether they read it"),
            Added("Notification preference", "setting", "who wants to be told what, and how",
                  words=None),
        ),
    ),
    Topic(
        "files",
        "Are files kept?",
        "Files in rows make backups slow and caches useless.",
        "A report of 40 MB lies in the object store; its row says where, how large and whose.",
        (
            Choice("object-store", "in an object store", "its key, name and size are columns"),
            Choice("database", "in the database", "bytes in a column: only for small ones"),
            Choice("no", "no", "nothing is added"),
        ),
        r"\b(upload(s|ed|ing)?|attach\w*|pdf|s3|object stor\w+|blob stor\w+)\b",
        (Added("File", "thing", "one row a file, whatever it is attached to",
               ("object-store", "database"), None),),
        "no",
        "object-store",
    ),
    Topic(
        "lists",
        "Are there lists that somebody maintains, such as categories?",
        "A list in code needs a release for each new word.",
        "The operators add a category on a Tuesday, and users can choose it the same minute.",
        _yes_no("a Category that operators keep", "lists are fixed in the code"),
        r"\b(categor(y|ies)|genres?|configurable list)\b",
        (
            Added("Category", "catalogue", "what others choose from"),
            Added("Setting", "setting", "choices that change without a release", words=None),
        ),
    ),
    Topic(
        "metrics",
        "Are numbers shown that are computed from many rows?",
        "Counting a million rows at each visit is slow; a stored number can be stale.",
        "The first page of {product} shows this month's total: computed each time, or once an "
        "hour?",
        _yes_no("note it with its access pattern; cache it when it is slow", "nothing is computed"),
        r"\b(dashboards?|statistics|leaderboards?|kpis?)\b",
        (Added("Daily figure", "event", "one row a day and number, written by a job", words=None),),
    ),
    Topic(
        "machines",
        "Do machines call in: API keys, webhooks?",
        "A key must be revocable, and a call that is sent twice must count once.",
        "A shop's server sends the same payment twice after a timeout: the second is recognised.",
        _yes_no("an Api key, of which only a hash is kept", "only people use it"),
        r"\b(api keys?|webhooks?|public api|integrations? api)\b",
        (
            Added("Api key", "key", "lets a program in; it can be taken back"),
            Added("Webhook", "setting", "where other programs want to be told", words=None),
            Added("Idempotency key", "key", "a call that comes twice counts once", words=None),
        ),
    ),
)  # fmt: skip
"""All topics in the order in which they are asked."""


def _in_words(design: Design, text: str) -> str:
    """A text that speaks of people and groups, in the journey's words for them."""
    if "{" not in text:
        return text
    person, group = strongest(design, "person", "User"), strongest(design, "group", "Team")
    return text.format(
        a_person=_named(person), a_group=_named(group), people=plural(person.lower())
    )


def _named(name: str) -> str:
    """An entity's name with "a" or "an", as it is heard in lower case."""
    return f"{article(name.lower()).partition(' ')[0]} {name}"


def _choices(topic: Topic) -> tuple[Choice, ...] | Callable[[Scene], tuple[Choice, ...]]:
    """The choices of a topic; those that name people or groups name them as the journey does."""
    if not any("{" in choice.leads_to for choice in topic.choices):
        return topic.choices
    return lambda scene: tuple(
        replace(choice, leads_to=_in_words(scene.design, choice.leads_to))
        for choice in topic.choices
    )


@lru_cache(maxsize=256)
def _spoken(steps: tuple[tuple[str, str], ...], others: tuple[str, ...], words: str) -> str:
    from schemawalk.reading.labels import without_labels

    pattern = re.compile(words, re.IGNORECASE)
    for title, text in steps:
        if found := pattern.search(f"{title}. {without_labels(text)}"):
            return f'"{found.group()}" in step "{title}"'
    for line in others:
        if found := pattern.search(line):
            return f'"{found.group()}" in {line}'
    return ""


def spoken(design: Design, words: str) -> str:
    """The first place where the documents use one of the words: `"usage" in step "Pay"`."""
    steps = tuple((step.title, step.text) for step in design.steps)
    return _spoken(steps, (*design.stack.facts, *design.stack.targets), words)


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
        Node(topic.id, topic.id, topic.prompt, topic.why, _advice(topic), _choices(topic),
             then=after, example=topic.example)
        for topic, after in zip(TOPICS, (*(t.id for t in TOPICS[1:]), ""), strict=True)
    ),
)  # fmt: skip


def _rows(design: Design) -> tuple[Row, ...]:
    rows = []
    for topic in TOPICS:
        value = getattr(design.unsaid, topic.id)
        choice = next((c for c in topic.choices if c.value == value), None)
        if choice:
            title = topic.id.replace("_", " ")
            leads_to = _in_words(design, choice.leads_to)
            rows.append(Row(f"unsaid.{topic.id}", title, f"{choice.label}: {leads_to}",
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
