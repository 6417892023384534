"""Step "states": what becomes of a status, and what must hold across columns, rows and tables."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Attribute, Design, Entity
from schemawalk.schema.language.expression import names
from schemawalk.schema.language.typing_rules import meaning_of, misfit
from schemawalk.schema.names import words
from schemawalk.schema.sentences import article
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.states import (
    StateError,
    Transition,
    chart,
    final_values,
    held,
    transition,
    transitions_of,
)
from wizard_steps.asking.listed import NOTHING, by_subject
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.subjects import COLLECTIONS
from wizard_steps.asking.subjects import STATES as STATES_OF
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.proposing.calls import counted
from wizard_steps.proposing.duties import DUTIES, grow
from wizard_steps.proposing.state_words import usual_conditions, usual_final, usual_transitions
from wizard_steps.rules import RULE, rule_rows
from wizard_steps.unsaid import spoken

WORKERS: Final = r"\b(workers?|queues?|background jobs?|in the background)\b"
"""Words that tell of a second program beside the application."""

MOST_PAIRS: Final = 5
"""With more values than this, only transitions that the names suggest are offered."""


def _values(scene: Scene) -> tuple[str, ...]:
    return tuple(scene.subject.values or ())


def _such(scene: Scene, value: str) -> str:
    """One of the things in that state: "an uploading document"."""
    return article(f"{value} {scene.words['thing']}")


def _put(design: Design, attribute_id: str, **update: object) -> Design:
    attribute = Lookup(design).attributes[attribute_id]
    return COLLECTIONS["states"].put(design, attribute_id, attribute.model_copy(update=update))


# Which values are final: told by the transitions, of which none leads out of them


def _final(scene: Scene) -> tuple[str, ...] | None:
    if scene.subject.transitions is None:
        return None
    return final_values(_values(scene), transitions_of(scene.subject))


def _set_final(design: Design, attribute_id: str, final: tuple[str, ...]) -> Design:
    """The transitions that were there, none out of a final value, and a way out of each other."""
    attribute = Lookup(design).attributes[attribute_id]
    values = attribute.values or ()
    usual = usual_transitions(values, final)
    if attribute.transitions is None:
        return _put(design, attribute_id, transitions=tuple(map(str, usual)))
    kept = [each for each in transitions_of(attribute) if each.before not in final]
    stuck = set(values) - set(final) - {each.before for each in kept}
    kept += [each for each in usual if each.before in stuck]
    return _put(design, attribute_id, transitions=tuple(map(str, kept)))


# Transitions


def _transitions(scene: Scene) -> tuple[str, ...] | None:
    if scene.subject.transitions is None:
        return None
    return tuple(map(str, transitions_of(scene.subject)))


def _usual(scene: Scene) -> tuple[Transition, ...]:
    """What the names suggest, as far as it agrees with what was said to be final."""
    final = _final(scene)
    return usual_transitions(
        _values(scene), usual_final(_values(scene)) if final is None else final
    )


def _offered(scene: Scene) -> tuple[Choice, ...]:
    """The usual transitions, those that were added, and with few values every other pair."""
    found = {(t.before, t.after): t for t in (*transitions_of(scene.subject), *_usual(scene))}
    values = _values(scene)
    if len(values) <= MOST_PAIRS:
        for before in values:
            for after in values:
                if before != after:
                    found.setdefault((before, after), Transition(before, after))
    return tuple(
        Choice(str(each), f"{each.before} → {each.after}",
               each.cause or f"{_such(scene, each.before)} may become {each.after}")
        for each in found.values()
    )  # fmt: skip


def _a_transition(text: str) -> None:
    try:
        transition(text)
    except StateError as error:
        raise AnswerError(str(error)) from None


def _between_values(scene: Scene, texts: tuple[str, ...]) -> None:
    """Raise AnswerError unless every transition is between values of the status."""
    for each in map(transition, texts):
        for value in (each.before, each.after):
            _is_value(scene, value)


def _is_value(scene: Scene, value: str) -> None:
    if value not in _values(scene):
        known = ", ".join(_values(scene))
        raise AnswerError(f"{value!r} is no {scene.words['fact']}: there are {known}.")


def _set_transitions(design: Design, attribute_id: str, texts: tuple[str, ...]) -> Design:
    made = dict.fromkeys(str(transition(text)) for text in texts)
    return _put(design, attribute_id, transitions=tuple(made))


# What must hold


def _entity(lookup: Lookup, attribute_id: str) -> Entity:
    return lookup.entities[attribute_id.partition(".")[0]]


def _conditions(scene: Scene) -> tuple[str, ...]:
    return usual_conditions(scene.subject, _entity(scene.lookup, scene.subject.id))


def _a_condition(text: str) -> None:
    try:
        held(text)
    except StateError as error:
        raise AnswerError(str(error)) from None


def _of_states(scene: Scene, texts: tuple[str, ...]) -> None:
    """Raise AnswerError unless each condition is of a value, and speaks of the entity's columns."""
    entity = _entity(scene.lookup, scene.subject.id)
    known = {a.id.partition(".")[2]: meaning_of(a) for a in entity.attributes}
    for text in texts:
        state, condition = held(text)
        _is_value(scene, state)
        unknown = [name for name in names(condition) if name not in known]
        if unknown:
            raise AnswerError(f"{entity.name} has no {unknown[0]}; it has {', '.join(known)}.")
        if wrong := misfit(condition, known):
            raise AnswerError(f"{text!r} is not a rule: {wrong}.")


