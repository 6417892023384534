"""Step "endings": what happens to the rest when a row is deleted."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Design, Ending
from schemawalk.schema.lookup import Lookup
from schemawalk.schema.sentences import ending_sentence, link_sentence, many, one, shape
from wizard_steps.steps import Row, Step
from wizard_steps.tree import Advice, Choice, Node, Scene, Tree


def _is_link(scene: Scene) -> bool:
    return shape(scene.subject) == "M:N"


def _can_be_null(scene: Scene) -> bool:
    return scene.subject.optional == "yes" and not _is_link(scene)


def _on_delete(scene: Scene) -> Advice:
    if _is_link(scene):
        return _of_link(scene, scene.subject.a)
    ends = scene.lookup.ends(scene.subject)
    if ends is None:
        return Advice(("restrict",), "one end is gone")
    parent, child = ends
    of_parent, of_child = scene.lookup.archetype(parent), scene.lookup.archetype(child)
    if of_parent.id == "group" and of_child.id in ("event", "money"):
        return Advice(("restrict",), "what was used or paid must stay with who owes it")
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
        return Advice(("restrict",), f"a {one(entity)} that is in use should not vanish")
    return Advice(("cascade",), "a link without one of its ends means nothing")


def _choices(scene: Scene) -> tuple[Choice, ...]:
    what = "its links" if _is_link(scene) else "its {bs}"
    return (
        Choice("cascade", "goes with it (CASCADE)", f"delete {{an_a}}: {what} are deleted too",
               "on_delete_b"),
        Choice("set-null", "stays, without it (SET NULL)", "delete {an_a}: its {bs} stay, without "
               "{an_a}", "on_delete_b", offered=_can_be_null),
        Choice("restrict", "keeps it from being deleted (RESTRICT)", "delete {an_a}: refused while "
               f"{what} exist", "on_delete_b"),
    )  # fmt: skip


_OTHER_END: Final = (
    Choice("cascade", "goes with it (CASCADE)", "delete {an_b}: its links are deleted too"),
    Choice("restrict", "keeps it from being deleted (RESTRICT)", "delete {an_b}: refused while "
           "it is linked"),
)  # fmt: skip


def _outcome(scene: Scene) -> str:
    return {"cascade": "CASCADE", "set-null": "SET NULL", "restrict": "RESTRICT"}.get(
        scene.subject.on_delete or "", "open"
    )


TREE: Final = Tree(
    "ending",
    "Referential action",
    "endings",
    "relationships",
    (
        Node(
            "on_delete", "on_delete", "What happens to its {bs} when {an_a} is deleted?",
            "The database does this by itself, every time: it must be what people expect.",
            _on_delete, _choices,
        ),
        Node(
            "on_delete_b", "on_delete_b", "And to the link, when {an_b} is deleted?",
            "A many-to-many has two ends that can go.",
            lambda scene: _of_link(scene, scene.subject.b), _OTHER_END, asked=_is_link,
        ),
    ),
    _outcome,
)  # fmt: skip


def _rows(design: Design) -> tuple[Row, ...]:
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
        if linked and link.on_delete_b:
            sentence += " " + link_sentence(link.on_delete_b, ends[1])
        title = f"{ends[0].name} → {ends[1].name}"
        rows.append(Row(f"ending.{link.id}", title, sentence, optional=False))
    return tuple(rows)


def _headline(design: Design) -> str:
    found = [link.on_delete for link in design.relationships]
    counts = (f"{found.count(e)} {e.replace('-', ' ')}" for e in ("cascade", "set-null", "restrict")
              if e in found)  # fmt: skip
    return "On delete: " + ", ".join(counts)


STEP: Final = Step(
    "endings",
    "Deletion",
    "What goes, what stays and what blocks when a row is deleted. NULL and this are one decision.",
    (TREE,),
    rows=_rows,
    headline=_headline,
)
