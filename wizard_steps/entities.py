"""Step "entities": which nouns must be remembered, and what becomes of each."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Design, Entity
from schemawalk.schema.archetypes import ARCHETYPES, guess_archetype
from schemawalk.schema.lookup import Lookup
from schemawalk.schema.names import last_word, snake, words
from schemawalk.schema.sentences import article, many, one
from wizard_steps.nouns import NOUNS, proposed, strongest
from wizard_steps.steps import Row, Step, turned_down
from wizard_steps.tree import Advice, Choice, Node, Scene, Tree, fixed
from wizard_steps.unsaid import TOPICS

TRANSIENT: Final = frozenset(
    "button click dashboard form link list notice page progress screen search view zone".split()
)
"""Last words of names of things that live on a screen and not in a database."""

_WHOLES: Final = {"line": ("process", "thing", "money"), "message": ("process", "thing")}
"""What a line or a message is usually a part of, by archetype."""

_OWNERS: Final = {
    "person": ("group",), "event": ("group", "person"), "money": ("group", "person"),
}  # fmt: skip
"""Whose things usually are, where it is not simply the user's."""


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
    archetype, word = guess_archetype(scene.subject.name)
    because = f'"{word}" is usually that' if word else "nothing in the name says otherwise"
    return Advice((archetype,), because)


_ARCHETYPE_CHOICES: Final = tuple(
    Choice(row.id, row.label, row.leads_to, "owner") for row in ARCHETYPES.values()
)


def _first(scene: Scene, *archetypes: str) -> Entity | None:
    """The first other entity of one of the archetypes, in their order."""
    for archetype in archetypes:
        for entity in scene.lookup.tables:
            if entity.id != scene.subject.id and scene.lookup.archetype(entity).id == archetype:
                return entity
    return None


def _owner(scene: Scene) -> Advice:
    kind = scene.lookup.archetype(scene.subject).id
    if kind in ("group", "catalogue", "place"):
        return Advice(("system",), f"a {ARCHETYPES[kind].label} usually belongs to nobody")
    wanted = _OWNERS.get(kind, ("person", "group"))
    owner = _first(scene, *_WHOLES.get(kind, ()), *wanted)
    if owner is None:
        return Advice(("system",), "there is nobody that it could belong to")
    return Advice((owner.id,), f"{many(scene.subject)} usually belong to {article(one(owner))}")


def _owner_choices(scene: Scene) -> tuple[Choice, ...]:
    others = (e for e in scene.lookup.tables if e.id != scene.subject.id)
    system = Choice("system", "nobody: the system's", "a system entity", "identity")
    owned = (Choice(e.id, e.name, f"{{things}} of one {e.name.lower()}", "many") for e in others)
    return (*owned, system)


def _created_by(scene: Scene) -> Advice:
    if scene.lookup.archetype(scene.subject).id in ("catalogue", "place", "setting"):
        return Advice(("seeded",), "somebody must fill the list before the first user comes")
    for step in scene.design.steps:
        if step.id in scene.subject.steps:
            return Advice((step.id,), "the first step that speaks of it")
    return Advice(("system",), "no step speaks of it")


def _creators(scene: Scene) -> tuple[Choice, ...]:
    steps = (Choice(s.id, s.title, "created there", "rows") for s in scene.design.steps)
    return (
        *steps,
        Choice("seeded", "nobody: it is there from the start", "a seed row", "rows"),
        Choice("system", "the system itself", "written by the program, not by a user", "rows"),
    )


