"""What an entity is to another when several relationships join the same two."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from schemawalk.schema.names import last_word, plural, words
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.tree import Advice, Scene

ITSELF: Final = {
    "tree": ("tree: each has one above it", "parent_id; a CHECK keeps {an_a} from being its own "
             "parent, longer circles are the program's to refuse", ("yes", "no"), "parent"),
    "graph": ("graph: arrows from one to another", "a join table of ordered pairs; none points at "
              "itself", ("yes", "yes"), "from"),
    "pairs": ("pairs: both sides are alike", "a join table that keeps each pair once, the smaller "
              "id first", ("yes", "yes"), ""),
}  # fmt: skip
"""For an entity with itself: label, what follows, how many there can be (B, A), the usual role."""

ROLES: Final = {
    "author": "writes wrote written", "uploader": "uploads uploaded",
    "approver": "approves approved", "reviewer": "reviews reviewed checks checked",
    "assignee": "assigned assigns", "editor": "edits edited", "submitter": "submits submitted",
    "requester": "requests requested", "sender": "sends sent", "recipient": "receives received",
    "host": "hosts hosted", "buyer": "buys bought", "seller": "sells sold",
    "inviter": "invites invited", "manager": "manages managed", "reporter": "reports reported",
    "creator": "creates created adds added",
}  # fmt: skip
"""What somebody is to a thing, by the verbs that say what they do with it."""

MAKERS: Final = frozenset(("author", "uploader", "creator", "submitter", "requester"))
"""Roles of those whose it is anyway: proposed for a second relationship only after all others."""


def is_second(scene: Scene) -> bool:
    """Whether an earlier relationship joins the same two already, or it joins one with itself."""
    if scene.subject.a == scene.subject.b:
        return bool(scene.subject.itself != "pairs")
    for link in scene.design.relationships:
        if link.id == scene.subject.id:
            return False
        if {link.a, link.b} == {scene.subject.a, scene.subject.b}:
            return True
    return False


def role(scene: Scene) -> Advice:
    """What the steps that speak of B say is done with it; each role once for the same two."""
    if scene.subject.a == scene.subject.b:
        return Advice((ITSELF[scene.subject.itself or "tree"][3] or "from",), "the usual word")
    b = scene.lookup.standing(scene.subject.b)
    ends = {scene.subject.a, scene.subject.b}
    others = (x for x in scene.design.relationships if x.id != scene.subject.id)
    taken = {x.role for x in others if {x.a, x.b} == ends}
    for role, verb, title in _spoken_roles(scene.lookup, last_word(b.name) if b else ""):
        if role not in taken:
            return Advice((role,), f'"{verb}" in step "{title}"')
    return Advice(("other",), "the first one is called after what it is")


@lru_cache(maxsize=64)
def _spoken_roles(lookup: Lookup, noun: str) -> tuple[tuple[str, str, str], ...]:
    """Roles, verbs and steps' titles for a noun, in the order of the journey, makers last."""
    verbs = {verb: role for role, listed in ROLES.items() for verb in listed.split()}
    found: dict[str, tuple[str, str, str]] = {}
    for step in lookup.design.steps:
        said = words(f"{step.title} {step.text}")
        if noun in said or plural(noun) in said:
            for verb in said:
                if verb in verbs:
                    found.setdefault(verbs[verb], (verbs[verb], verb, step.title))
    return tuple(sorted(found.values(), key=lambda each: each[0] in MAKERS))


def a_role(text: str) -> None:
    if not words(text):
        raise AnswerError(f"{text!r} is no role: type a word, such as author or approver.")
