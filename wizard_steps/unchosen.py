"""Step "unchosen": the alternatives to the big choices, why not here, and when to think again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from schemawalk.design.model import Alternative, Design
from schemawalk.schema.names import snake
from schemawalk.schema.roads import ROADS
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tools import TOOLS
from wizard_steps.asking.listed import NOTHING, by_subject
from wizard_steps.asking.steps import Row, Step, turned_down
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.proposing.calls import counted
from wizard_steps.turns import BY_ROAD, OWN, TOOL, alternative, proposed

# Which of them are told


def _value(alternative: Alternative) -> str:
    """What stands for it in an answer: its id, or its name when it is somebody's own."""
    return alternative.name if alternative.id.startswith(OWN) else alternative.id


def _told(design: Design) -> tuple[Alternative, ...]:
    return tuple(a for a in design.alternatives if a.id)


def _which(scene: Scene) -> tuple[str, ...] | None:
    """The alternatives that are told; None while one was neither taken nor left out."""
    told = _told(scene.design)
    known = {*(a.id for a in told), *scene.design.dropped}
    waiting = any(each.id not in known for each in proposed(scene.design, scene.lookup))
    return None if waiting else tuple(map(_value, told))


def _advise(scene: Scene) -> Advice:
    away = scene.design.dropped
    new = (a for a in proposed(scene.design, scene.lookup) if a.id not in away)
    values = tuple(dict.fromkeys(map(_value, (*_told(scene.design), *new))))
    return Advice(values, "each stands against a choice that was made here")


def _offered(scene: Scene) -> tuple[Choice, ...]:
    every = {a.id: a for a in (*_told(scene.design), *proposed(scene.design, scene.lookup))}
    return tuple(
        Choice(_value(a), a.name, f"instead: {a.instead or 'what was chosen'}")
        for a in every.values()
    )