def _rows_expected(scene: Scene) -> Advice:
    archetype = scene.lookup.archetype(scene.subject)
    return Advice((str(archetype.rows),), f"usual for {archetype.label}")


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
            fixed("no", "no other name ends in the same word"), _same_choices,
            asked=lambda scene: bool(_similar(scene)), then="persists",
        ),
        Node(
            "persists", "persists", "Must {a_thing} still be there after the session ends?",
            "What nobody needs tomorrow belongs in a cache, not in a table.", _persists,
            (
                Choice("yes", "yes", "it is stored", "archetype"),
                Choice("no", "no", "transient: named in the document, not stored", "lives_in"),
            ),
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
        ),
        Node(
            "archetype", "archetype", "What is {a_thing} most like?",
            "It proposes columns, delete actions and access patterns.", _archetype,
            _ARCHETYPE_CHOICES,
        ),
        Node(
            "owner", "owner", "Whose is {a_thing}?",
            "Ownership gives the foreign key, and says what is deleted with whom.", _owner,
            _owner_choices,
        ),
        Node(
            "many", "many", "Can one {owner} have several {things}?",
            "Several need a table of their own; one may be columns.",
            fixed("yes", "usually people have more than one"),
            (
                Choice("yes", "yes", "a table of its own: {owner} 1:N {thing}", "identity"),
                Choice("no", "no", "at most one: columns, or a table 1:1", "apart"),
            ),
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
        ),
        Node(
            "identity", "identity", "What makes two {things} the same, besides their id?",
            "A business key becomes UNIQUE: without it the same thing is stored twice.",
            lambda _: Advice((), "unique columns are asked one by one, with the columns"),
            lambda scene: tuple(
                Choice(a.id.partition(".")[2], a.name, "part of a UNIQUE")
                for a in scene.subject.attributes
            ),
            form="several", then="created_by",
        ),
        Node(
            "created_by", "created_by", "Which step creates {a_thing}?",
            "A thing that no step creates is a step that the journey forgot.", _created_by,
            _creators,
        ),
        Node(
            "rows", "rows", "About how many {things} will there be after a year?",
            "Below a thousand rows an index is useless; above a hundred thousand it decides.",
            _rows_expected, form="number",
        ),
    ),
    _outcome,
)  # fmt: skip


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the entities that journey and unsaid answers call for."""
    known = {snake(name) for e in design.entities for name in (e.name, *e.aliases)}
    turned_away = without | set(design.dropped)
    added = []
    unsaid = _from_unsaid(design)
    for entity in (*unsaid, *proposed(design, (*design.entities, *unsaid))):
        names = {snake(name) for name in (entity.name, *entity.aliases)}
        if not names & known and entity.id not in turned_away:
            known |= names
            added.append(entity)
    kept = tuple(e for e in design.entities if e.id not in without)
    dropped = turned_down(design, without)
    return design.model_copy(update={"entities": (*kept, *added), "dropped": dropped})


def _from_unsaid(design: Design) -> tuple[Entity, ...]:
    """Entities that the answers about what journeys never say add."""
    result = []
    for topic in TOPICS:
        if getattr(design.unsaid, topic.id) in (None, "no", "none"):
            continue
        for usual, archetype in topic.adds:
            people = archetype in ("person", "group")
            name = strongest(design, archetype, usual) if people else usual
            result.append(_spoken_of(design, name, archetype, f"unsaid.{topic.id}"))
        if topic.id == "roles" and design.unsaid.roles == "tables":
            result.append(_spoken_of(design, "Role", "catalogue", "unsaid.roles"))
        if topic.id == "sign_in" and design.unsaid.sign_in == "password":
            result.append(_spoken_of(design, "Session", "key", "unsaid.sign_in"))
    return tuple(result)


def _spoken_of(design: Design, name: str, archetype: str, origin: str) -> Entity:
    word = last_word(name)
    steps = tuple(s.id for s in design.steps if word in words(f"{s.title} {s.text}"))
    return Entity(id=snake(name), name=name, archetype=archetype, origin=origin, steps=steps)


def describe(lookup: Lookup, entity: Entity) -> Row:
    """The entity as one row of a proposal."""
    titles = {s.id: i for i, s in enumerate(lookup.design.steps, 1)}
    steps = [str(titles[s]) for s in entity.steps if s in titles]
    because = f"steps {', '.join(steps)}" if len(steps) > 1 else f"step {steps[0]}" if steps else ""
    if entity.origin.startswith("unsaid."):
        because = "; ".join(filter(None, (f"you said so: {entity.origin[7:]}", because)))
    scene = Scene(lookup.design, lookup, entity)
    owner = lookup.standing(entity.owner or "")
    belongs = f", of {article(one(owner))}" if owner and entity.persists != "no" else ""
    label = lookup.archetype(entity).label
    return Row(entity.id, entity.name, f"{_outcome(scene)}{belongs} · {label}", because)


def _rows(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    return tuple(describe(lookup, entity) for entity in design.entities)


def _headline(design: Design) -> str:
    return f"{len(Lookup(design).tables)} entities with a table, of {len(design.entities)} nouns"


STEP: Final = Step(
    "entities",
    "Entities",
    "What must the product remember? Each noun becomes a table, columns of another, or nothing.",
    (NOUNS, TREE),
    grow,
    _rows,
    _headline,
)
