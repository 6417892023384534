"""What can be answered about an access pattern, what is recommended, and where it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from schemawalk.design.model import AccessPattern, Attribute, Design
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.names import plural
from schemawalk.schema.tables.indexes import rows_of
from schemawalk.schema.tables.tenancy import who_signs_in
from schemawalk.schema.tables.unknown_tenant import before_tenant, by_equality, is_secret
from wizard_steps.asking.subjects import COLLECTIONS
from wizard_steps.asking.tree import Advice, Advise, Choice, Choices, Scene, whole_number
from wizard_steps.index_words import DECISIVE, column_of, covered_by, index_words, why_not
from wizard_steps.proposing.duties import ends_of
from wizard_steps.proposing.patterns import suggested, target_of
from wizard_steps.proposing.read_patterns import links_to, local, parent_of

Get = Callable[[Scene], tuple[str, ...] | None]
Set = Callable[[Design, str, tuple[str, ...]], Design]

NONE: Final = "none"
"""The answer that nothing of the kind is used: a field of its own stays empty."""
MOST_STEPS: Final = 12
"""Steps that are offered as askers when none of them names the entity."""
ORDERED: Final = frozenset(
    ("moment", "date", "duration", "whole-number", "decimal", "money", "percentage")
)
"""Kinds of facts of which a range can be asked for."""
STRETCHED: Final = ("moment", "date")
"""Kinds of facts at which a stretch of time may begin."""
TEXTS: Final = frozenset(("short-text", "long-text"))
_NAMED: Final = {"worker": "a worker, in the background", "report": "a report",
                 "billing": "billing", "screen": "a screen that no step tells of"}  # fmt: skip


def because(scene: Scene) -> str:
    """Why the pattern is there: the step that reads it, an archetype, or somebody's own words."""
    found = suggested(scene.lookup).get(scene.subject.id)
    return found.because if found else "as it was said"


def _as_suggested(scene: Scene) -> AccessPattern:
    """The pattern as it was proposed; as it is when nobody proposes it."""
    found = suggested(scene.lookup).get(scene.subject.id)
    pattern: AccessPattern = found.pattern if found else scene.subject
    return pattern


def as_suggested(field: str, offered: Choices | None = None) -> Advise:
    """Advice to leave a field as the proposal filled it, as far as that is still offered."""

    def advise(scene: Scene) -> Advice:
        value = getattr(_as_suggested(scene), field)
        given = value if isinstance(value, tuple) else (NONE if value is None else str(value),)
        if offered is not None:
            known = {choice.value for choice in offered(scene)}
            given = tuple(each for each in given if each in known)
        return Advice(given if given or isinstance(value, tuple) else (NONE,), because(scene))

    return advise


def or_none(field: str) -> Get:
    """Reads a field that may stay empty: that it is empty is an answer too."""
    return lambda scene: (getattr(scene.subject, field) or NONE,)


def none_for_empty(field: str) -> Set:
    """Sets a field that may stay empty; how something is searched goes with what is searched."""

    def put(design: Design, pattern_id: str, value: tuple[str, ...]) -> Design:
        update: dict[str, object] = {field: None if value == (NONE,) else value[0]}
        if field == "contains":
            update["contains_how"] = None
        return _updated(design, pattern_id, update)

    return put


def or_zero(field: str) -> Get:
    """Reads a number of which 0 means none."""
    return lambda scene: (str(getattr(scene.subject, field) or 0),)


def none_for_zero(field: str) -> Set:
    """Sets a number of which 0 means none; raises AnswerError for what is no number."""
    return lambda design, pattern_id, value: _updated(
        design, pattern_id, {field: whole_number(value) or None}
    )


def _updated(design: Design, pattern_id: str, update: dict[str, object]) -> Design:
    pattern = next(p for p in design.access_patterns if p.id == pattern_id)
    made = pattern.model_copy(update=update)
    return COLLECTIONS["access_patterns"].put(design, pattern_id, made)


def askers(scene: Scene) -> tuple[Choice, ...]:
    """The steps that name the entity, and who asks besides steps."""
    design, entity = scene.design, scene.lookup.home(scene.subject.entity)
    naming = {scene.subject.who, *(entity.steps if entity else ())}
    steps = [step for step in design.steps if step.id in naming] or design.steps[:MOST_STEPS]
    found = [Choice(step.id, step.title, "the step waits for the answer") for step in steps]
    found += [
        Choice(name, label, "nobody waits" if name in ("worker", "report", "billing") else
               "somebody waits for the answer")
        for name, label in _NAMED.items()
    ]  # fmt: skip
    return tuple(found)


