"""Step "entities": which nouns must be remembered, and what becomes of each."""

from __future__ import annotations

import re
from typing import Final

from schemawalk.design.model import Design, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.names import last_word, snake, words
from schemawalk.schema.sentences import article, many, one
from schemawalk.schema.tables.archetypes import ARCHETYPES, guess_archetype
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.steps import Row, Step, turned_down
from wizard_steps.asking.subjects import spoken
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree, fixed
from wizard_steps.circles import belongs_to
from wizard_steps.proposing.facts import added, is_within_tenant
from wizard_steps.proposing.found import FOUND, ORIGIN, archetype_added, of_answers
from wizard_steps.proposing.lifecycle import NODES
from wizard_steps.proposing.nouns import NOUNS, acts_as_person, left_aside, proposed
from wizard_steps.proposing.owners import owner
from wizard_steps.proposing.stretches import taking_time
from wizard_steps.purposes import OF_ENTITY
from wizard_steps.sources import NO_STEPS

TRANSIENT: Final = frozenset(
    "button click dashboard form link list notice page progress screen search view zone".split()
)
"""Last words of names of things that live on a screen and not in a database."""

MOMENT: Final = "moment"
"""The kind of facts of which no two are alike: they make nothing the same."""
_SIGNS_IN: Final = re.compile(r"\b(?:sign|log)(?:s|ned|ged|ning|ging)?[ -]?(?:in|on)\b", re.I)
"""Tells the session of somebody who signs in from one with a trainer."""


def _similar(scene: Scene) -> tuple[Entity, ...]:
    """Entities that come earlier and whose name ends in the same word."""
    mine = words(scene.subject.name)[-1:]
    result = []
    for entity in scene.design.entities:
        if entity.id == scene.subject.id:
            break
        if words(entity.name)[-1:] == mine and scene.lookup.persists(entity):
            result.append(entity)
    return tuple(result)


def _same_choices(scene: Scene) -> tuple[Choice, ...]:
    merges = tuple(
        Choice(e.id, f"yes, for {e.name}", f"one table; the word stays as an alias of {e.name}")
        for e in _similar(scene)
    )
    return (Choice("no", "no", "it stands for itself", "persists"), *merges)


def _persists(scene: Scene) -> Advice:
    last = words(scene.subject.name)[-1:]
    if last and last[0] in TRANSIENT:
        return Advice(("no",), f'a "{last[0]}" is seen, not stored')
    if scene.subject.steps:
        count = len(scene.subject.steps)
        return Advice(("yes",), f"named in {count} step{'s' if count > 1 else ''}")
    return Advice(("yes",), "added because of an answer")


def _archetype(scene: Scene) -> Advice:
    added = archetype_added(scene.design, scene.subject)
    if added:
        return Advice((added,), "that is what your answer to what journeys leave unsaid adds")
    archetype, word = guess_archetype(scene.subject.name)
    if word == "session" and any(
        _SIGNS_IN.search(f"{step.title} {step.text}")
        for step in scene.design.steps if step.id in scene.subject.steps
    ):  # fmt: skip
        return Advice(("key",), "somebody signs in, and it lets them in for a time")
    if word != last_word(scene.subject.name) and acts_as_person(scene.design, scene.subject.name):
        return Advice(("person",), "the steps tell what they do")
    if not word and scene.subject.id in taking_time(scene.lookup):
        return Advice(("dealing",), "the steps tell when it begins and ends")
    because = f'"{word}" is usually that' if word else "nothing in the name says otherwise"
    return Advice((archetype,), because)


_ARCHETYPE_CHOICES: Final = tuple(
    Choice(row.id, row.label, f"{row.leads_to}; {', '.join(u.name for u in row.usual)}", "owner")
    for row in ARCHETYPES.values()
)


def _brings(scene: Scene) -> tuple[str, ...]:
    """What the archetype at hand proposes, in words of the entity."""
    archetype = ARCHETYPES.get(_archetype(scene).value[0])
    chosen = ARCHETYPES.get(scene.subject.archetype or "") or archetype
    head = f"As {article(chosen.label)}, {{a_thing}} usually brings:" if chosen else ""
    return tuple(scene.say(line) for line in (head, *chosen.brings)) if chosen else ()


