"""The walk: its steps in order, the questions of a design, answers, and proposals taken whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from schemawalk.design.choices import Author
from schemawalk.design.model import Design, Note
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps import (
    access,
    columns,
    endings,
    entities,
    growth,
    keeping,
    relationships,
    review,
    sources,
    stack,
    states,
    tools,
    unchosen,
    unsaid,
    writing,
)
from wizard_steps.asking.given import Given, can_be_given, check, note_of
from wizard_steps.asking.look_again import marked, without_unasked
from wizard_steps.asking.question import AnswerError, Option, Question, State
from wizard_steps.asking.spots import Spot, spots
from wizard_steps.asking.steps import Proposal, Step
from wizard_steps.asking.subjects import COLLECTIONS
from wizard_steps.asking.tidy import ids, without_dangling
from wizard_steps.asking.tree import Tree

WALK: tuple[Step, ...] = (
    sources.STEP,
    stack.STEP,
    unsaid.STEP,
    entities.STEP,
    relationships.STEP,
    columns.STEP,
    states.STEP,
    endings.STEP,
    keeping.STEP,
    access.STEP,
    growth.STEP,
    tools.STEP,
    unchosen.STEP,
    review.STEP,
    writing.STEP,
)
"""The steps in the order in which they are walked."""


@cache
def step(step_id: str) -> Step:
    """The step of that id; raises KeyError when there is none."""
    return {each.id: each for each in WALK}[step_id]


@cache
def tree(tree_id: str) -> Tree:
    """The tree of that id; raises KeyError when there is none."""
    return {each.id: each for a_step in WALK for each in a_step.trees}[tree_id]


def questions(design: Design, only: str = "", *, aside: bool = False) -> tuple[Question, ...]:
    """Every question that the design calls for, in the order of the walk.

    `only` is the id of a step whose questions are wanted; with `aside` those are among them that
    nothing calls for, and that can be answered all the same.
    """
    lookup = Lookup(design)
    found = (spot for a_step in _steps(only) for spot in spots(a_step.trees, lookup, aside=aside))
    return tuple(_question(spot) for spot in found)


def question(design: Design, question_id: str) -> Question:
    """The question of that id; raises AnswerError when the design does not call for it."""
    return _question(_spot(design, question_id))


def subject_questions(design: Design, tree_id: str, subject_id: str) -> tuple[Question, ...]:
    """The path taken through one tree for one subject, with what is still open."""
    lookup = Lookup(design)
    return tuple(_question(s) for s in spots((tree(tree_id),), lookup, subject_id))


def shows(design: Design, question_id: str) -> tuple[str, ...]:
    """Lines to look at before the question is answered; none for most questions.

    Raises AnswerError when the design does not call for the question.
    """
    spot = _spot(design, question_id)
    return spot.node.shows(spot.scene) if spot.node.shows else ()


def outcome(design: Design, tree_id: str, subject_id: str) -> str:
    """What the answers of one tree come to for one subject."""
    first = next(spots((tree(tree_id),), Lookup(design), subject_id), None)
    return first.scene.say(first.tree.outcome(first.scene)) if first else ""


def answer(
    design: Design,
    question_id: str,
    value: tuple[str, ...] | str,
    *,
    why: str = "",
    by: Author = "user",
    source: str = "",
) -> Design:
    """The design with an answer to a question.

    Answers that were given on another assumption are marked to be looked at again.  Raises
    AnswerError when there is no such question, or the value does not fit it.
    """
    values = tuple(dict.fromkeys((value,) if isinstance(value, str) else value))
    spot = _spot(design, question_id)
    new = _answered(design, spot, Given(values, why), by, source)
    return _looked_again(design, new, spot)


def do_not_know(design: Design, question_id: str) -> Design:
    """The design with "I don't know yet": the recommended answer, and an open question."""
    spot = _spot(design, question_id)
    return _looked_again(design, _answered(design, spot, Given(unknown=True)), spot)


def explain(design: Design, question_id: str, why: str) -> Design:
    """The design with the reason for an answer, in somebody's words; an empty one takes it away.

    Raises AnswerError when there is no such question, or it has no answer yet.
    """
    spot = _spot(design, question_id)
    if spot.answer is None:
        raise AnswerError(f"{question_id} has no answer yet: answer it, then say why.")
    if spot.node.reasoned is not None:
        return spot.node.reasoned(design, spot.subject_id, why)
    note = spot.scene.notes.get(question_id) or Note(id=question_id)
    return _noted(design, question_id, note.model_copy(update={"why": why, "by": "user"}))


def answer_all(design: Design, given: Mapping[str, Given]) -> tuple[Design, dict[str, str]]:
    """The design with many answers, and the reasons by id for those that were not taken.

    An answer can call for the question that another one answers, so they are given again until
    nothing more is taken.  Answers that are not among them are marked to be looked at again.
    """
    new, left = design, dict(given)
    refused: dict[str, str] = {}
    while left:
        refused = {}
        for question_id, each in left.items():
            try:
                new = _answered(new, _spot(new, question_id), each)
            except AnswerError as error:
                refused[question_id] = str(error)
        if len(refused) == len(left):
            break
        left = {question_id: left[question_id] for question_id in refused}
    taken = given.keys() - refused.keys()
    reason = f"{len(taken)} answers were given at once"
    new = marked(new, by_id(design), by_id(new), frozenset(taken), reason)
    return _gone_through(new), refused


def no_longer_asked(before: Design, after: Design) -> tuple[str, ...]:
    """The answered questions of one design that another does not ask any more, in words."""
    asked = by_id(after)
    gone = (spot for spot in by_id(before).values()
            if spot.id not in asked and spot.tree.id != review.TREE.id)  # fmt: skip
    return tuple(s.scene.say(s.node.prompt) for s in gone if s.answer is not None)


def propose(design: Design, step_id: str, without: Iterable[str] = ()) -> Proposal:
    """What a step proposes: the design grown by its subjects, every open question recommended."""
    a_step, left_out = step(step_id), frozenset(without)
    grown = without_dangling(a_step.grow(design, left_out), left_out)
    filled = _recommended(grown, a_step)
    done = (*(s for s in filled.done if s != step_id), step_id)
    taken = filled.model_copy(update={"done": done})
    return Proposal(step_id, a_step.headline(taken), a_step.rows(taken), taken)


def take_all(design: Design) -> Design:
    """Every step's proposal taken, one after the other."""
    for a_step in WALK:
        design = propose(design, a_step.id).design
    return design


