"""Seeds: rows that must be there before the first user comes, and rows made up for development."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Design, Entity
from schemawalk.design.model import Step as JourneyStep
from schemawalk.schema.around.reference_rows import misfit_of
from schemawalk.schema.around.seed_rows import SeedError, seed_row
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.names import plural, snake, words
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.listed import by_subject
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.steps import Row
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree, always, fixed
from wizard_steps.proposing.calls import counted

MOST_PROPOSED: Final = 12

_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n\s*[-*\d]")
_ACRONYM: Final = re.compile(r"\b[A-Z]{2,}(?:[- ]?\d+(?:\.\d+)*)?\b")
_LISTED: Final = re.compile(
    r"(?:such as|like|e\.g\.,?|for example,?|for instance,?|including|:|\()\s*"
    r"([\w' -]+(?:,\s*[\w' -]+)+?(?:,?\s+(?:and|or)\s+[\w' -]+)?)\s*(?=[.;:)\n]|$)",
)
_BETWEEN: Final = re.compile(r",\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+")


# What the journey names


def named_in(steps: tuple[JourneyStep, ...], entity: Entity) -> tuple[tuple[str, str], ...]:
    """Names of single ones that the journey lists, each with the title of its step.

    "Frameworks such as GDPR, SOC 2 and DORA" names three; a sentence that names one lists nothing.
    """
    return _named(steps, entity.name)


@lru_cache(maxsize=64)
def _named(steps: tuple[JourneyStep, ...], name: str) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for step in steps:
        for sentence in _SENTENCE.split(step.text):
            said = words(sentence)
            last = words(name)[-1:]
            if last and ({last[0], plural(last[0])} & set(said)):
                for each in _list_of(sentence, last[0]):
                    found.setdefault(each, step.title)
    return tuple(found.items())[:MOST_PROPOSED]


def _list_of(sentence: str, noun: str) -> tuple[str, ...]:
    """The names that one sentence lists after the noun; none when there are fewer than two."""
    after = re.split(rf"\b{re.escape(plural(noun))}\b|\b{re.escape(noun)}\b", sentence,
                     maxsplit=1, flags=re.IGNORECASE)[-1]  # fmt: skip
    short = dict.fromkeys(" ".join(each.split()) for each in _ACRONYM.findall(after))
    if len(short) > 1:
        return tuple(short)
    listed = _LISTED.search(after)
    parts = [part.strip() for part in _BETWEEN.split(listed[1])] if listed else []
    good = [part for part in parts if part and len(part.split()) <= 3]
    return tuple(good) if len(good) > 1 and len(good) == len(parts) else ()


def _row(entity: Entity, name: str, lookup: Lookup) -> str:
    """A row with that name, and with a code where the entity has one; empty when it cannot be."""
    quoted = name.replace("'", "''")
    known = {a.id.partition(".")[2] for a in entity.attributes}
    text = f"name = '{quoted}'" if "name" in known else ""
    if "code" in known:
        text = ", ".join(filter(None, (f"code = '{snake(name)}'", text)))
    return text if text and not misfit_of(text, entity, lookup) else ""


# The tree of one entity's rows


def _is_list(scene: Scene) -> str | None:
    entity: Entity = scene.subject
    if scene.lookup.archetype(entity).id == "catalogue":
        return "{things} are a list that others choose from"
    if entity.created_by == "seeded":
        return "no step creates {a_thing}: it is there from the start"
    return None


def _proposed(scene: Scene) -> dict[str, str]:
    """Rows that the journey suggests, each with the title of the step that names it."""
    named = named_in(scene.design.steps, scene.subject)
    rows = ((_row(scene.subject, name, scene.lookup), title) for name, title in named)
    return {row: title for row, title in rows if row}


def _rows_advised(scene: Scene) -> Advice:
    rows = _proposed(scene)
    if rows and scene.lookup.archetype(scene.subject).id == "catalogue":
        return Advice(tuple(rows), f'named in step "{next(iter(rows.values()))}"')
    return Advice((), "no step names a single one: the rows are yours to write")


def _offered(scene: Scene) -> tuple[Choice, ...]:
    rows = {row: f'named in step "{title}"' for row, title in _proposed(scene).items()}
    for row in scene.subject.seeds or ():
        rows.setdefault(row, "in your words")
    return tuple(Choice(row, row, where) for row, where in rows.items())


def _a_row(text: str) -> None:
    try:
        seed_row(text)
    except SeedError as error:
        raise AnswerError(str(error)) from None


def _fits(scene: Scene, texts: tuple[str, ...]) -> None:
    """Raise AnswerError when a row does not fit the entity, or two of them may not both be."""
    entity: Entity = scene.subject
    keys = [a.id.partition(".")[2] for a in entity.attributes if a.unique == "alone"]
    seen = set()
    for text in texts:
        row = seed_row(text)
        if wrong := misfit_of(text, entity, scene.lookup):
            raise AnswerError(f"{text!r} is no row of {entity.name}: {wrong}")
        for key in keys:
            value = row.get(key)
            if value is not None and (key, value) in seen:
                raise AnswerError(f"Two rows have the {key} {value!r}, and no two may.")
            seen.add((key, value))


REFERENCE: Final = Tree(
    "reference",
    "Reference rows",
    "tools",
    "tables",
    (
        Node(
            "rows", "seeds", "Which {things} must be there before the first user comes?",
            "Without them nothing can be chosen. They are written with the migrations, each as "
            "its columns' values: code = 'first', name = 'First'.",
            _rows_advised, _offered, form="several", own_words=True, separator=";",
            check=_a_row, fits=_fits,
            example="Write code = 'first', name = 'The first {thing}'; one {thing} after the "
            "other, with a semicolon between them. What it belongs to is named by what people "
            "call it: framework = 'gdpr'.",
        ),
    ),
    lambda scene: f"{counted(len(scene.subject.seeds), 'row')} from the start"
    if scene.subject.seeds
    else "no row yet: they are yours to write",
    _is_list,
    aside=always,
)  # fmt: skip


SEEDS: Final = Tree(
    "seeds",
    "Development rows",
    "tools",
    "keeping",
    (
        Node(
            "made_up_rows", "made_up_rows", "How many rows of each kind are made up for "
            "development?",
            "Pages look finished with three rows and break with thirty. Nothing personal is in "
            "them: names and addresses are made up.",
            fixed("20", "a first page is full, and a second one begins"), form="number",
            example="20: that many {persons} and {things}, the same ones each time.",
        ),
    ),
    lambda scene: counted(scene.subject.made_up_rows or 0, "row") + " of each kind",
    lambda scene: "" if scene.lookup.tables else None,
)  # fmt: skip


# What the step of the tools shows of it


def seed_rows(design: Design) -> Iterator[Row]:
    """One row an entity that has reference rows, one a list that is filled from its values."""
    yield from by_subject(design, (REFERENCE,))
    lookup = Lookup(design)
    for entity in lookup.tables:
        for each in entity.attributes:
            if kind_of(each).id == "one-of" and each.kept_by == "users":
                rows = counted(len(each.values or ()), "row")
                yield Row(each.id, f"{entity.name} · {each.name}", f"{rows} from its values",
                          "users keep the list", optional=False)  # fmt: skip
    made_up = design.keeping.made_up_rows
    if lookup.tables and made_up is not None:
        yield Row("seeds.made_up_rows", "Development rows", f"{made_up} of each kind, made up",
                  "the same ones each time, nothing personal", optional=False)  # fmt: skip


def seed_count(design: Design) -> int:
    """How many reference rows there are."""
    return sum(len(entity.seeds or ()) for entity in Lookup(design).tables)
