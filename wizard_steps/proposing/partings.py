"""Which endings of the journey are walked: proposed ones, and those that somebody adds."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Design, Entity, Finish
from schemawalk.schema.names import last_word, snake, unique, words
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.finishes import account_of, endings
from wizard_steps.proposing.duties import about


def parting_id(entity: Entity, title: str) -> str:
    """The permanent id of an ending, before others of the same one."""
    return snake(f"{entity.id} {last_word(title)}")


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the endings that accounts, groups and steps call for, each entity's once."""
    lookup = Lookup(design)
    kept = [each for each in design.finishes if lookup.home(each.entity)]
    ended, ids = {each.entity for each in kept}, {each.id for each in kept}
    for entity, title, steps in endings(lookup):
        wanted = parting_id(entity, title)
        if entity.id in ended or wanted in without or wanted in design.dropped:
            continue
        finish = Finish(id=unique(wanted, ids), name=title, entity=entity.id, steps=steps)
        ended.add(entity.id)
        ids.add(finish.id)
        kept.append(finish)
    return design.model_copy(update={"finishes": tuple(kept)})


def _kept(scene: Scene) -> tuple[str, ...] | None:
    """The endings that are there; None while one that is proposed was neither taken nor left."""
    names = tuple(each.name for each in scene.design.finishes)
    return None if grow(scene.design, frozenset()).finishes != scene.design.finishes else names


def _advise(scene: Scene) -> Advice:
    names = tuple(each.name for each in grow(scene.design, frozenset()).finishes)
    if not names:
        return Advice((), "nobody signs in, and no step ends anything")
    return Advice(names, "accounts, groups, and what the steps end")


def _offered(scene: Scene) -> tuple[Choice, ...]:
    found = {title: entity for entity, title, _ in endings(scene.lookup)}
    for each in scene.design.finishes:
        home = scene.lookup.home(each.entity)
        if home is not None:
            found.setdefault(each.name, home)
    return tuple(
        Choice(title, title, f"all keys that lead to {many(entity)} are walked")
        for title, entity in found.items()
    )


def _take(design: Design, _: str, titles: tuple[str, ...]) -> Design:
    """The design with exactly these endings; raises AnswerError when one is about nothing."""
    lookup = Lookup(design)
    known = {title: (entity, steps) for entity, title, steps in endings(lookup)}
    kept = {each.name: each for each in design.finishes}
    ids = {each.id for each in design.finishes}
    finishes = []
    for title in titles:
        finish = kept.get(title)
        if finish is None:
            entity, steps = known.get(title) or (_spoken_of(lookup, title), ())
            made = unique(parting_id(entity, title), ids)
            finish = Finish(id=made, name=title, entity=entity.id, steps=steps)
            ids.add(made)
        finishes.append(finish)
    proposed = {parting_id(entity, title): title for title, (entity, _) in known.items()}
    back = {wanted for wanted, title in proposed.items() if title in titles}
    away = [wanted for wanted, title in proposed.items() if title not in titles]
    dropped = dict.fromkeys((*(d for d in design.dropped if d not in back), *away))
    return design.model_copy(update={"finishes": tuple(finishes), "dropped": tuple(dropped)})


def _spoken_of(lookup: Lookup, title: str) -> Entity:
    entity = about(lookup, title)
    if entity is None and "account" in words(title):
        entity = account_of(lookup) or next(iter(lookup.of_archetype("person")), None)
    if entity is None:
        names = ", ".join(" ".join(words(e.name)) for e in lookup.tables)
        raise AnswerError(f"{title!r} ends nothing that is kept. Name one of: {names}.")
    return entity


TREE: Final = Tree(
    "finishes",
    "Endings of the journey",
    "endings",
    "keeping",
    (
        Node(
            "which", "", "Which endings does {product} know?",
            "Every journey has ends that it does not tell: an account is closed, a team is "
            "dissolved. What each takes along is decided by many keys together.",
            _advise, _offered, form="several", own_words=True, separator=";",
            get=_kept, set=_take,
            example='"The {thing} is deleted" is one: say it in a sentence that names what goes.',
        ),
    ),
    lambda scene: f"{len(scene.design.finishes)} endings",
    lambda scene: "" if any(map(scene.lookup.ends, scene.design.relationships)) else None,
)  # fmt: skip
