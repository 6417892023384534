"""Many answers at once: given to a design all together, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from schemawalk.design.choices import Author
from schemawalk.design.model import Design, Note
from wizard_steps import walk
from wizard_steps.asking.given import Given
from wizard_steps.asking.question import Question
from wizard_steps.asking.spots import Spot

LAST = "write"
"""The step in which nothing is answered: it is never taken by answers."""
CLOSE = 0.75
"""How alike two ids must be for the one to be a misspelling of the other."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of a file, with what is to be kept besides its value."""

    id: str
    given: Given
    source: str = ""
    """The line of a document that gave the value: `tech-stack.md:9`."""
    look_again: str = ""
    """Why the answer is to be looked at again."""
    by: Author | Literal[""] = ""
    """Who gave it, where that does not follow from the rest."""
    line: int = 0
    """Where it stands in its file, counted from 1; 0 when that is not known."""


@dataclass(frozen=True)
class Applied:
    """What became of many answers."""

    design: Design
    taken: tuple[str, ...] = ()
    """Ids of the questions that they answered."""
    defaults: tuple[Question, ...] = ()
    """Questions that were answered as recommended."""
    missing: tuple[Question, ...] = ()
    """Questions that are open still."""
    refused: dict[str, str] = field(default_factory=dict)
    """By id, why an answer could not be taken."""
    unasked: tuple[str, ...] = ()
    """Ids of those that were refused because nothing asks them."""
    look_again: dict[str, str] = field(default_factory=dict)
    """By id, why other answers should be looked at again now."""


def apply(design: Design, entries: Sequence[Entry], *, defaults: bool = False) -> Applied:
    """The design with all answers; with `defaults` also with every recommendation beside them.

    An answer that is in the design already changes nothing.  The walk is gone through step by
    step: what a step proposes is there before its answers, which keep it or turn it down, so that
    the order of the answers makes no difference: only the entities of a new design stand in it.
    A refused answer is named with its reason: the caller decides whether the rest counts.
    """
    before = walk.by_id(design)
    changed = [e for e in entries if not _is_so(before.get(e.id), e)]
    given = {e.id: e.given for e in _in_walk_order(changed, before)}
    new, left = _by_steps(design, given, defaults=defaults)
    new, refused = walk.answer_all(new, left) if left else (new, {})
    if "entities" not in design.done:
        new = _in_their_order(new, entries)
    new = _with_notes(new, [e for e in entries if e.id in given and e.id not in refused])
    new = _as_before(new, design, [e for e in entries if e.id not in given])
    asked = walk.questions(new)
    ids = [question.id for question in asked]
    known = {entry.id for entry in entries}
    known |= {i for i, spot in before.items() if spot.answer is not None}
    filled = (q for q in asked if q.id not in known and q.answer is not None)
    return Applied(
        new,
        tuple(e.id for e in entries if e.id not in refused),
        tuple(filled) if defaults else (),
        tuple(q for q in asked if q.answer is None),
        {i: reason + _suggestion(i, ids) for i, reason in refused.items()},
        tuple(i for i in refused if i not in set(ids)),
        look_again(design, new),
    )


def look_again(before: Design, after: Design) -> dict[str, str]:
    """By id, why answers should be looked at again that did not have to be before."""
    known = {note.id for note in before.notes if note.look_again}
    return {n.id: n.look_again for n in after.notes if n.look_again and n.id not in known}


def _in_walk_order(entries: Iterable[Entry], asked: Iterable[str]) -> list[Entry]:
    """Answers as the walk asks for them: by tree, and then as far as they are asked already."""
    trees = {tree.id: at for at, tree in enumerate(t for step in walk.WALK for t in step.trees)}
    places = {question_id: at for at, question_id in enumerate(asked)}
    last = len(trees), len(places)
    return sorted(
        entries,
        key=lambda e: (trees.get(e.id.partition(".")[0], last[0]), places.get(e.id, last[1])),
    )


def _in_their_order(design: Design, entries: Iterable[Entry]) -> Design:
    """The design with its entities in the order in which they are first answered about.

    As it is where answers speak of some of them only: what is said of one does not move it.
    """
    asked = (entry.id.split(".") for entry in entries if entry.id.startswith("entity."))
    places = {entity: at for at, entity in enumerate(dict.fromkeys(parts[1] for parts in asked))}
    if not places.keys() >= {entity.id for entity in design.entities}:
        return design
    order = sorted(design.entities, key=lambda entity: places[entity.id])
    return design.model_copy(update={"entities": tuple(order)})