def progress(design: Design) -> tuple[int, int]:
    """How many questions are answered, and how many there are; nothing answered is advised anew."""
    lookup = Lookup(design)
    given = [spot.answer for a_step in WALK for spot in spots(a_step.trees, lookup)]
    return sum(answered is not None for answered in given), len(given)


def to_look_at(design: Design) -> frozenset[str]:
    """Ids of the steps that have an answer to look at again."""
    trees = (note.id.partition(".")[0] for note in design.notes if note.look_again)
    known = {each.id: a_step.id for a_step in WALK for each in a_step.trees}
    return frozenset(known[tree_id] for tree_id in trees if tree_id in known)


def first_open(design: Design) -> Step | None:
    """The first step that was not gone through yet; None at the end of the walk."""
    return next((a_step for a_step in WALK if a_step.id not in design.done), None)


def _gone_through(design: Design) -> Design:
    """The design with every step done of which, and before which, no question is open."""
    lookup = Lookup(design)
    done = list(design.done)
    for a_step in WALK:
        if any(spot.answer is None for spot in spots(a_step.trees, lookup)):
            break
        if a_step.id not in done and a_step.id != "write":
            done.append(a_step.id)
    return design.model_copy(update={"done": tuple(done)})


def _steps(only: str) -> tuple[Step, ...]:
    return (step(only),) if only else WALK


def _spot(design: Design, question_id: str) -> Spot:
    tree_id, _, rest = question_id.partition(".")
    subject_id, _, node_id = rest.rpartition(".")
    try:
        a_tree = tree(tree_id)
    except KeyError:
        raise AnswerError(f"There is no question {question_id!r}: see the list of them.") from None
    for spot in spots((a_tree,), Lookup(design), subject_id, aside=True):
        if spot.node.id == node_id:
            return spot
    raise AnswerError(
        f"Nothing asks {question_id!r} now: an earlier answer decides it, or it does not exist."
    )


def _question(spot: Spot) -> Question:
    scene, node, advice = spot.scene, spot.node, spot.advice
    note = scene.notes.get(spot.id)
    offers = tuple(
        Option(c.value, scene.say(c.label), scene.say(c.leads_to)) for c in node.offers(scene)
    )
    source = f" ({advice.source})" if advice.source else ""
    return Question(
        id=spot.id,
        step=spot.tree.step,
        tree=spot.tree.id,
        node=node.id,
        subject=spot.subject_id,
        about=scene.words.get("about", spot.tree.title),
        prompt=scene.say(node.prompt),
        why=scene.say(node.why),
        form=node.form,
        options=offers,
        recommended=advice.value,
        because=scene.say(advice.because) + source,
        answer=spot.answer,
        state=_state(spot, note),
        look_again=note.look_again if note else "",
        own_words=node.own_words,
        separator=node.separator,
        example=scene.say(node.example),
        called=scene.say(spot.tree.called(scene) or ""),
    )


