"""Step "sources": the documents that are read, and the journey that they tell."""

from __future__ import annotations

import re
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING, Final

from schemawalk.design.model import Design, Note
from schemawalk.design.model import Step as JourneyStep
from schemawalk.design.whole import Product, Stack
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tidy import without_steps
from wizard_steps.asking.tree import Advice, Node, Scene, Tree, always

if TYPE_CHECKING:
    from schemawalk.reading.documents import Reading

NAMELESS: Final = "the product"
NO_STEPS: Final = "No journey found: type its steps, or put a document of it into the folder"
STACK_FIELDS: Final = ("database", "version", "language", "framework", "tenancy")
_HEADING: Final = re.compile(r"^# +(.+)$", re.MULTILINE)
_SEPARATOR: Final = re.compile(r"\s*(?::|\s[-–—|]\s)\s*")
_KIND_OF_DOCUMENT: Final = re.compile(
    r"journey|stor(y|ies)|stack|architecture|spec|requirements|prd|backlog|feature|document|recipe",
    re.IGNORECASE,
)
"""What names a kind of document and not a product."""
MOST_WORDS: Final = 4
"""A longer part of a heading is a description."""

_ONE_LINE: Final = re.compile(r"[^;\n]*")
"""What can be typed in as one of several steps."""

_LISTED: Final = ("tenant", "cache", "queue", "auth", "storage", "tool")

_USES: Final = {
    "tech-stack": "it would name database, language and framework",
    "architecture": "it would name caches, queues, sign-in and what is promised",
    "backlog": "what it says of database, language and tools would be read",
}
"""Documents that may be there, and what is read from them."""


def read_into(design: Design, folder: Path) -> Design:
    """The design with what the documents of a folder say; what it held already stays.

    Raises ReadingError when the folder cannot be read.
    """
    from schemawalk.reading.documents import find_documents, read_documents

    found = [path for paths in find_documents(folder).values() for path in paths]
    return taken(design, read_documents(found, folder))


def taken(design: Design, reading: Reading) -> Design:
    """The design with a reading's journey, sources and facts, where it has none of its own."""
    update: dict[str, object] = {"sources": reading.sources}
    if reading.steps and not design.steps:
        update["steps"] = reading.steps
    stack, notes = _stack(design.stack, reading)
    known = {note.id for note in notes}
    update["stack"] = stack
    update["notes"] = (*(n for n in design.notes if n.id not in known), *notes)
    return design.model_copy(update=update)


def _stack(stack: Stack, reading: Reading) -> tuple[Stack, tuple[Note, ...]]:
    """The stack with facts from documents in its empty fields, and a note for each."""
    update: dict[str, object] = {}
    notes = []
    told = next((fact.value for fact in reading.facts if fact.field == "database"), None)
    other = stack.database not in (None, told)
    for fact in reading.facts:
        if fact.field == "version" and other:
            continue  # the version of a database that was decided against
        source = f"{fact.file}:{fact.line}"
        wanted = fact.field in STACK_FIELDS and fact.field not in update
        if wanted and getattr(stack, fact.field) is None:
            update[fact.field] = fact.value
            notes.append(
                Note(id=f"stack.{fact.field}", by="document", source=source, why=fact.quote)
            )
    if not stack.facts:
        listed = (f"{f.field}: {f.value} ({f.file}:{f.line})" for f in reading.facts
                  if f.field in _LISTED)  # fmt: skip
        update["facts"] = tuple(dict.fromkeys(listed))
    if not stack.targets:
        update["targets"] = tuple(dict.fromkeys(f.value for f in reading.facts
                                                if f.field == "target"))  # fmt: skip
    return Stack.model_validate(stack.model_dump() | update), tuple(notes)


def _typed(scene: Scene) -> tuple[str, ...] | None:
    return tuple(_line(step) for step in scene.design.steps) or None


def _line(step: JourneyStep) -> str:
    """A step as one would type it in; a step of a document is known by its title."""
    told = step.text not in ("", step.title) and not step.line and _ONE_LINE.fullmatch(step.text)
    return f"{step.title}: {step.text}" if told else step.title


def _type_in(design: Design, _: str, lines: tuple[str, ...]) -> Design:
    """Steps from lines of text, one a line: "Upload: the user uploads a document"."""
    steps: dict[str, JourneyStep] = {}
    for line in filter(str.strip, lines):
        taken = {step.id for step in design.steps} | steps.keys()
        step = _known_step(design, line) or _new_step(line, taken)
        steps.setdefault(step.id, step)
    gone = {step.id for step in design.steps} - steps.keys()
    told = design.model_copy(update={"steps": tuple(steps.values())})
    return without_steps(told, gone)


