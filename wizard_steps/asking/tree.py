"""Decision trees as data: nodes with choices, each of which leads to another node or to the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from schemawalk.design.model import Design, Note
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.question import AnswerError, Form

_WORD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Advice:
    """What is recommended, why, and which line of a document says so."""

    value: tuple[str, ...]
    because: str = ""
    source: str = ""


@dataclass(frozen=True)
class Scene:
    """What a node sees: the design, its subject, and the words to speak of it."""

    design: Design
    lookup: Lookup
    subject: Any
    """The part of the design that the tree is about; the design itself for whole-design trees."""
    words: Mapping[str, str] = field(default_factory=dict)

    def say(self, template: str) -> str:
        """The template with `{words}` filled in; braces that hold no word stay as they are."""
        if "{" not in template:
            return template
        return _WORD.sub(lambda word: self.words.get(word[1], word[0]), template)

    @cached_property
    def notes(self) -> dict[str, Note]:
        """Notes by question id."""
        return {note.id: note for note in self.design.notes}


Condition = Callable[[Scene], bool]


def always(_: Scene) -> bool:
    """The condition that always holds."""
    return True


def never(_: Scene) -> bool:
    """The condition that never holds."""
    return False


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a node: a value, what people call it, and where it leads."""

    value: str
    label: str
    leads_to: str
    then: str = ""
    """The next node's id; empty when the tree ends here."""
    offered: Condition = always


Choices = Callable[[Scene], tuple[Choice, ...]]
Advise = Callable[[Scene], Advice]


@dataclass(frozen=True)
class Node:
    """One question of a tree; `field` is the field of the subject that it reads and sets."""

    id: str
    field: str
    prompt: str
    why: str
    advise: Advise
    choices: tuple[Choice, ...] | Choices = ()
    form: Form = "one"
    then: str = ""
    """The next node when the answer is not one of the choices, or the form has none."""
    asked: Condition = always
    """A node that is not asked is passed over to `then`."""
    aside: Condition = never
    """Whether who comes for a node that is not asked can answer it all the same."""
    own_words: bool = False
    separator: str = ","
    """What stands between several answers on one line."""
    check: Callable[[str], None] | None = None
    """Raises AnswerError for a value that nothing can be made of."""
    fits: Callable[[Scene, tuple[str, ...]], None] | None = None
    """Raises AnswerError for values that do not fit the subject at hand."""
    example: str = ""
    """One made-up case in the words of the user's own domain, for those who want to be taught."""
    shows: Callable[[Scene], tuple[str, ...]] | None = None
    """Lines of plain text to look at before one answers: sample rows, what a delete takes along."""
    get: Callable[[Scene], tuple[str, ...] | None] | None = None
    """Reads an answer that is not one field of the subject."""
    set: Callable[[Design, str, tuple[str, ...]], Design] | None = None
    """Takes such an answer: design, subject's id and values in, design out."""
    reasoned: Callable[[Design, str, str], Design] | None = None
    """Takes the reason that is given with an answer, where it is kept with what it explains."""
    follows: bool = False
    """Whether an answer that is only words is said anew when what it tells of has changed."""
    unordered: bool = False
    """Whether several answers in another order are the same."""
    typed: Callable[[Scene, str], str] | None = None
    """A value as somebody would type it into a design that does not hold it yet."""

    def offers(self, scene: Scene) -> tuple[Choice, ...]:
        """The choices that make sense in this scene."""
        choices = self.choices(scene) if callable(self.choices) else self.choices
        return tuple(choice for choice in choices if choice.offered(scene))

    def read(self, scene: Scene) -> tuple[str, ...] | None:
        """The subject's field as the values of an answer; None while it is not answered."""
        if self.get is not None:
            return self.get(scene)
        value = getattr(scene.subject, self.field)
        if value is None or (value == "" and self.form == "text"):
            return None
        if isinstance(value, tuple):
            return tuple(str(item) for item in value)
        return (str(value),)

    def changed(self, subject: Any, value: tuple[str, ...]) -> Any:
        """The subject with an answer in its field; raises AnswerError when it does not fit."""
        new: object = value if self.form == "several" else (value[0] if value else None)
        if self.form == "number":
            new = whole_number(value)
        try:
            return type(subject).model_validate(subject.model_dump() | {self.field: new})
        except ValidationError as error:
            said = error.errors()[0]["msg"]
            raise AnswerError(f"{', '.join(value) or 'nothing'} does not fit: {said}.") from None

    def next(self, scene: Scene, value: tuple[str, ...] | None) -> str:
        """The id of the node that follows an answer."""
        if self.form != "one":
            return self.then
        choices = self.choices(scene) if callable(self.choices) else self.choices
        given = value[0] if value else ""
        if all(choice.value != given for choice in choices):
            given = self.advise(scene).value[0]  # no longer offered: on, as if it were recommended
        after = (choice.then for choice in choices if choice.value == given)
        return next(after, "") or self.then


def whole_number(value: tuple[str, ...]) -> int | None:
    """The number that was typed, None when nothing was; raises AnswerError when it is none."""
    text = value[0].replace(",", "").replace("_", "").strip() if value else ""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise AnswerError(f"{text!r} is not a whole number: type digits only.")
    return int(text)


@dataclass(frozen=True)
class Tree:
    """Questions about one kind of subject; the first node is where it starts."""

    id: str
    title: str
    step: str
    collection: str
    """Where its subjects live, a key of `subjects.COLLECTIONS`."""
    nodes: tuple[Node, ...]
    outcome: Callable[[Scene], str] = lambda _: ""
    """What the answers come to, in bold: "table of its own"."""
    called: Callable[[Scene], str | None] = lambda _: ""
    """What calls for it, in words ("2 entities hold personal data"); None when nothing does, and
    it is not asked; empty when it always is."""
    aside: Condition = never
    """Whether who comes for it can answer it though nothing calls for it."""

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """The nodes by id."""
        return {node.id: node for node in self.nodes}

    def path(
        self, scene: Scene, *, aside: bool = False
    ) -> tuple[tuple[Node, tuple[str, ...] | None], ...]:
        """The nodes that are asked, each with its answer, following recommendations where open.

        With `aside` also those that are not asked and can be answered all the same.
        """
        result: list[tuple[Node, tuple[str, ...] | None]] = []
        wanted = self.called(scene) is not None or (aside and self.aside(scene))
        node = self.nodes[0] if self.nodes and wanted else None
        while node is not None and len(result) <= len(self.nodes):
            answer = None
            following = node.then
            if node.asked(scene) or (aside and node.aside(scene)):
                answer = node.read(scene)
                result.append((node, answer))
                choosing = answer is None and node.form == "one"
                assumed = node.advise(scene).value if choosing else answer
                following = node.next(scene, assumed)
            node = self.by_id.get(following)
        return tuple(result)


def fixed(value: str, because: str) -> Advise:
    """Advice that is the same in every scene."""
    advice = Advice((value,), because)
    return lambda _: advice
