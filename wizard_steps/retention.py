"""How long single entities are kept, what deleting one means, and what earlier states are for."""

from __future__ import annotations

from typing import Final

from schemawalk.design.choices import Keep
from schemawalk.design.model import Design, Entity
from schemawalk.design.spans import SpanError, span
from schemawalk.schema.around.purging import ENDS
from schemawalk.schema.kinds import kind_of as fact_kind
from schemawalk.schema.names import snake
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.archetypes import TAKES_TIME
from schemawalk.schema.tables.lifetime import deletion_of
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.volume import rows_of
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree, always
from wizard_steps.proposing.calls import (
    MANY_ROWS,
    edited,
    has_people,
    is_written_over,
    origin,
    personal,
)

DELETED: Final[dict[Keep, str]] = {
    "real": "really deleted", "soft": "hidden, can be restored", "archive": "archived instead",
}  # fmt: skip
"""What deleting means, in few words."""

USUAL_SPANS: Final = {
    "money": ("10 years", "books are kept for 6 to 10 years in many countries: ask yours"),
    "event": ("2 years", "long enough for a dispute and for last year's figures"),
    "message": ("2 years", "nobody looks further back, and they are personal"),
    "key": ("90 days", "long enough to see who came in after something went wrong"),
    "person": ("30 days", "time for somebody to change their mind"),
}
"""How long rows are usually kept after their end, by archetype, and why."""

DUTY: Final = ("money", "event")
"""Archetypes that somebody may have a duty to keep."""

FORGETS: Final = {
    "delete": "goes when its person asks",
    "anonymise": "made anonymous when its person asks",
    "keep": "stays, whoever asks",
}
"""What becomes of rows when a person asks to be forgotten, in few words."""


def kind_of(scene: Scene) -> str:
    """The archetype's id of the entity at hand."""
    return scene.lookup.archetype(scene.subject).id


def why_kept(entity: Entity, lookup: Lookup) -> str | None:
    """What calls for a word on how long an entity is kept; None when nothing does."""
    archetype, rows = lookup.archetype(entity), rows_of(entity, lookup)
    told = personal(entity)
    if archetype.id == "money":
        return f"{many(entity)} are money: somebody may have to show them years later"
    if told:
        return f"{many(entity)} hold personal data: {', '.join(a.name for a in told)}"
    if not archetype.mutable and rows >= MANY_ROWS:
        return f"{rows:,} {many(entity)} a year, and none ever changes"
    return None


def _deletion(scene: Scene) -> Advice:
    usual = deletion_of(scene.subject.model_copy(update={"deletion": None}), scene.design,
                        scene.lookup)  # fmt: skip
    if not scene.lookup.archetype(scene.subject).mutable:
        return Advice((usual,), "what happened is not taken back")
    return Advice((usual,), "as everywhere else")


def _keep_for(scene: Scene) -> Advice:
    return usual_span(scene.subject, scene.design, scene.lookup)


def usual_span(entity: Entity, design: Design, lookup: Lookup) -> Advice:
    """How long such rows are usually kept after their end, and why."""
    if not _says_when_over(entity, design, lookup):
        return Advice(("forever",), "no moment such as ended_at says when it is over, and a time "
                      "that never begins to run removes nothing")  # fmt: skip
    if entity.origin == "unsaid.audit":
        return Advice(("6 years",), "what must be provable is asked about years later")
    usual = ("1 year", "longer than anybody asks for it")
    value, because = USUAL_SPANS.get(lookup.archetype(entity).id, usual)
    return Advice((value,), because)


def _says_when_over(entity: Entity, design: Design, lookup: Lookup) -> bool:
    """Whether a moment tells from when on the time runs in which a row is kept."""
    if deletion_of(entity, design, lookup) != "real":
        return True
    facts = (a for a in entity.attributes if fact_kind(a).id in ("moment", "date"))
    moments = {snake(each.name) for each in facts}
    return bool(moments & set(ENDS) or (moments and not lookup.archetype(entity).mutable))


def a_span(text: str) -> None:
    """Raise AnswerError unless the text says how long."""
    try:
        span(text)
    except SpanError as error:
        raise AnswerError(str(error)) from None


def outlives_its_end(entity: Entity, design: Design, lookup: Lookup) -> bool:
    """Whether rows are there after their end: hidden, or about something that is over by itself."""
    hidden = deletion_of(entity, design, lookup) != "real"
    return hidden or lookup.archetype(entity).id != "person"


def _outlives(scene: Scene) -> bool:
    return outlives_its_end(scene.subject, scene.design, scene.lookup)


def _forget(scene: Scene) -> Advice:
    kind = kind_of(scene)
    if kind == "money":
        return Advice(("keep",), "a duty to keep books outweighs the wish to be forgotten (GDPR, "
                      "article 17(3)(b)): ask who advises you")  # fmt: skip
    if scene.subject.origin == "unsaid.audit":
        return Advice(("keep",), "a log from which entries vanish proves nothing")
    if kind == "event":
        return Advice(("anonymise",), "the count stays true without the person")
    whole = scene.design.keeping.forget or "delete"
    return Advice((whole,), "as for the whole design")


def _concerns_people(scene: Scene) -> bool:
    return bool(personal(scene.subject)) or (kind_of(scene) in DUTY and has_people(scene.lookup))