def first_asker(scene: Scene) -> Advice:
    offered = [choice.value for choice in askers(scene)]
    if scene.subject.who in offered:
        return Advice((scene.subject.who,), because(scene))
    return Advice((offered[0],), "the first that names it")


def asker(scene: Scene) -> tuple[str, ...] | None:
    return (scene.subject.who,) if scene.subject.who else None


def facts(scene: Scene) -> tuple[Attribute, ...]:
    home = scene.lookup.home(scene.subject.entity)
    return home.attributes if home else ()


def _keys(scene: Scene) -> tuple[Choice, ...]:
    home = scene.lookup.home(scene.subject.entity)
    return tuple(
        Choice(link.id, column_of(scene.lookup, scene.subject, link.id),
               f"those of one {parent_of(scene.lookup, link).name.lower()}")
        for link in (links_to(scene.lookup, home) if home else ())
    )  # fmt: skip


def comparable(scene: Scene) -> tuple[Choice, ...]:
    """What a pattern of this entity can compare: its foreign keys and its attributes."""
    own = (Choice(local(a), a.name, f"those with the same {a.name}") for a in facts(scene))
    return (*_keys(scene), *own)


def several_of(scene: Scene) -> tuple[Choice, ...]:
    """What may be compared with several values at once: keys and fixed lists, not yet compared."""
    lists = (Choice(local(a), a.name, f"those of several {plural(a.name)}")
             for a in facts(scene) if kind_of(a).id == "one-of")  # fmt: skip
    keys = (Choice(k.value, k.label, "those of several at once") for k in _keys(scene))
    return tuple(c for c in (*lists, *keys) if c.value not in scene.subject.equals)


def has_lists(scene: Scene) -> bool:
    return bool(scene.subject.among) or any(kind_of(a).id == "one-of" for a in facts(scene))


def searchable(scene: Scene) -> tuple[Choice, ...]:
    leads = {"json": "a GIN index on {}", "list": "a GIN index on {}",
             **dict.fromkeys(STRETCHED, "the stretches of time that begin with {}")}  # fmt: skip
    text = "words within {}, or what is like it: an index that looks into it"
    home = scene.lookup.home(scene.subject.entity)
    begins = ends_of(home)[:1] if home else ()
    wanted = (a for a in facts(scene) if kind_of(a).id in ("json", "list", *TEXTS)
              or local(a) in begins)  # fmt: skip
    found = tuple(
        Choice(local(a), a.name, leads.get(kind_of(a).id, text).format(a.name)) for a in wanted
    )
    return (Choice(NONE, "nothing", "rows are found by whole values"), *found)


def looks_inside(scene: Scene) -> bool:
    """Asked where JSON or lists are, or where the journey searches: elsewhere it is odd."""
    inside = any(kind_of(a).id in ("json", "list") for a in facts(scene))
    return inside or scene.subject.contains is not None


def kind_searched(scene: Scene) -> str:
    wanted = scene.subject.contains
    return next((kind_of(a).id for a in facts(scene) if local(a) == wanted), "")


def way_of_searching(scene: Scene) -> Advice:
    kind = kind_searched(scene)
    stretch = ("time", "it is where a stretch of time begins")
    ways = {"json": ("json", "it is JSON"), "list": ("list", "it is a list")}
    ways |= dict.fromkeys(STRETCHED, stretch)
    how, why = ways.get(kind, ("words", "it is text"))
    return Advice((how,), why)


def searches_words(scene: Scene) -> bool:
    return kind_searched(scene) not in ("json", "list", *STRETCHED)


def ranges(scene: Scene) -> tuple[Choice, ...]:
    found = (Choice(local(a), a.name, f"those with {a.name} from … to …: last in the index")
             for a in facts(scene) if kind_of(a).id in ORDERED)  # fmt: skip
    return (Choice(NONE, "nothing", "no part of the index for it"), *found)


def has_ranges(scene: Scene) -> bool:
    return len(ranges(scene)) > 1


def orders(scene: Scene) -> tuple[Choice, ...]:
    """Attributes both ways: what is sorted by in the index comes out in order."""
    return tuple(
        Choice(
            sign + local(a),
            f"{a.name}{', last first' if sign else ''}",
            f"{column_of(scene.lookup, scene.subject, local(a))}{' desc' if sign else ''} in the "
            "index",
        )
        for a in facts(scene)
        for sign in ("", "-")
    )


def is_sorted(scene: Scene) -> bool:
    return bool(scene.subject.sort)


