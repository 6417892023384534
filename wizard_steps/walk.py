"""The walk: its steps in order, the questions of a design, answers, and proposals taken whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from schemawalk.design.model import Author, Design, Note
from schemawalk.schema.lookup import Lookup
from wizard_steps import (
    access,
    columns,
    endings,
    entities,
    relationships,
    review,
    sources,
    stack,
    tools,
    unsaid,
    writing,
)
from wizard_steps.question import AnswerError, Option, Question, State
from wizard_steps.steps import Proposal, Step
from wizard_steps.subjects import COLLECTIONS
from wizard_steps.tidy import without_dangling
from wizard_steps.tree import Node, Scene, Tree

WALK: tuple[Step, ...] = (
    sources.STEP,
    stack.STEP,
    unsaid.STEP,
    entities.STEP,
    relationships.STEP,
    columns.STEP,
    endings.STEP,
    access.STEP,
    tools.STEP,
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


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a question stands: a tree, a subject, a node."""

    tree: Tree
    subject_id: str
    scene: Scene
    node: Node
    answer: tuple[str, ...] | None

    @property
    def id(self) -> str:
        """The question's id: `tree.subject.node`, or `tree.node` about the whole design."""
        return ".".join(filter(None, (self.tree.id, self.subject_id, self.node.id)))


def questions(design: Design, only: str = "") -> tuple[Question, ...]:
    """Every question that the design calls for, in the order of the walk.

    `only` is the id of a step whose questions are wanted.
    """
    lookup = Lookup(design)
    found = (spot for a_step in _steps(only) for spot in _spots(a_step.trees, lookup))
    return tuple(_question(spot) for spot in found)


def question(design: Design, question_id: str) -> Question:
    """The question of that id; raises AnswerError when the design does not call for it."""
    return _question(_spot(design, question_id))


def subject_questions(design: Design, tree_id: str, subject_id: str) -> tuple[Question, ...]:
    """The path taken through one tree for one subject, with what is still open."""
    lookup = Lookup(design)
    return tuple(_question(s) for s in _path(tree(tree_id), lookup, subject_id))


def shows(design: Design, question_id: str) -> tuple[str, ...]:
    """Lines to look at before the question is answered; none for most questions.

    Raises AnswerError when the design does not call for the question.
    """
    spot = _spot(design, question_id)
    return spot.node.shows(spot.scene) if spot.node.shows else ()


def outcome(design: Design, tree_id: str, subject_id: str) -> str:
    """What the answers of one tree come to for one subject."""
    lookup = Lookup(design)
    a_tree = tree(tree_id)
    for found, subject in COLLECTIONS[a_tree.collection].subjects(lookup):
        if found == subject_id:
            scene = _scene(a_tree, lookup, subject)
            return scene.say(a_tree.outcome(scene))
    return ""


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
    spot = _spot(design, question_id)
    values = tuple(dict.fromkeys((value,) if isinstance(value, str) else value))
    _check(spot, values)
    new = _put(design, spot, values)
    advice = spot.node.advise(spot.scene)
    worth = bool(why) or by != "user" or values != advice.value or _had_note(spot)
    note = Note(id=question_id, by=by, source=source, why=why) if worth else None
    return _looked_again(design, _noted(new, question_id, note), question_id)


def do_not_know(design: Design, question_id: str) -> Design:
    """The design with "I don't know yet": the recommended answer, and an open question."""
    spot = _spot(design, question_id)
    asked = _question(spot)
    values = asked.recommended
    new = _put(design, spot, values)
    others = "; ".join(f"{o.label}: {o.leads_to}" for o in asked.options if o.value not in values)
    note = Note(id=question_id, by="default", unknown=True, impact=others, why=asked.because)
    return _looked_again(design, _noted(new, question_id, note), question_id)


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
    given = [spot.answer for a_step in WALK for spot in _spots(a_step.trees, lookup)]
    return sum(answered is not None for answered in given), len(given)


def to_look_at(design: Design) -> frozenset[str]:
    """Ids of the steps that have an answer to look at again."""
    trees = (note.id.partition(".")[0] for note in design.notes if note.look_again)
    known = {each.id: a_step.id for a_step in WALK for each in a_step.trees}
    return frozenset(known[tree_id] for tree_id in trees if tree_id in known)


def first_open(design: Design) -> Step | None:
    """The first step that was not gone through yet; None at the end of the walk."""
    return next((a_step for a_step in WALK if a_step.id not in design.done), None)


def _steps(only: str) -> tuple[Step, ...]:
    return (step(only),) if only else WALK


def _scene(a_tree: Tree, lookup: Lookup, subject: object) -> Scene:
    words = COLLECTIONS[a_tree.collection].words(lookup, subject)
    return Scene(lookup.design, lookup, subject, words)


def _spots(trees: Iterable[Tree], lookup: Lookup) -> Iterator[Spot]:
    for a_tree in trees:
        for subject_id, subject in COLLECTIONS[a_tree.collection].subjects(lookup):
            yield from _walked(a_tree, lookup, subject_id, subject)