def _state(spot: Spot, note: Note | None) -> State:
    if spot.answer is None:
        return "open"
    if note and note.look_again:
        return "look again"
    return "unknown" if note and note.unknown else "answered"


def _answered(
    design: Design, spot: Spot, given: Given, by: Author = "user", source: str = ""
) -> Design:
    """The design with an answer in its place, with its note, and without what it leaves unasked."""
    advice = spot.advice
    values = advice.value if given.unknown else given.values
    if not given.unknown:
        check(spot, values)
    new = _put(design, spot, values)
    if spot.node.reasoned is not None and given.why:
        new = spot.node.reasoned(new, spot.subject_id, given.why)
        given = replace(given, why="")
    new = without_dangling(new, ids(design) - ids(new))
    new = _noted(new, spot.id, note_of(spot, given, by, source))
    before = _about(design, spot)
    return without_unasked(new, before, _about(new, spot))


def _about(design: Design, spot: Spot) -> tuple[Spot, ...]:
    """All questions about the subject of one, also those of other trees."""
    trees = (t for a_step in WALK for t in a_step.trees if t.collection == spot.tree.collection)
    return tuple(spots(trees, Lookup(design), spot.subject_id))


_LAST: list[tuple[Design, dict[str, Spot]]] = []
"""What was walked last: an answer compares its design with the one that the answer before made."""


def by_id(design: Design) -> dict[str, Spot]:
    """Every question's spot by the question's id."""
    for known, found in _LAST:
        if known is design:
            return found
    lookup = Lookup(design)
    found = {spot.id: spot for a_step in WALK for spot in spots(a_step.trees, lookup)}
    _LAST[:] = [(design, found), *_LAST[:1]]
    return found


def _put(design: Design, spot: Spot, values: tuple[str, ...]) -> Design:
    """The design with an answer in its place, whatever was answered on its account."""
    if spot.node.set is not None:
        return spot.node.set(design, spot.subject_id, values)
    changed = spot.node.changed(spot.scene.subject, values)
    return COLLECTIONS[spot.tree.collection].put(design, spot.subject_id, changed)


def _noted(design: Design, question_id: str, note: Note | None) -> Design:
    others = tuple(n for n in design.notes if n.id != question_id)
    return design.model_copy(update={"notes": (*others, note) if note else others})


def _recommended(design: Design, a_step: Step) -> Design:
    """The design with every open question of a step answered as recommended.

    An answer can open another question, so the trees are gone through until nothing changes.
    """
    for a_tree in a_step.trees:
        before = None
        while before is not design:
            before = design
            open_spots = (s for s in spots((a_tree,), Lookup(design)) if s.answer is None)
            for subject_id in dict.fromkeys(spot.subject_id for spot in open_spots):
                design = _fill(design, a_tree, subject_id)
    return design


def _fill(design: Design, a_tree: Tree, subject_id: str) -> Design:
    for _ in a_tree.nodes:
        still = (s for s in spots((a_tree,), Lookup(design), subject_id) if s.answer is None)
        spot = next(still, None)
        if spot is None:
            break
        advice = spot.advice
        filled = _put(design, spot, advice.value)
        if filled == design:
            break
        design = filled
        if advice.source:
            note = Note(id=spot.id, by="document", source=advice.source, why=advice.because)
            design = _noted(design, spot.id, note)
    return design


def _looked_again(before: Design, after: Design, answered: Spot) -> Design:
    """The answers that stood on another assumption marked, with the answer that changed it."""
    now = by_id(after)
    new = now.get(answered.id)
    asked = answered.scene.say(answered.node.prompt)
    labels = {c.value: c.label for c in answered.node.offers(answered.scene)}
    values = new.answer or () if new else ()
    says = ", ".join(answered.scene.say(labels.get(value, value)) for value in values)
    reason = f'"{asked}" is now: {says or "none"}'
    done = marked(after, by_id(before), now, frozenset((answered.id,)), reason)
    return _unfit(done, now, answered, reason)


def _unfit(design: Design, now: Mapping[str, Spot], answered: Spot, reason: str) -> Design:
    """The design with a mark at the subject's typed answers that would not be taken any more."""
    notes = {note.id: note for note in design.notes}
    place = (answered.subject_id, answered.tree.collection)
    unfit = [
        spot.id
        for spot in now.values()
        if (spot.subject_id, spot.tree.collection) == place
        and spot.id != answered.id
        and spot.answer
        and (spot.node.own_words or spot.node.form in ("text", "number"))
        and not can_be_given(spot)
    ]
    for each in unfit:
        note = notes.get(each) or Note(id=each, by="default")
        notes[each] = note.model_copy(update={"look_again": reason})
    return design.model_copy(update={"notes": tuple(notes.values())}) if unfit else design
