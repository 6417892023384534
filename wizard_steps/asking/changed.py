"""What a changed document re-opens: the steps it tells otherwise, and what was answered on them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from schemawalk.design.model import Design, Note
from schemawalk.design.model import Step as JourneyStep
from wizard_steps.asking.look_again import marked
from wizard_steps.asking.tidy import without_steps
from wizard_steps.sources import STACK_FIELDS, taken
from wizard_steps.walk import by_id

if TYPE_CHECKING:
    from schemawalk.reading.documents import Reading


def changed_documents(design: Design, folder: Path) -> tuple[str, ...]:
    """The documents that are not as they were read: changed, or gone."""
    read = (source for source in design.sources if source.sha256)
    return tuple(s.path for s in read if not _same(folder / s.path, s.sha256))


def _same(path: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False


def reread(design: Design, folder: Path) -> tuple[Design, tuple[str, ...]]:
    """The design after its documents were read again, and what they tell otherwise, in sentences.

    Answers stay.  Those that stood on what changed are marked to be looked at again: the nouns of
    a step that reads otherwise, things that only a lost step spoke of, facts of the stack that are
    stated differently, and whatever is recommended otherwise now.  Raises ReadingError when the
    folder cannot be read.
    """
    from schemawalk.reading.documents import find_documents, read_documents

    found = [path for paths in find_documents(folder).values() for path in paths]
    reading = read_documents(found, folder)
    steps = _compared(design.steps, reading.steps or design.steps)
    doubts = {f"nouns.{step_id}.which": why for step_id, why in steps.news.items()}
    doubts |= _orphans(design, steps.gone) | _restated(design, reading)
    said = (*steps.news.values(), *steps.gone.values(), *_restated(design, reading).values())
    kept = _without(design, steps)
    if reading.facts:
        plain = kept.stack.model_copy(update={"facts": (), "targets": ()})
        kept = kept.model_copy(update={"stack": plain})
    new = taken(kept, reading)
    before, now = by_id(design), by_id(new)
    new = marked(new, before, now, frozenset(), "; ".join(said) or "the documents changed")
    return _doubted(new, {i: why for i, why in doubts.items() if i in now}), said


@dataclass
class _Compared:
    """The steps as they are told now under the ids that they had, and how they differ."""

    steps: list[JourneyStep] = field(default_factory=list)
    news: dict[str, str] = field(default_factory=dict)
    """By id, what is to be said of a step that is new or reads otherwise."""
    gone: dict[str, str] = field(default_factory=dict)
    """By id, what is to be said of a step that is told no more."""


def _compared(kept: tuple[JourneyStep, ...], told: tuple[JourneyStep, ...]) -> _Compared:
    result, left = _Compared(), {step.id: step for step in kept}
    for step in told:
        old = _same_step(step, left)
        if old is None:
            known = {s.id for s in (*kept, *result.steps)}
            new = step if step.id not in known else step.model_copy(update={"id": f"{step.id}-2"})
            result.steps.append(new)
            result.news[new.id] = f'step "{step.title}" is new ({step.file}:{step.line})'
            continue
        del left[old.id]
        result.steps.append(step.model_copy(update={"id": old.id}))
        if (_words(old.text), _words(old.title)) != (_words(step.text), _words(step.title)):
            where = f"({step.file}:{step.line})"
            result.news[old.id] = f'step "{step.title}" reads otherwise {where}'
    result.gone = {i: f'step "{old.title}" is told no more' for i, old in left.items()}
    return result


def _same_step(step: JourneyStep, left: dict[str, JourneyStep]) -> JourneyStep | None:
    """The kept step that a step told now is: of its id, its title, or its text."""
    if step.id in left and _words(left[step.id].title) == _words(step.title):
        return left[step.id]
    for old in left.values():
        if _words(old.title) == _words(step.title):
            return old
    return next(
        (old for old in left.values() if old.text and _words(old.text) == _words(step.text)), None
    )


def _words(text: str) -> list[str]:
    return text.casefold().split()


def _orphans(design: Design, gone: dict[str, str]) -> dict[str, str]:
    """Questions about things that only lost steps speak of."""
    return {
        f"entity.{entity.id}.persists": "; ".join(gone[step] for step in entity.steps)
        for entity in design.entities
        if entity.steps and gone.keys() >= set(entity.steps)
    }


def _restated(design: Design, reading: Reading) -> dict[str, str]:
    """Questions about the stack that a document answered, and answers otherwise now."""
    result = {}
    told = {fact.field: fact for fact in reversed(reading.facts) if fact.field in STACK_FIELDS}
    for note in design.notes:
        name = note.id.removeprefix("stack.")
        fact = told.get(name) if note.by == "document" and note.id != name else None
        if fact and fact.value != getattr(design.stack, name):
            result[note.id] = f'{fact.file}:{fact.line} now says "{fact.quote}"'
    return result


def _without(design: Design, steps: _Compared) -> Design:
    """The design with the steps as they are told now, and nothing that names a lost one."""
    told = design.model_copy(update={"steps": tuple(steps.steps)})
    return without_steps(told, steps.gone.keys())


def _doubted(design: Design, doubts: dict[str, str]) -> Design:
    """The design with marks at the answers to some questions."""
    known = {note.id: note for note in design.notes}
    for question_id, why in doubts.items():
        note = known.get(question_id) or Note(id=question_id, by="default")
        known[question_id] = note.model_copy(update={"look_again": why})
    return design.model_copy(update={"notes": tuple(known.values())})