def _condition_choices(scene: Scene) -> tuple[Choice, ...]:
    found = dict.fromkeys((*(scene.subject.must_hold or ()), *_conditions(scene)))
    return tuple(
        Choice(text, text, f"a CHECK refuses {_such(scene, text.partition(':')[0])} without it")
        for text in found
    )


# Who guards them


def _guarded_by(scene: Scene) -> Advice:
    entity = _entity(scene.lookup, scene.subject.id)
    kind = scene.lookup.archetype(entity).id
    if kind == "money":
        return Advice(("trigger",), "it is about money: a wrong step is dear")
    where = spoken(scene.design, WORKERS) if kind == "process" else ""
    if where:
        return Advice(("trigger",), "a worker and the application both write it, and only the "
                      f"database sees both: {where}")  # fmt: skip
    return Advice(("application",), "one program writes it; its tests can show each refusal")


def _starts(scene: Scene) -> Advice:
    """The default, and where no transition leads to."""
    led_to = {each.after for each in transitions_of(scene.subject)}
    default = (scene.subject.default or "").strip("'")
    value = tuple(v for v in _values(scene) if v == default or v not in led_to)
    return Advice(value, "nothing leads there, or it is the default")


def _is_fixed(scene: Scene) -> bool:
    """Whether developers keep the list: what users add to it goes through nothing."""
    return bool(scene.subject.kept_by != "users")


def _called(scene: Scene) -> str | None:
    attribute: Attribute = scene.subject
    tells = words(attribute.name)[-1:] in STATES_OF or bool(attribute.transitions)
    if not tells or not _is_fixed(scene):
        return None
    return f"{{things}} have a {{fact}} with {len(_values(scene))} values"


def _outcome(scene: Scene) -> str:
    attribute: Attribute = scene.subject
    said = chart(_values(scene), transitions_of(attribute))
    if not said:
        return "open" if attribute.transitions is None else "any value may follow any"
    held_in = counted(len(attribute.must_hold or ()), "condition")
    guard = {"trigger": "a trigger", "application": "the program"}.get(attribute.guarded_by or "")
    parts = (said, f"{held_in} to hold" if attribute.must_hold else "",
             f"refused otherwise by {guard}" if guard else "")  # fmt: skip
    return "; ".join(filter(None, parts))