def _known_step(design: Design, line: str) -> JourneyStep | None:
    """The step that is there already under that title, with the text that it has now."""
    for step in design.steps:
        if line in (step.title, _line(step)):
            return step
    title, _, text = (part.strip() for part in line.partition(":"))
    known = next((step for step in design.steps if step.title == title), None)
    return known.model_copy(update={"text": text}) if known and text else known


def _new_step(line: str, taken: Set[str]) -> JourneyStep:
    from schemawalk.schema.names import snake, unique

    title, _, text = (part.strip() for part in line.partition(":"))
    step_id = unique(snake(title).replace("_", "-")[:40], taken)
    return JourneyStep(id=step_id, title=title, text=text or title)


def _name_advised(scene: Scene) -> Advice:
    """The name that the product has: a document's or the folder's, until somebody says another."""
    name, note = scene.design.product.name, scene.notes.get("product.name")
    if not name:
        return Advice((NAMELESS,), "no document names it")
    return Advice((name,), "as you call it" if note and note.by == "user"
                  else "as its documents call it, or its folder")  # fmt: skip


def _no_advice(scene: Scene) -> Advice:
    return Advice(tuple(step.title for step in scene.design.steps), "as the documents tell it")


TREE: Final = Tree(
    "product",
    "Product",
    "sources",
    "product",
    (
        Node(
            "name",
            "name",
            "What is the product called?",
            "The documents and the migration carry its name.",
            _name_advised,
            form="text",
            then="summary",
            example='Courtside: the document is then called "Courtside: database schema".',
        ),
        Node(
            "summary",
            "summary",
            "What is {product} for, in one sentence?",
            "It stands at the head of the document, for whoever never saw the product.",
            lambda _: Advice(("",), "no document is quoted for it"),
            form="text",
            then="journey",
            asked=lambda scene: bool(scene.subject.summary),
            aside=always,
            example="Courtside: lets members of tennis clubs book courts and pay for them.",
        ),
        Node(
            "journey",
            "",
            "Which steps does a user of {product} go through?",
            "Every table must serve one of them. Type a step a line: what the user does, "
            "then a colon and what happens.",
            _no_advice,
            form="several",
            own_words=True,
            separator=";",
            example="Book a court: the player picks a free hour and pays; Cancel: the booking is "
            "called off and the money goes back",
            asked=lambda scene: not scene.design.sources or not scene.design.steps,
            get=_typed,
            set=_type_in,
        ),
    ),
    lambda scene: _counted(scene.design),
)


def _rows(design: Design) -> tuple[Row, ...]:
    sources = tuple(
        Row(s.path, s.kind.replace("-", " "), s.path, optional=False) for s in design.sources
    )
    found = {source.kind for source in design.sources}
    missing = tuple(
        Row(kind, kind.replace("-", " "), "none found", use, optional=False)
        for kind, use in _USES.items()
        if kind not in found and design.sources
    )
    steps = tuple(
        Row(s.id, f"step {i}", s.title, f"{s.file}:{s.line}" if s.line else "typed in",
            optional=False)
        for i, s in enumerate(design.steps, 1)
    )  # fmt: skip
    return sources + missing + steps


def _counted(design: Design) -> str:
    count = len(design.steps)
    return f"{count} step{'' if count == 1 else 's'}" if count else NO_STEPS


def _headline(design: Design) -> str:
    if not design.steps:
        return NO_STEPS
    count = len(design.sources)
    read = f" from {count} document{'' if count == 1 else 's'}" if count else ""
    return f"{len(design.steps)} steps{read}"


STEP: Final = Step(
    "sources",
    "Sources",
    "What the team already wrote is read first, so that only what it leaves open is asked.",
    (TREE,),
    rows=_rows,
    headline=_headline,
)


def named(design: Design, folder: Path) -> Design:
    """The design with a name for its product, when it has none.

    The first heading of a document that says one ("User Journey: Courtside"), or else the folder.
    """
    if design.product.name:
        return design
    fallback = " ".join(folder.resolve().name.replace("-", " ").replace("_", " ").split())
    told = (_told(folder / source.path) for source in design.sources)
    name = next(filter(None, told), "") or fallback or NAMELESS
    return design.model_copy(update={"product": Product(name=name)})


def _told(path: Path) -> str:
    """The product's name in a document's first heading; empty when it names only the document."""
    from schemawalk.reading.text import ReadingError, read_text

    try:
        text = read_text(path)
    except ReadingError:
        return ""
    heading = _HEADING.search(text)
    parts = _SEPARATOR.split(heading[1]) if heading else []
    names = [part.strip(" *_`#") for part in parts if not _KIND_OF_DOCUMENT.search(part)]
    fitting = [name for name in names if 0 < len(name.split()) <= MOST_WORDS]
    return fitting[0] if fitting and len(parts) > 1 else ""