def how_often(scene: Scene) -> Advice:
    proposed = _as_suggested(scene).often if scene.subject.id in suggested(scene.lookup) else None
    if proposed:
        return Advice((proposed,), because(scene))
    if scene.subject.who in ("report", "billing"):
        return Advice(("daily",), "reports are read now and then")
    return Advice(("constantly",), "users wait for it")


def rows_expected(scene: Scene) -> Advice:
    return Advice((str(rows_of(scene.subject, scene.lookup)),), "as was said of the table")


def conditions(scene: Scene) -> tuple[Choice, ...]:
    """Conditions that name one state of a list, or a yes."""
    conditions = [
        f"{local(a)} = '{value.replace(chr(39), chr(39) * 2)}'"
        for a in facts(scene)
        if kind_of(a).id == "one-of"
        for value in a.values or ()
    ]
    conditions += [f"{local(a)} = true" for a in facts(scene) if kind_of(a).id == "yes-no"]
    known = dict.fromkeys((*scene.subject.fixed, *conditions))
    return tuple(Choice(text, text, "an index of those rows only") for text in known)


def is_worth_it(scene: Scene) -> bool:
    return not why_not(scene.lookup, scene.subject)


def is_decisive(scene: Scene) -> bool:
    rows, often = rows_of(scene.subject, scene.lookup), scene.subject.often
    return rows >= DECISIVE and often in (None, "constantly") and is_worth_it(scene)


def read_beside(scene: Scene) -> tuple[Choice, ...]:
    compared = {*scene.subject.equals, *(s.lstrip("-") for s in scene.subject.sort)}
    return tuple(
        Choice(c.value, c.label, "read from the index alone, which grows by it")
        for c in comparable(scene)
        if c.value not in compared
    )


def promised(scene: Scene) -> Advice:
    milliseconds, text = target_of(scene.lookup, scene.subject)
    return Advice((str(milliseconds),), f"'{text}'" if text else "no document promises a time")


def page(scene: Scene) -> Advice:
    return Advice((str(_as_suggested(scene).limit or 0),), because(scene))


def worth_an_index(scene: Scene) -> Advice:
    reason = why_not(scene.lookup, scene.subject)
    if reason:
        return Advice(("no",), reason)
    covering = covered_by(scene.lookup, scene.subject)
    if covering:
        return Advice(("yes",), f"it costs nothing: already covered by {covering}")
    rows = rows_of(scene.subject, scene.lookup)
    return Advice(("yes",), f"{rows:,} rows after a year: a scan would be slow")


def index_or_not(scene: Scene) -> tuple[Choice, ...]:
    made = index_words(scene.lookup, scene.subject)
    return (
        Choice("yes", "yes", made),
        Choice("no", "no", "the table is scanned, and writes stay fast"),
    )


def may_be_asked_before(scene: Scene) -> bool:
    """Whether it may be asked to find out for which tenant: or somebody said that it is."""
    if not can_be_asked_before(scene):
        return False
    marked = scene.subject.before_tenant is not None
    return marked or before_tenant(scene.subject, scene.lookup) is not None


def can_be_asked_before(scene: Scene) -> bool:
    """Whether there are policies that would hide what it asks for, and a function could look."""
    stack, keeping = scene.design.stack, scene.design.keeping
    hidden = stack.tenancy == "shared" and keeping.policies == "database"
    return hidden and stack.database in (None, "postgresql") and by_equality(scene.subject)


def known_by_then(scene: Scene) -> Advice:
    """Before, where it lets somebody in; else a session comes first, and knows."""
    found = before_tenant(scene.subject, scene.lookup)
    if found and _lets_in(scene):
        return Advice((found,), "it lets somebody in: until then nobody knows where they belong")
    return Advice(("no",), "people have signed in before they ask, and so it is known")


def _lets_in(scene: Scene) -> bool:
    found = (scene.lookup.attributes.get(f"{scene.subject.entity}.{each}")
             for each in scene.subject.equals)  # fmt: skip
    home, account = scene.lookup.home(scene.subject.entity), who_signs_in(scene.lookup)
    return (home is not None and home == account) or any(f and is_secret(f) for f in found)


def befores(_: Scene) -> tuple[Choice, ...]:
    return (
        Choice("no", "no, it is known by then", "the policy decides, as everywhere", "often"),
        Choice("one", "yes, and one row has it", "a function tells its id and whose it is; nothing "
               "where several have it", "often"),
        Choice("all", "yes, and several may have it", "a function tells each one's id and whose it "
               "is: the program asks which, and checks the password of each", "often"),
    )  # fmt: skip