def _owner(scene: Scene) -> Advice:
    """Whose it usually is, unless that is one of its own things."""
    usual = owner(scene)
    above = scene.lookup.standing(usual.value[0])
    if above and belongs_to(scene.lookup, above, scene.subject):
        return Advice(("system",), f"{article(one(above))} belongs to it already")
    return usual


def _owner_choices(scene: Scene) -> tuple[Choice, ...]:
    others = (e for e in scene.lookup.tables if not belongs_to(scene.lookup, e, scene.subject))
    system = Choice("system", "nobody: the system's", "a system entity", "identity")
    owned = (Choice(e.id, e.name, f"{{things}} of one {e.name.lower()}", "many") for e in others)
    return (*owned, system)


def _identity(scene: Scene) -> Advice:
    """What its columns say already; else what its archetype usually says."""
    entity = scene.subject
    if entity.attributes:
        alone = tuple(a.id.partition(".")[2] for a in entity.attributes
                      if a.unique in ("alone", "per-tenant"))  # fmt: skip
    else:
        usual = scene.lookup.archetype(entity).usual
        away = scene.design.dropped
        alone = tuple(u.name for u in usual if u.unique and f"{entity.id}.{u.name}" not in away)
    if alone:
        return Advice(alone[:1], f"no two {many(entity)} share it")
    return Advice((), "nothing but their id: the journey names nothing that only one can have")


def _identity_choices(scene: Scene) -> tuple[Choice, ...]:
    """Its attributes, or those that it will usually get, and what it belongs to."""
    entity, lookup = scene.subject, scene.lookup
    chosen = entity.identity or ()
    names = {local: a.name for a in entity.attributes
             if (local := a.id.partition(".")[2]) in chosen or kind_of(a).id != MOMENT}  # fmt: skip
    if not entity.attributes:
        names = {u.name: u.name for u in lookup.archetype(entity).usual
                 if u.name in chosen or u.kind != MOMENT}  # fmt: skip
    facts = (Choice(key, name, f"no two {{things}} with the same {spoken(name)}")
             for key, name in names.items())  # fmt: skip
    return (*facts, *(Choice(*parent) for parent in _parents(scene)))


def _parents(scene: Scene) -> tuple[tuple[str, str, str], ...]:
    """What it belongs to: relationship, name and what follows; also before there are any."""
    entity, lookup = scene.subject, scene.lookup
    found = {link.id: parent for link, parent in lookup.parents(entity.id)}
    owner = lookup.home(entity.owner)
    if owner and owner.id != entity.id and owner not in found.values():
        found[f"{owner.id}_{entity.id}"] = owner
    return tuple((key, f"its {one(parent)}", f"unique within {article(one(parent))}")
                 for key, parent in found.items())  # fmt: skip


def _a_key(text: str) -> None:
    if not words(text):
        raise AnswerError(f"{text!r} names no fact: type a name, such as plate number.")


def _may_be_natural(scene: Scene) -> bool:
    """Asked of lists with a code of their own, which other programs know as well."""
    entity = scene.subject
    listed = scene.lookup.archetype(entity).id == "catalogue" or entity.key == "natural"
    pointing = {key for key, *_ in _parents(scene)}
    return listed and bool(entity.identity) and pointing.isdisjoint(entity.identity)


def _identify(design: Design, entity_id: str, values: tuple[str, ...]) -> Design:
    """Takes what makes two the same; own words are kept as the attributes that they will be."""
    links = {link.id for link in design.relationships}
    entities, wanted = [], set()
    for entity in design.entities:
        if entity.id == entity_id:
            known = links | {a.id.partition(".")[2] for a in entity.attributes}
            keys = tuple(value if value in known else snake(value) for value in values)
            entity = entity.model_copy(update={"identity": tuple(dict.fromkeys(keys))})
            wanted = {f"{entity_id}.{key}" for key in keys}
        entities.append(entity)
    dropped = tuple(each for each in design.dropped if each not in wanted)
    design = design.model_copy(update={"entities": tuple(entities), "dropped": dropped})
    return _with_facts(design, entity_id)


