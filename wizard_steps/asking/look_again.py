"""What an answer does to other answers: marks to look again, and nothing left that nobody asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemawalk.design.model import Design, Note
from wizard_steps.asking.spots import Spot
from wizard_steps.asking.subjects import COLLECTIONS

Spots = Mapping[str, Spot]
"""Questions of one design by id."""


def marked(
    design: Design, before: Spots, now: Spots, answered: frozenset[str], reason: str
) -> Design:
    """The design with a mark at each answer that stood on another assumption.

    An answer is marked when it was what is recommended and is so no longer, or when it is no
    longer among the options.  Who answered otherwise than recommended did so for a reason of their
    own, which stands.  What somebody answered stays as it is: they are told, and decide; only
    reasons that were taken as they were proposed follow.  Notes of questions that are no longer
    asked go with them.
    """
    in_doubt = {note.id for note in design.notes if note.look_again}
    stand = _stand(before, now, answered, in_doubt)
    doubtful = {spot.id for spot in stand["doubtful"]}
    settled = {spot.id for spot in stand["settled"]}
    notes = []
    for note in design.notes:
        if note.id in before and note.id not in now:
            continue
        if note.id in doubtful:
            doubtful.remove(note.id)
            notes.append(note.model_copy(update={"look_again": reason}))
        elif kept := _settled(note) if note.id in settled else note:
            notes.append(kept)
    notes += [Note(id=i, by="default", look_again=reason) for i in now if i in doubtful]
    for spot in stand["following"]:
        if spot.node.set is not None:
            design = spot.node.set(design, spot.subject_id, spot.advice.value)
    return design.model_copy(update={"notes": tuple(notes)})


def _stand(
    before: Spots, now: Spots, answered: frozenset[str], in_doubt: set[str]
) -> Mapping[str, list[Spot]]:
    """The questions whose answers are doubtful now, settled again, or follow what is proposed."""
    found: dict[str, list[Spot]] = {"doubtful": [], "settled": [], "following": []}
    for spot in now.values():
        if spot.answer is None or spot.id in answered:
            continue
        was = before.get(spot.id)
        if _as_advised(spot):
            if spot.id in in_doubt and (was is None or not _as_advised(was)):
                found["settled"].append(spot)  # else it was marked on purpose
        elif was is not None and _stood_otherwise(was, spot):
            found["following" if spot.node.follows else "doubtful"].append(spot)
    return found


def _as_advised(spot: Spot) -> bool:
    """Whether the answer is the recommended one."""
    return spot.answer is not None and _in_order(spot, spot.answer) == _advised(spot)


def _advised(spot: Spot) -> Sequence[str]:
    return _in_order(spot, spot.advice.value)


def _in_order(spot: Spot, values: tuple[str, ...]) -> Sequence[str]:
    """The values as they stand, or sorted where their order says nothing."""
    return sorted(values) if spot.node.unordered else values


def _stood_otherwise(before: Spot, now: Spot) -> bool:
    """Whether an answer followed a recommendation that is another one now, or cannot be given."""
    changed = _advised(before) != _advised(now)
    return (changed and _as_advised(before)) or not now.is_offered


def _settled(note: Note) -> Note | None:
    """The note without its mark; None when nothing else is in it."""
    if not note.look_again:
        return note
    plain = note.model_copy(update={"look_again": ""})
    return plain if plain.why or plain.source or plain.unknown or plain.by == "user" else None


def without_unasked(design: Design, before: Iterable[Spot], now: Iterable[Spot]) -> Design:
    """The design without the answers of questions about one subject that are asked no more.

    Only plain fields are emptied; what a question keeps elsewhere is its own to tidy.
    """
    asked = {(spot.tree.collection, spot.node.field) for spot in now}
    for spot in before:
        node, collection = spot.node, spot.tree.collection
        own_place = node.get is not None or node.set is not None or not node.field
        if own_place or spot.answer is None or (collection, node.field) in asked:
            continue
        subject = _subject(design, collection, spot.subject_id)
        if subject is not None:
            usual = type(subject).model_fields[node.field].default
            emptied = subject.model_copy(update={node.field: usual})
            design = COLLECTIONS[collection].put(design, spot.subject_id, emptied)
    return design


def _subject(design: Design, collection: str, subject_id: str) -> Any:
    from schemawalk.schema.tables.lookup import Lookup

    found = COLLECTIONS[collection].subjects(Lookup(design), subject_id)
    return next((subject for _, subject in found), None)
