"""Rules over several facts of one thing: what comes before what, and what one value calls for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Attribute, Design, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.language.expression import names
from schemawalk.schema.language.grammar import ExpressionError, parse
from schemawalk.schema.language.typing_rules import misfit
from schemawalk.schema.names import words
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.subjects import STATES
from wizard_steps.asking.tree import Advice, Choice, Node, Scene
from wizard_steps.column_rules import a_rule
from wizard_steps.proposing.known import known_names, unknown_names
from wizard_steps.proposing.state_words import usual_conditions

_FOLLOWS: Final = (
    ("starts", "ends"), ("start", "end"), ("begins", "ends"), ("opens", "closes"),
    ("from", "until"), ("from", "to"), ("started", "completed"), ("started", "finished"),
    ("started", "ended"), ("issued", "due"), ("arrives", "departs"), ("arrival", "departure"),
    ("check_in", "check_out"), ("departs", "arrives"),
)  # fmt: skip
"""How two moments or days of one thing are called of which the second never comes first."""
_LONG: Final = frozenset((("starts", "ends"), ("start", "end"), ("opens", "closes"),
                          ("begins", "ends")))  # fmt: skip
"""Of these the second comes after the first: a stretch of time is not empty."""
_ENDINGS: Final = ("at", "on", "date", "time")
_FLAGS: Final = ("is_", "was_", "has_been_")


def _local(attribute: Attribute) -> str:
    return attribute.id.partition(".")[2]


@lru_cache(maxsize=1024)
def _fitting(entity: Entity) -> tuple[tuple[str, str], ...]:
    """Rules that the names of an entity's facts suggest, each with why; those it has left out."""
    held = [frozenset(said) for said in _spoken_of(entity)]
    found = (*_in_order(entity), *_called_for(entity))
    return tuple((rule, why) for rule, why in found if not _is_said(rule, held))


def _spoken_of(entity: Entity) -> Iterator[tuple[str, ...]]:
    """The facts that each rule of an entity speaks of, whoever holds it."""
    held = [*entity.rules, *(rule for a in entity.attributes for rule in a.rules or ())]
    for rule in held:
        try:
            yield tuple(names(parse(rule)))
        except ExpressionError:
            continue
    for status in entity.attributes:
        for told in status.must_hold or ():
            yield (_local(status), *names(parse(told.partition(":")[2])))


def _is_said(rule: str, held: list[frozenset[str]]) -> bool:
    return any(frozenset(names(parse(rule))) <= said for said in held)


def _in_order(entity: Entity) -> Iterator[tuple[str, str]]:
    """What comes before what: `ends_at > starts_at`."""
    times = {
        (kind_of(a).id, _stem(a.name)): _local(a)
        for a in entity.attributes
        if kind_of(a).id in ("moment", "date")
    }
    for kind in ("moment", "date"):
        for first, last in _FOLLOWS:
            before, after = times.get((kind, first)), times.get((kind, last))
            if before and after:
                sign = ">" if (first, last) in _LONG and kind == "moment" else ">="
                yield f"{after} {sign} {before}", f"{after} never comes before {before}"
                break


def _stem(name: str) -> str:
    """A moment's name without its ending: `valid_from` and `starts_at` → `from` and `starts`."""
    said = words(name)
    if len(said) > 1 and said[-1] in _ENDINGS:
        said = said[:-1]
    return "_".join(said) if "_".join(said[-2:]) in ("check_in", "check_out") else said[-1]