def _with_facts(design: Design, entity_id: str) -> Design:
    """The design whose entity has a fact for each of its keys, once it has facts at all."""
    entity = next(each for each in design.entities if each.id == entity_id)
    known = {a.id.partition(".")[2] for a in entity.attributes}
    pointing = {key for key, *_ in _parents(Scene(design, Lookup(design), entity))}
    for key in entity.identity or () if known else ():
        if key not in known | pointing:
            design = added(design, entity_id, key)
    return _alone(design, entity_id)


def _alone(design: Design, entity_id: str) -> Design:
    """The design in which the one fact that tells two apart is not also said to be shared."""
    entities, lookup = [], Lookup(design)
    for entity in design.entities:
        if entity.id == entity_id and len(entity.identity or ()) == 1:
            shared = {f"{entity_id}.{key}" for key in entity.identity or ()}
            facts = tuple(
                a.model_copy(update={"unique": "per-tenant" if is_within_tenant(
                    lookup, entity, kind_of(a).id) else "alone"})
                if a.id in shared and a.unique == "no" else a
                for a in entity.attributes
            )  # fmt: skip
            entity = entity.model_copy(update={"attributes": facts})
        entities.append(entity)
    return design.model_copy(update={"entities": tuple(entities)})


def _outcome(scene: Scene) -> str:
    entity = scene.subject
    if entity.same_as not in (None, "no"):
        return f"another word for {entity.same_as}"
    if entity.persists == "no":
        return f"transient: lives in the {entity.lives_in or 'session'}"
    if scene.lookup.folded(entity):
        return f"columns of {entity.owner}"
    if entity.many == "no":
        return "table of its own, one for each owner"
    return "table of its own"


