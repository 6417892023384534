"""Step "endings": what happens to the rest when a row is deleted."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Final

from schemawalk.design.choices import Ending
from schemawalk.design.model import Design, Entity, Relationship
from schemawalk.schema.sentences import (
    article,
    ending_sentence,
    link_sentence,
    many,
    one,
    shape,
)
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps import finishes
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree, fixed
from wizard_steps.consequences import Same, of_key
from wizard_steps.proposing import partings

LOOSENED: Final = "set-null-optional"
"""The answer that makes the key optional, so that SET NULL can work."""

ARCHIVED: Final = "archive"
"""The answer that lets no row be deleted: RESTRICT, and the parent is archived."""


def _is_link(scene: Scene) -> bool:
    return shape(scene.subject) == "M:N"


def _can_be_null(scene: Scene) -> bool:
    """Whether it can be left without: a row that has exactly one of several parents cannot."""
    alone = scene.subject.id not in scene.lookup.exclusive
    return scene.subject.optional == "yes" and alone and not _is_link(scene)


def _could_be_null(scene: Scene) -> bool:
    return scene.subject.optional != "yes" and not _is_link(scene)


# What is recommended


def _on_delete(scene: Scene) -> Advice:
    ends = scene.lookup.ends(scene.subject)
    if ends is None:
        return Advice(("restrict",), "one end is gone")
    if _is_link(scene):
        return _of_link(scene, scene.subject.a)
    return _never_deleted(scene, ends[0]) or _of_ends(scene, *ends)


def _of_ends(scene: Scene, parent: Entity, child: Entity) -> Advice:
    of_parent, of_child = scene.lookup.archetype(parent), scene.lookup.archetype(child)
    if of_parent.id == "group" and of_child.id in ("event", "money"):
        return Advice(
            ("restrict",), "what was used, paid or done must stay with who answers for it"
        )
    if of_parent.id in ("catalogue", "place"):
        return Advice(("restrict",), f"{many(parent)} that are in use should not vanish")
    if _can_be_null(scene):
        return Advice(("set-null",), f"{many(child)} make sense without it")
    if of_child.id == "money":
        return Advice(("restrict",), "money that moved must stay provable")
    wanted: Ending = of_child.ending if of_child.ending != "set-null" else "cascade"
    return Advice((wanted,), f"usual for {of_child.label}")


def _of_link(scene: Scene, end: str) -> Advice:
    entity = scene.lookup.home(end)
    if entity and scene.lookup.archetype(entity).id == "catalogue":
        return Advice(("restrict",), f"{article(one(entity))} that is in use should not vanish")
    return Advice(("cascade",), "a link without one of its ends means nothing")


def _never_deleted(scene: Scene, entity: Entity) -> Advice | None:
    """Advice to archive, when a step says that such things are archived or retired."""
    said = _archived(Same(scene.design.steps, scene.design.entities)).get(entity.id)
    return Advice((ARCHIVED,), said[0], said[1]) if said else None


@lru_cache(maxsize=4)
def _archived(parts: Same) -> dict[str, tuple[str, str]]:
    """The quote and its place by the id of each entity that the journey archives."""
    from schemawalk.reading.phrases import partings

    steps, entities = parts.parts
    design = Design().model_copy(update={"steps": steps, "entities": entities})
    by_name = {entity.name: entity.id for entity in design.entities}
    places = {s.id: f"{s.file}:{s.line}" if s.line else s.title for s in design.steps}
    return {
        by_name[each.name]: (f'"{each.quote}"', places[each.step])
        for each in partings(design.steps, tuple(by_name))
        if each.title.endswith((" archived", " retired")) and each.name in by_name
    }


# The first question: its choices, and two answers that are more than one field


def _choices(scene: Scene) -> tuple[Choice, ...]:
    if _is_link(scene):
        return _OF_LINK
    return (
        Choice("cascade", "they go with it (CASCADE)",
               "delete {an_a}: the {bs} of that {role} are deleted too", "on_delete_b"),
        Choice("set-null", "they stay, without it (SET NULL)",
               "delete {an_a}: the {bs} stay, without {a_role}", "on_delete_b",
               offered=_can_be_null),
        Choice(LOOSENED, "they stay, without it, and the key becomes optional (SET NULL)",
               "{an_b} can exist without {a_role} from now on; delete {an_a}: the {bs} stay",
               "on_delete_b", offered=_could_be_null),
        Choice("restrict", "it cannot be deleted while there are any (RESTRICT)",
               "delete {an_a}: refused while there are {bs} of that {role}", "on_delete_b"),
        Choice(ARCHIVED, "it never is deleted, it is archived (RESTRICT)",
               "{as} are only marked as archived; their {bs} stay as they are", "on_delete_b"),
    )  # fmt: skip


_OF_LINK: Final = (
    Choice("cascade", "they go with it (CASCADE)",
           "delete {an_a}: its links are deleted too, the {bs} stay", "on_delete_b"),
    Choice("restrict", "it cannot be deleted while there are any (RESTRICT)",
           "delete {an_a}: refused while it is linked", "on_delete_b"),
)  # fmt: skip

_OTHER_END: Final = (
    Choice("cascade", "they go with it (CASCADE)",
           "delete {an_b}: its links are deleted too, the {as} stay"),
    Choice("restrict", "it cannot be deleted while there are any (RESTRICT)",
           "delete {an_b}: refused while it is linked"),
)  # fmt: skip


def _given(scene: Scene) -> tuple[str, ...] | None:
    """The field as an answer: RESTRICT on a parent that is archived says so."""
    ending = scene.subject.on_delete
    if ending is None:
        return None
    return (ARCHIVED,) if _is_archived(scene.lookup, scene.subject) else (ending,)


def _is_archived(lookup: Lookup, link: Relationship) -> bool:
    ends = lookup.ends(link)
    kept = ends is not None and ends[0].deletion == "archive"
    return kept and link.on_delete == "restrict" and shape(link) != "M:N"


_ENDINGS: Final[dict[str, Ending]] = {LOOSENED: "set-null", ARCHIVED: "restrict"}


def _take(design: Design, link_id: str, values: tuple[str, ...]) -> Design:
    """Takes the answer: the action, and with it whether the key is optional or the parent kept."""
    value = values[0]
    links = []
    for link in design.relationships:
        if link.id == link_id:
            update = {"on_delete": _ENDINGS.get(value, value)}
            update |= {"optional": "yes"} if value == LOOSENED else {}
            link = link.model_copy(update=update)
        links.append(link)
    design = _archive(design, link_id, archived=value == ARCHIVED)
    design = design.model_copy(update={"relationships": tuple(links)})
    return _reminded(design, link_id) if value == LOOSENED else design


def _archive(design: Design, link_id: str, *, archived: bool) -> Design:
    """The design whose parent of that relationship is archived, or no longer is on its account."""
    lookup = Lookup(design)
    link = lookup.relationships[link_id]
    ends = lookup.ends(link)
    if ends is None or archived == _is_archived(lookup, link):
        return design
    kept = ends[0].model_copy(update={"deletion": "archive" if archived else None})
    entities = tuple(kept if e.id == kept.id else e for e in design.entities)
    return design.model_copy(update={"entities": entities})


def _reminded(design: Design, link_id: str) -> Design:
    """Marks the reason that somebody gave for a key that must be there."""
    question = f"relationship.{link_id}.optional"
    notes = tuple(
        note.model_copy(update={"look_again": "what happens on delete made the key optional"})
        if note.id == question and (note.why or note.source)
        else note
        for note in design.notes
    )
    return design.model_copy(update={"notes": notes})


# Keys that people write


def _by_natural_key(scene: Scene) -> bool:
    """Whether the key refers to what people write and may correct, not to ids."""
    ends = scene.lookup.ends(scene.subject) or ()
    pointed_at = ends if shape(scene.subject) == "M:N" else ends[:1]
    return any(end.key == "natural" for end in pointed_at)


def _shown(scene: Scene, end: int) -> tuple[str, ...]:
    return of_key(scene.design, scene.subject, end)


def _outcome(scene: Scene) -> str:
    return {
        "cascade": "CASCADE", "set-null": "SET NULL", "restrict": "RESTRICT",
        ARCHIVED: "RESTRICT, archived",
    }.get((_given(scene) or ("",))[0], "open")  # fmt: skip


TREE: Final = Tree(
    "ending",
    "Referential action",
    "endings",
    "relationships",
    (
        Node(
            "on_delete", "on_delete",
            "When {an_a} is deleted, what happens to {dependants}?",
            "The database does this by itself, every time: it must be what people expect. To stay "
            "without it, the key must be allowed to be NULL: the two are one decision.",
            _on_delete, _choices, get=_given, set=_take, shows=partial(_shown, end=0),
            example="On Friday somebody deletes {an_a}. On Monday a colleague looks for "
            "{dependants}: must they find them?",
        ),
        Node(
            "on_delete_b", "on_delete_b", "And when {an_b} is deleted, what happens to its links?",
            "A many-to-many has two ends that can go.",
            lambda scene: _of_link(scene, scene.subject.b), _OTHER_END, asked=_is_link,
            then="on_update", shows=partial(_shown, end=1),
            example="On Friday somebody deletes {an_b} that is linked to two {as}. Do the {as} "
            "lose it, or is the delete refused?",
        ),
        Node(
            "on_update", "on_update", "When the key of {an_a} changes, do its {bs} follow?",
            "People write this key, so it may be misspelt and corrected one day.",
            fixed("cascade", "a corrected key should be corrected everywhere"),
            (
                Choice("cascade", "yes (CASCADE)", "the {bs} are changed with it"),
                Choice("restrict", "no (RESTRICT)", "refused while there are {bs}"),
            ),
            asked=_by_natural_key,
            example="Somebody corrects the key of {an_a}; the {bs} that carry the old one follow, "
            "or keep it from being corrected.",
        ),
    ),
    _outcome,
)  # fmt: skip


def _rows(design: Design) -> tuple[Row, ...]:
    return (*_of_keys(design), *finishes.rows(design))


def _of_keys(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    rows = []
    for link in design.relationships:
        ends = lookup.ends(link)
        if ends is None or link.on_delete is None:
            continue
        linked = shape(link) == "M:N"
        sentence = (
            link_sentence(link.on_delete, ends[0])
            if linked
            else ending_sentence(link.on_delete, *ends, link.role or "")
        )
        if _is_archived(lookup, link):
            sentence = f"{many(ends[0]).capitalize()} are archived, never deleted."
        if linked and link.on_delete_b:
            sentence += " " + link_sentence(link.on_delete_b, ends[1])
        title = f"{ends[0].name} → {ends[1].name}"
        rows.append(Row(f"ending.{link.id}", title, sentence, optional=False))
    return tuple(rows)


def _headline(design: Design) -> str:
    found = [link.on_delete for link in design.relationships]
    counts = [f"{found.count(e)} {e.replace('-', ' ')}" for e in ("cascade", "set-null", "restrict")
              if e in found]  # fmt: skip
    if not counts:
        return "Nothing refers to anything else, so every row goes alone"
    walked = len(finishes.rows(design))
    ends = f"; {walked} ending{'' if walked == 1 else 's'} walked to the end" if walked else ""
    return f"On delete: {', '.join(counts)}{ends}"


STEP: Final = Step(
    "endings",
    "Deletion",
    "What goes, what stays and what blocks when a row is deleted. NULL and this are one decision.",
    (TREE, partings.TREE, finishes.TREE),
    partings.grow,
    rows=_rows,
    headline=_headline,
)