def _outcome(scene: Scene) -> str:
    entity: Entity = scene.subject
    meaning = deletion_of(entity, scene.design, scene.lookup)
    parts = [DELETED[meaning]]
    if entity.keep_for == "forever":
        parts.append("kept for ever")
    elif entity.keep_for:
        parts.append(f"kept for {entity.keep_for}")
    if entity.forget:
        parts.append(FORGETS[entity.forget])
    return "; ".join(parts)


RETENTION: Final = Tree(
    "retention",
    "Retention",
    "keeping",
    "tables",
    (
        Node(
            "deletion", "deletion", "What does deleting {a_thing} mean?",
            "One kind of row may need another answer than the rest.", _deletion,
            (
                Choice("real", "it is gone", "the row goes, foreign keys act", "keep_for"),
                Choice("soft", "it is hidden and can be restored", "deleted_at; UNIQUE among live "
                       "{things} only", "keep_for"),
                Choice("archive", "it is archived", "archived_at; still there for reports, not "
                       "shown", "keep_for"),
            ),
            example="Whoever deletes {a_thing} by mistake wants it back; whoever deletes it on "
            "purpose wants it gone.",
        ),
        Node(
            "keep_for", "keep_for", "How long is {a_thing} kept after its end?",
            "Rows that nobody deletes stay in every backup, and in every leak. Write 90 days, "
            "10 years or forever.",
            _keep_for, form="text", check=a_span, asked=_outlives, then="forget",
            example="With \"10 years\", {a_thing} of 2026 may be removed in 2036, and not before.",
        ),
        Node(
            "forget", "forget", "Somebody asks to be forgotten: what becomes of their {things}?",
            "A right to be forgotten and a duty to keep meet in one row: one must give way.",
            _forget,
            (
                Choice("delete", "they go", "deleted with the person; what restricts it must be "
                       "solved first"),
                Choice("anonymise", "they stay, without the person", "personal columns are emptied "
                       "or replaced, keys to the person set NULL"),
                Choice("keep", "they stay as they are", "only where a law says so: write down "
                       "which one"),
            ),
            asked=_concerns_people,
            example="A person leaves: how many {things} there were in May must stay true; whose "
            "they were need not.",
        ),
    ),
    _outcome,
    lambda scene: why_kept(scene.subject, scene.lookup),
    aside=always,
)  # fmt: skip


# Two people at once, and earlier states


def _locking(scene: Scene) -> Advice:
    lost = edited(scene.subject)
    if lost and kind_of(scene) not in TAKES_TIME:
        return Advice(("version",), f"whoever saves second would undo the other's {lost[0].name}")
    usual = scene.design.keeping.locking or "last-wins"
    return Advice((usual,), "its columns are few and short: little is lost")


def _versions(scene: Scene) -> Advice:
    usual = scene.design.keeping.versions or "no"
    return Advice((usual,), "as for the whole design")


def _shared(scene: Scene) -> str | None:
    if not is_written_over(scene.subject, scene.lookup):
        return None
    steps = len(scene.subject.changed_by or ())
    if steps > 1:
        return f"{steps} steps change {{a_thing}}"
    return "everybody in a group can change {a_thing}"


def _changing(scene: Scene) -> str:
    kept = {"version": "a version number: the second who saves is told",
            "last-wins": "whoever saves last wins"}  # fmt: skip
    past = {"log": "a log of changes", "history": "whole earlier rows",
            "events": "events only"}  # fmt: skip
    parts = (kept.get(scene.subject.locking or "", "open"),
             past.get(scene.subject.versions or "", ""))  # fmt: skip
    return "; ".join(filter(None, parts))


def asks_versions(scene: Scene) -> bool:
    """Whether somebody said that earlier states matter, or that changes must be provable."""
    return "yes" in (scene.design.unsaid.audit, scene.design.unsaid.history)


TRAILS: Final = (
    Choice("no", "nothing", "the present is all there is"),
    Choice("log", "a log of changes", "one table: who, when, which columns, from what to what"),
    Choice("history", "whole earlier rows", "a table beside it with every version and its time"),
    Choice("events", "only events", "the present is computed from them: right for ledgers, dear "
           "everywhere else"),
)  # fmt: skip
"""What can be kept of earlier states."""

LOCKS: Final = (
    Choice("last-wins", "whoever saves last wins", "no column; the other's change is lost "
           "unnoticed"),
    Choice("version", "the second is told", "a version column: an update names the version that "
           "it read, and fails when another came first"),
)  # fmt: skip
"""What can happen when two people save at once."""

CHANGING: Final = Tree(
    "changing",
    "Changes",
    "keeping",
    "tables",
    (
        Node(
            "locking", "locking", "Two people change one {thing} at once: what happens?",
            "Both read the old row, both save: the first one's work is gone, and nobody sees it.",
            _locking, LOCKS, then="versions",
            example="Ada and Ben open the same {thing}. Ada saves at 10:02, Ben at 10:03: Ben's "
            "page still held what was there before Ada.",
        ),
        Node(
            "versions", "versions", "What is kept of earlier states of {a_thing}?",
            "An UPDATE forgets. What was not kept cannot be shown later.", _versions, TRAILS,
            asked=asks_versions, aside=always,
            example="\"Who changed this {thing} in May, and what did it say before?\"",
        ),
    ),
    _changing,
    _shared,
    aside=always,
)  # fmt: skip


def named_log(lookup: Lookup) -> str:
    """The entity that is the log of changes already; empty when none is."""
    log = origin(lookup.design, "audit")
    return log.name if log else ""