def _take(design: Design, _: str, values: tuple[str, ...]) -> Design:
    """The design with exactly these alternatives; a value that is no id is a name of one's own."""
    lookup = Lookup(design)
    told = {_value(a): a for a in _told(design)}
    made = [a for a in design.alternatives if not a.id]
    for each in values:
        found = told.get(each) or alternative(design, lookup, each)
        made.append(found or Alternative(id=f"{OWN}{snake(each)}", name=each))
    kept = {a.id for a in made}
    every = (a.id for a in (*proposed(design, lookup), *told.values()))
    away = (each for each in every if each not in kept)
    dropped = dict.fromkeys((*(d for d in design.dropped if d not in kept), *away))
    return design.model_copy(update={"alternatives": tuple(made), "dropped": tuple(dropped)})


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the alternatives to what is chosen now, and without those that were chosen.

    Alternatives in somebody's own words stay.
    """
    usual = {a.id: a for a in proposed(design, Lookup(design))}
    kept = [
        a.model_copy(update={"instead": usual[a.id].instead}) if a.id in usual else a
        for a in design.alternatives
        if a.id not in without and (a.id in usual or not a.id or a.id.startswith(OWN))
    ]
    dropped = turned_down(design, without)
    design = design.model_copy(update={"alternatives": tuple(kept), "dropped": dropped})
    scene = Scene(design, Lookup(design), design.keeping)
    return _take(design, "", _advise(scene).value) if _which(scene) is None else design


UNCHOSEN: Final = Tree(
    "unchosen",
    "Not chosen",
    "unchosen",
    "keeping",
    (
        Node(
            "which", "", "Which roads were not taken, and are worth a word?",
            "Who comes later asks \"why not …?\": an answer that is written down is not argued "
            "about again. Add your own by its name.",
            _advise, _offered, form="several", own_words=True, separator=";",
            get=_which, set=_take,
            example="Next year somebody proposes to keep {things} in documents: the page says "
            "what was thought, and what would have to change.",
        ),
    ),
    lambda scene: counted(len(scene.design.alternatives), "alternative"),
    lambda scene: "" if scene.lookup.tables else None,
)  # fmt: skip


# Reasons of one alternative


def _reasons(scene: Scene) -> tuple[str, ...]:
    turn = BY_ROAD.get(scene.subject.id)
    if turn is not None:
        return turn.why_not(scene.design, scene.lookup)
    if scene.subject.id.startswith(TOOL):
        tool = TOOLS.get(scene.subject.id.removeprefix(TOOL))
        unwritten = tool is not None and not tool.files
        also = ("The SQL files would have to be carried over by hand.",) if unwritten else ()
        return ("One tool for migrations is enough, and the team has one.", *also)
    return ()


def _moments(scene: Scene) -> tuple[str, ...]:
    road = ROADS.get(scene.subject.id)
    if road is not None:
        return road.reconsider
    if scene.subject.id.startswith(TOOL):
        return ("The team moves to another framework, whose habit it is.",)
    return ()


def _is_own(scene: Scene) -> bool:
    """Whether somebody named it in their own words: of the others it is known."""
    return bool(scene.subject.id.startswith(OWN))


def _given(field: str, usual: Callable[[Scene], tuple[str, ...]]) -> Callable[
    [Scene], tuple[str, ...] | None
]:  # fmt: skip
    """What was said; None while nothing was, though something is proposed."""

    def get(scene: Scene) -> tuple[str, ...] | None:
        value: tuple[str, ...] = getattr(scene.subject, field)
        return value if value or not usual(scene) else None

    return get


def _put(field: str) -> Callable[[Design, str, tuple[str, ...]], Design]:
    def take(design: Design, alternative_id: str, values: tuple[str, ...]) -> Design:
        every = tuple(
            a.model_copy(update={field: values}) if a.id == alternative_id else a
            for a in design.alternatives
        )
        return design.model_copy(update={"alternatives": every})

    return take


def _sentences(field: str, usual: Callable[[Scene], tuple[str, ...]]) -> Callable[
    [Scene], tuple[Choice, ...]
]:  # fmt: skip
    def offered(scene: Scene) -> tuple[Choice, ...]:
        every = dict.fromkeys((*usual(scene), *getattr(scene.subject, field)))
        return tuple(Choice(each, each, "told in the document") for each in every)

    return offered


def _advised(usual: Callable[[Scene], tuple[str, ...]], because: str) -> Callable[[Scene], Advice]:
    def advise(scene: Scene) -> Advice:
        value = usual(scene)
        return Advice(value, because if value else "only you know")

    return advise


ALTERNATIVE: Final = Tree(
    "alternative",
    "Alternative",
    "unchosen",
    "alternatives",
    (
        Node(
            "instead", "instead", "What was chosen instead of {alternative}?",
            "A road not taken is understood beside the one that was.",
            lambda _: Advice(("",), "only you know"), form="text", then="why_not",
            asked=lambda scene: bool(scene.subject.instead) and _is_own(scene), aside=_is_own,
            example="Spreadsheets were not chosen: a database was, with one page to look at it.",
        ),
        Node(
            "why_not", "why_not", "Why not: {alternative}?",
            "A reason of this product convinces; \"we know it better\" does not.",
            _advised(_reasons, "they follow from this design"), _sentences("why_not", _reasons),
            form="several", own_words=True, separator=";", then="reconsider",
            get=_given("why_not", _reasons), set=_put("why_not"), follows=True,
            example="\"{instead}\" was chosen because of something that can be counted: tables, "
            "keys, people who must learn it.",
        ),
        Node(
            "reconsider", "reconsider", "When would {alternative} be worth another thought?",
            "A choice is right under conditions: whoever names them notices when they end.",
            _advised(_moments, "then the reasons against it no longer hold"),
            _sentences("reconsider", _moments), form="several", own_words=True, separator=";",
            get=_given("reconsider", _moments), set=_put("reconsider"), follows=True,
            example="Not \"when it gets slow\", but \"when one server no longer takes the "
            "writes\": a sentence of which somebody can say that it is true now.",
        ),
    ),
    lambda scene: f"instead: {scene.subject.instead or 'what was chosen'}; "
    + (scene.subject.why_not[0] if scene.subject.why_not else "no reason given yet"),
)  # fmt: skip


def _rows(design: Design) -> tuple[Row, ...]:
    kept = (
        Row(a.name, a.name, f"instead: {a.instead or 'what was chosen'}", "in the design file",
            optional=False)
        for a in design.alternatives if not a.id
    )  # fmt: skip
    return (*kept, *by_subject(design, (ALTERNATIVE,), optional=True))


def _headline(design: Design) -> str:
    if not design.alternatives:
        return NOTHING
    return f"{counted(len(design.alternatives), 'road')} not taken, each with its reasons"


STEP: Final = Step(
    "unchosen",
    "Not chosen",
    "For each big choice: what else there was, why not here, and when to think again.",
    (UNCHOSEN, ALTERNATIVE),
    grow,
    _rows,
    _headline,
)