def _walked(a_tree: Tree, lookup: Lookup, subject_id: str, subject: object) -> Iterator[Spot]:
    scene = _scene(a_tree, lookup, subject)
    for node, given in a_tree.path(scene):
        yield Spot(a_tree, subject_id, scene, node, given)


def _path(a_tree: Tree, lookup: Lookup, wanted: str) -> Iterator[Spot]:
    for subject_id, subject in COLLECTIONS[a_tree.collection].subjects(lookup):
        if subject_id == wanted:
            yield from _walked(a_tree, lookup, subject_id, subject)


def _spot(design: Design, question_id: str) -> Spot:
    tree_id, _, rest = question_id.partition(".")
    subject_id, _, node_id = rest.rpartition(".")
    try:
        a_tree = tree(tree_id)
    except KeyError:
        raise AnswerError(f"There is no question {question_id!r}: see the list of them.") from None
    for spot in _path(a_tree, Lookup(design), subject_id):
        if spot.node.id == node_id:
            return spot
    raise AnswerError(
        f"Nothing asks {question_id!r} now: an earlier answer decides it, or it does not exist."
    )


def _question(spot: Spot) -> Question:
    scene, node = spot.scene, spot.node
    advice = node.advise(scene)
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


def _check(spot: Spot, values: tuple[str, ...]) -> None:
    """Raise AnswerError unless the values are among the node's choices, where it has them."""
    offered = [choice.value for choice in spot.node.offers(spot.scene)]
    if spot.node.form != "several" and len(values) != 1:
        raise AnswerError(f"{spot.id} takes one answer, not {len(values)}.")
    if spot.node.form == "text" and not values[0].strip():
        raise AnswerError(f"{spot.id} needs an answer: type one.")
    for value in values:
        if spot.node.check is not None:
            spot.node.check(value)
    if spot.node.form in ("text", "number") or spot.node.own_words:
        return
    for value in values:
        if value not in offered:
            raise AnswerError(f"{value!r} is not an answer to {spot.id}: {', '.join(offered)}.")


def _put(design: Design, spot: Spot, values: tuple[str, ...]) -> Design:
    """The design with an answer in its place, whatever was answered on its account."""
    if spot.node.set is not None:
        return spot.node.set(design, spot.subject_id, values)
    changed = spot.node.changed(spot.scene.subject, values)
    return COLLECTIONS[spot.tree.collection].put(design, spot.subject_id, changed)


def _had_note(spot: Spot) -> bool:
    return spot.id in spot.scene.notes


def _noted(design: Design, question_id: str, note: Note | None) -> Design:
    others = tuple(n for n in design.notes if n.id != question_id)
    return design.model_copy(update={"notes": (*others, note) if note else others})


def _recommended(design: Design, a_step: Step) -> Design:
    """The design with every open question of a step answered as recommended.

    An answer can open the next question, so subjects are read again until nothing is open.
    """
    for a_tree in a_step.trees:
        collection = COLLECTIONS[a_tree.collection]
        for subject_id, _ in tuple(collection.subjects(Lookup(design))):
            design = _fill(design, a_tree, subject_id)
    return design


def _fill(design: Design, a_tree: Tree, subject_id: str) -> Design:
    for _ in a_tree.nodes:
        still = (s for s in _path(a_tree, Lookup(design), subject_id) if s.answer is None)
        spot = next(still, None)
        if spot is None:
            break
        advice = spot.node.advise(spot.scene)
        filled = _put(design, spot, advice.value)
        if filled == design:
            break
        design = filled
        if advice.source:
            note = Note(id=spot.id, by="document", source=advice.source, why=advice.because)
            design = _noted(design, spot.id, note)
    return design


def _looked_again(before: Design, after: Design, answered: str) -> Design:
    """Mark answers whose recommendation changed with this answer, and drop notes of questions gone.

    What somebody answered stays as it is: they are told, and decide.
    """
    earlier = {q.id: q for q in questions(before)}
    now = {q.id: q for q in questions(after)}
    marked = {
        q.id: f"the answer to {answered} changed"
        for q in now.values()
        if q.id != answered
        and q.answer is not None
        and q.id in earlier
        and q.answer != q.recommended
        and (q.recommended != earlier[q.id].recommended or not _offered(q))
    }
    notes = [
        n.model_copy(update={"look_again": marked.pop(n.id)}) if n.id in marked else n
        for n in (_settled(n, now.get(n.id)) for n in after.notes)
        if n is not None and (n.id in now or n.id not in earlier)
    ]
    notes += [Note(id=i, by="default", look_again=reason) for i, reason in marked.items()]
    return after.model_copy(update={"notes": tuple(notes)})


def _offered(asked: Question) -> bool:
    """Whether the answer is still among the options, where one of them must be chosen."""
    return (
        asked.form != "one"
        or asked.answer is None
        or asked.answer[0] in {option.value for option in asked.options}
    )


def _settled(note: Note, asked: Question | None) -> Note | None:
    """The note without its mark once the answer is what is recommended; None when it is empty."""
    if not note.look_again or asked is None or asked.answer != asked.recommended:
        return note
    plain = note.model_copy(update={"look_again": ""})
    return plain if plain.why or plain.source or plain.unknown or plain.by == "user" else None