TREE: Final = Tree(
    "entity",
    "Entity identification",
    "entities",
    "entities",
    (
        Node(
            "same_as", "same_as", 'Is "{thing}" another word for something already chosen?',
            "Two tables for one thing drift apart.",
            fixed("no", "two names usually mean two things"), _same_choices,
            asked=lambda scene: bool(_similar(scene)), then="persists",
            example='"Client" and "customer" in two steps of one journey: one table, two words.',
        ),
        Node(
            "persists", "persists", "Must {a_thing} still be there tomorrow?",
            "What nobody needs tomorrow belongs in a cache, not in a table.", _persists,
            (
                Choice("yes", "yes", "it is stored", "archetype"),
                Choice("no", "no", "transient: named in the document, not stored", "lives_in"),
            ),
            example="Somebody opens {product} a week later and looks for {a_thing}: if it must be "
            "there, yes. What was typed into a search field must not.",
        ),
        Node(
            "lives_in", "lives_in", "Where does {a_thing} live meanwhile?",
            "The team should know where to look for it.",
            fixed("session", "it is gone when the session ends"),
            (
                Choice("session", "in the session", "gone when the user leaves"),
                Choice("cache", "in a cache", "may vanish at any time"),
                Choice("queue", "in a queue", "gone when it was worked on"),
            ),
            then="purpose",
            example="A report that is made anew for whoever asks lives in a cache; a job that "
            "waits for a worker, in a queue.",
        ),
        Node(
            "archetype", "archetype", "What is {a_thing} most like?",
            "It proposes columns, delete actions and access patterns.", _archetype,
            _ARCHETYPE_CHOICES, shows=_brings,
            example="A booking is agreed on, and kept or called off: a dealing. A visit only "
            "happened: something that happened, written once.",
        ),
        Node(
            "owner", "owner", "Whose is {a_thing}?",
            "Ownership gives the foreign key, and says what is deleted with whom.", _owner,
            _owner_choices,
            example="A document that Ada uploaded is Ada's; a list of countries is nobody's.",
        ),
        Node(
            "many", "many", "Can one {owner} have several {things}?",
            "Several need a table of their own; one may be columns.",
            fixed("yes", "usually people have more than one"),
            (
                Choice("yes", "yes", "a table of its own: {owner} 1:N {thing}", "identity"),
                Choice("no", "no", "at most one: columns, or a table 1:1", "apart"),
            ),
            example="A user has many addresses in a shop that delivers, and one in a telephone "
            "book.",
        ),
        Node(
            "apart", "apart", "Should {a_thing} have a table apart from its {owner}?",
            "Columns are read in one go; a table apart can be locked down and left out.",
            fixed("no", "read with its owner and small: one row less to join"),
            (
                Choice("no", "no, it is small and read with it", "columns of the {owner}",
                       "created_by"),
                Choice("yes", "yes", "a table 1:1 with a unique foreign key", "identity"),
            ),
            example="A bank account beside its {owner}: apart, so that few may read it.",
        ),
        Node(
            "identity", "identity", "What makes two {things} the same, besides their id?",
            "A business key becomes UNIQUE: without it the same thing is stored twice.",
            _identity, _identity_choices, form="several", own_words=True, then="key",
            example="Two {things} with one name are the same within one {owner}, and different "
            "ones elsewhere: tick both the name and the {owner}.",
            check=_a_key, set=_identify,
        ),
        Node(
            "key", "key", "What do other tables write down to point at {a_thing}?",
            "What people write is read without a join, and changes in many places when it was "
            "misspelt; an id means nothing, and never changes.",
            fixed("id", "a corrected name should not touch every row that refers to it"),
            (
                Choice("id", "an id", "an id of its own, and UNIQUE over what makes two the same",
                       "created_by"),
                Choice("natural", "what makes two the same", "the primary key is what people "
                       "write, and there is no id", "created_by"),
            ),
            asked=_may_be_natural, then="created_by",
            example="Countries are known everywhere by two letters, so rows may say FR. People "
            "change their e-mail address.",
        ),
        *NODES,
        OF_ENTITY,
    ),
    _outcome,
)  # fmt: skip


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the entities that journey and unsaid answers call for."""
    known = {snake(name) for e in design.entities for name in (e.name, *e.aliases)}
    turned_away = without | set(design.dropped)
    added = []
    unsaid = of_answers(design)
    for entity in (*unsaid, *proposed(design, (*design.entities, *unsaid))):
        names = {snake(name) for name in (entity.name, *entity.aliases)}
        if not names & known and entity.id not in turned_away:
            known |= names
            added.append(entity)
    kept = tuple(e for e in design.entities if e.id not in without)
    dropped = turned_down(design, without)
    return design.model_copy(update={"entities": (*kept, *added), "dropped": dropped})


def describe(lookup: Lookup, entity: Entity) -> Row:
    """The entity as one row of a proposal."""
    titles = {s.id: i for i, s in enumerate(lookup.design.steps, 1)}
    steps = [str(titles[s]) for s in entity.steps if s in titles]
    because = f"steps {', '.join(steps)}" if len(steps) > 1 else f"step {steps[0]}" if steps else ""
    if entity.origin.startswith(ORIGIN):
        topic = entity.origin.removeprefix(ORIGIN).replace("_", " ")
        because = "; ".join(filter(None, (f"you said so: {topic}", because)))
    scene = Scene(lookup.design, lookup, entity)
    owner = lookup.standing(entity.owner or "")
    belongs = f", of {article(one(owner))}" if owner and entity.persists != "no" else ""
    label = lookup.archetype(entity).label
    return Row(entity.id, entity.name, f"{_outcome(scene)}{belongs} · {label}", because)


def _rows(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    return tuple(describe(lookup, entity) for entity in design.entities)


def _headline(design: Design) -> str:
    if not design.steps:
        return f"{NO_STEPS} (at Sources)"
    said = f"{len(Lookup(design).tables)} entities with a table, of {len(design.entities)} nouns"
    left = ", ".join(left_aside(design))
    return f"{said}; not proposed, and there to be ticked: {left}" if left else said


STEP: Final = Step(
    "entities",
    "Entities",
    "What must the product remember? Each noun becomes a table, columns of another, or nothing.",
    (NOUNS, FOUND, TREE),
    grow,
    _rows,
    _headline,
)