def _called_for(entity: Entity) -> Iterator[tuple[str, str]]:
    """What one value calls for: `kind = 'sold' implies sold_at is not null`."""
    moments = {a.name: _local(a) for a in entity.attributes
               if kind_of(a).id in ("moment", "date") and a.required != "start"}  # fmt: skip
    for fact in entity.attributes:
        told_later = words(fact.name)[-1:] in STATES
        if kind_of(fact).id == "one-of" and fact.kept_by != "users" and not told_later:
            for told in usual_conditions(fact, entity):
                value, _, condition = told.partition(":")
                yield (f"{_local(fact)} = '{value}' implies{condition}",
                       f"what is {value} has its moment")  # fmt: skip
        flag = next((p for p in _FLAGS if fact.name.startswith(p)), "")
        if kind_of(fact).id == "yes-no" and flag:
            for ending in ("at", "on"):
                if moment := moments.get(f"{fact.name.removeprefix(flag)}_{ending}"):
                    yield (f"{_local(fact)} implies {moment} is not null",
                           f"whoever says {fact.name} knows {moment}")  # fmt: skip


def _left(scene: Scene) -> tuple[tuple[str, str], ...]:
    """What is suggested and was not turned down."""
    away = scene.design.dropped
    return tuple(each for each in _fitting(scene.subject)
                 if _turned(scene.subject.id, each[0]) not in away)  # fmt: skip


def _turned(entity_id: str, rule: str) -> str:
    """How a rule is remembered that somebody turned down."""
    return f"{entity_id}: {rule}"


def _advise(scene: Scene) -> Advice:
    new = _left(scene)
    value = tuple(dict.fromkeys((*scene.subject.rules, *(rule for rule, _ in new))))
    if new:
        return Advice(value, "; ".join(why for _, why in new))
    return Advice(value, "the names of its facts suggest no other")


def _offered(scene: Scene) -> tuple[Choice, ...]:
    own = {rule: Choice(rule, rule, "a CHECK") for rule in scene.subject.rules}
    new = {rule: Choice(rule, rule, f"a CHECK: {why}") for rule, why in _fitting(scene.subject)}
    return tuple((own | new).values())


def _get(scene: Scene) -> tuple[str, ...] | None:
    """The rules; None while one that is suggested was neither taken nor turned down."""
    if _left(scene) and "columns" not in scene.design.done:
        return None
    return tuple(scene.subject.rules)


def _set(design: Design, entity_id: str, rules: tuple[str, ...]) -> Design:
    """The design with exactly these rules of the entity; what is left out stays left out."""
    entities, away = [], list(design.dropped)
    for entity in design.entities:
        if entity.id == entity_id:
            known = [*entity.rules, *(rule for rule, _ in _fitting(entity))]
            away += [_turned(entity_id, rule) for rule in known]
            entity = entity.model_copy(update={"rules": tuple(dict.fromkeys(rules))})
        entities.append(entity)
    back = {_turned(entity_id, rule) for rule in rules}
    dropped = tuple(dict.fromkeys(each for each in away if each not in back))
    return design.model_copy(update={"entities": tuple(entities), "dropped": dropped})


def _fits(scene: Scene, rules: tuple[str, ...]) -> None:
    """Raise AnswerError unless each rule speaks of the table's columns, and of like with like."""
    known = known_names(scene) if rules else {}
    for rule in rules:
        expression = parse(rule)
        unknown_names(scene, expression, known)
        if why := misfit(expression, known):
            raise AnswerError(f"{rule!r} does not fit: {why}.")


def _is_kept(scene: Scene) -> bool:
    return scene.lookup.persists(scene.subject)


RULES: Final = Node(
    "rules", "rules", "Which rules must {a_thing} obey as a whole?",
    "A rule over several facts belongs to none of them: it becomes a CHECK of the table. For "
    "instance: ends_at > starts_at; status = 'paid' implies paid_at is not null; or, in its own "
    "SQL, postgresql: num_nonnulls(street, city) in (0, 2).",
    _advise, _offered, form="several", own_words=True, separator=";", check=a_rule, fits=_fits,
    get=_get, set=_set,
    asked=lambda scene: _is_kept(scene) and bool(scene.subject.rules or _left(scene)),
    aside=_is_kept,
    example="What ends before it starts cannot be, whichever program writes it; each of the two "
    "moments alone is fine.",
)  # fmt: skip
"""Asked where two facts call for a rule; and there for whoever comes with one."""