STATES: Final = Tree(
    "states",
    "States",
    "states",
    "states",
    (
        Node(
            "final", "transitions", "In which {fact} is {a_thing} at its end?",
            "An end has no way out: whoever wants to go on makes a new one.",
            lambda scene: Advice(usual_final(_values(scene)), "their names say that it is over"),
            lambda scene: tuple(
                Choice(value, value, f"{_such(scene, value)} stays so") for value in _values(scene)
            ),
            form="several", then="transitions", get=_final, set=_set_final,
            example="Once {last}, {a_thing} is never {first} again: a second try is a second "
            "{thing}.",
        ),
        Node(
            "transitions", "transitions", "Which {fact} may follow which, and what brings it "
            "about?",
            "A CHECK knows the values, not their order: a finished {thing} could begin again. "
            "Write your own as {first} -> {second}: what happens.",
            lambda scene: Advice(tuple(map(str, _usual(scene))), "the order of the values, and "
                                 "what their names say"),
            _offered, form="several", own_words=True, separator=";", then="must_hold",
            get=_transitions, set=_set_transitions, check=_a_transition, fits=_between_values,
            example="{first} → {second} happens once; {last} → {first} would lose what was done.",
        ),
        Node(
            "must_hold", "must_hold", "What must hold while {a_thing} is in one of them?",
            "A state promises something: what it promises can be a CHECK. Write your own as "
            "{last}: a_column is not null.",
            lambda scene: Advice(_conditions(scene), "the names of its other columns say so"
                                 if _conditions(scene) else "no other column speaks of a state"),
            _condition_choices, form="several", own_words=True, separator=";",
            check=_a_condition, fits=_of_states, then="guarded_by",
            example="Where {a_thing} says {last} without the moment when it happened, every report "
            "repeats the lie.",
        ),
        Node(
            "guarded_by", "guarded_by", "What refuses any other change of {fact}?",
            "The rule is worth as much as the place that keeps it.", _guarded_by,
            (
                Choice("trigger", "a trigger in the database", "holds for every program, and for "
                       "repairs by hand; runs at each update", "starts"),
                Choice("application", "the application", "cheap; nothing stops another program or "
                       "a repair by hand"),
            ),
            asked=lambda scene: bool(transitions_of(scene.subject)),
            example="At night somebody sets {a_thing} from {last} back to {first} by hand: the "
            "trigger refuses, the application never hears of it.",
        ),
        Node(
            "starts", "starts", "In which {fact} may a new {thing} begin?",
            "Whoever may insert a row that is {last} already need not go the way there. None "
            "means: in any.", _starts,
            lambda scene: tuple(
                Choice(value, value, f"a new {scene.words['thing']} may be {value}")
                for value in _values(scene)
            ),
            form="several",
            asked=lambda scene: scene.subject.guarded_by == "trigger"
            and bool(transitions_of(scene.subject)),
            example="An import of old {things} brings some that are {last}: then {last} is a "
            "beginning too.",
        ),
    ),
    _outcome,
    _called,
    aside=_is_fixed,
)  # fmt: skip


def _rows(design: Design) -> tuple[Row, ...]:
    return (*by_subject(design, (STATES,)), *rule_rows(design))


def _headline(design: Design) -> str:
    moving = sum(1 for _ in by_subject(design, (STATES,)))
    if not moving and not design.rules:
        return NOTHING
    parts = [f"{counted(moving, 'status', 'statuses')} with an order"] if moving else []
    parts += [counted(len(design.rules), "rule")] if design.rules else []
    return ", ".join(parts)


STEP: Final = Step(
    "states",
    "States, rules",
    "Which state may follow which, and what must hold across columns, rows and tables? What no "
    "type and no foreign key can say is said here.",
    (STATES, DUTIES, RULE),
    grow,
    _rows,
    _headline,
)