def _is_so(spot: Spot | None, entry: Entry) -> bool:
    """Whether an answer is in the design as the file gives it, with nothing to settle."""
    if spot is None or entry.given.unknown or spot.answer != entry.given.values:
        return False
    note = spot.scene.notes.get(spot.id) or Note(id=spot.id)
    if note.unknown or note.look_again != entry.look_again:
        return False
    return entry.given.why in ("", note.why)


def _by_steps(
    design: Design, left: dict[str, Given], *, defaults: bool
) -> tuple[Design, dict[str, Given]]:
    """The design gone through step by step, and the answers that found no question."""
    for step in walk.WALK:
        if step.id == LAST:
            continue
        if step.id not in design.done and _of(left, step.id):
            design = step.grow(design, frozenset())
        design, left = _answered(design, left, step.id)
        if not defaults:
            continue
        design = walk.propose(design, step.id).design
        if _of(left, step.id):  # the proposal called for more
            design, left = _answered(design, left, step.id)
            design = walk.propose(design, step.id).design
    return design, left


def _of(left: dict[str, Given], step_id: str) -> dict[str, Given]:
    """The answers to the questions of one step."""
    return {i: given for i, given in left.items() if step_of(i) == step_id}


def _answered(
    design: Design, left: dict[str, Given], step_id: str
) -> tuple[Design, dict[str, Given]]:
    """The design with the answers to one step's questions, and those that are left."""
    here = _of(left, step_id)
    if not here:
        return design, left
    design, refused = walk.answer_all(design, here)
    return design, {i: given for i, given in left.items() if i not in here or i in refused}


def step_of(question_id: str) -> str:
    """Id of the step that asks a question; empty when there is no such tree."""
    try:
        return walk.tree(question_id.partition(".")[0]).step
    except KeyError:
        return ""


def _with_notes(design: Design, entries: Sequence[Entry]) -> Design:
    """The design with what the answers carry besides their values, and no note that says nothing.

    Answers of one file hold together: none of them puts another in doubt.
    """
    notes = {note.id: note for note in design.notes}
    spots = walk.by_id(design)
    for entry in entries:
        note = notes.get(entry.id) or Note(id=entry.id, by="default", why=entry.given.why)
        kept = note.model_copy(update=_kept(entry, note))
        if _says_something(kept) or (kept.by == "user" and not _is_usual(entry, spots)):
            notes[entry.id] = kept
        else:
            notes.pop(entry.id, None)
    return design.model_copy(update={"notes": tuple(notes.values())})


def _as_before(design: Design, before: Design, entries: Sequence[Entry]) -> Design:
    """The design with the notes that answers had before which changed nothing."""
    same = {entry.id for entry in entries}
    kept = {note.id: note for note in before.notes if note.id in same}
    notes = (kept.get(n.id) if n.id in same else n for n in design.notes)
    return design.model_copy(update={"notes": tuple(n for n in notes if n is not None)})


def _kept(entry: Entry, note: Note) -> dict[str, object]:
    by = "document" if entry.source else entry.by or note.by
    return {"by": by, "source": entry.source or note.source, "look_again": entry.look_again}


def _says_something(note: Note) -> bool:
    return bool(note.why or note.source or note.unknown or note.look_again)


def _is_usual(entry: Entry, spots: Mapping[str, Spot]) -> bool:
    """Whether the answer is what is recommended now that all are given, and no more is said."""
    spot = spots.get(entry.id)
    return not entry.by and (spot is None or spot.answer == spot.advice.value)


def suggestion(design: Design, question_id: str) -> str:
    """The question that a misspelt id probably means, as " Did you mean …?"; empty when none."""
    return _suggestion(question_id, [*walk.by_id(design)])


def _suggestion(question_id: str, ids: Sequence[str]) -> str:
    if question_id in ids:
        return ""
    close = get_close_matches(question_id, ids, n=1, cutoff=CLOSE)
    return f" Did you mean {close[0]}?" if close else ""
