"""Endings of the journey, each walked once over all foreign keys: "The account is closed"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Design, Entity, Finish, Note
from schemawalk.schema.deletion import Block, Outcome
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from schemawalk.schema.names import last_word, words
from schemawalk.schema.samples import is_link, noun
from schemawalk.schema.sentences import one, shape
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.steps import Row
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.consequences import (
    Same,
    key_of,
    of_table,
    outline,
    picture,
    role_of,
    says,
    several,
    table_of,
    way,
    wrapped,
)
from wizard_steps.proposing.calls import listed

ENDS: Final = tuple(
    f" {verb}"
    for verb in "closed deleted removed erased forgotten dissolved discarded terminated".split()
)
"""How the title of an ending ends when rows go; what is archived, revoked or expires stays."""

CLOSING: Final = frozenset(words("close closing delete deleting dissolve erase forget remove"))
"""Words of a step's title by which it ends something."""

FEW: Final = 4
"""Tables that are named in one line."""


# Which endings there are


def endings(lookup: Lookup) -> Iterator[tuple[Entity, str, tuple[str, ...]]]:
    """Entity, title and steps of each ending: the account, groups, then what steps end."""
    said = dict(_said(lookup))
    account = account_of(lookup)
    groups = lookup.of_archetype("group")[:1]
    usual = [(account, "The account is closed")] if account else []
    usual += [(group, f"The {one(group)} is deleted") for group in groups]
    for entity, title in usual:
        told, steps = said.pop(entity.id, (title, ()))
        yield entity, told, steps or _titled(lookup, entity)
    for entity_id, (title, steps) in said.items():
        yield lookup.entities[entity_id], title, steps


def _titled(lookup: Lookup, entity: Entity) -> tuple[str, ...]:
    """Steps whose title ends such a thing: "Close an account", "Leave a team"."""
    called = {last_word(entity.name)}
    called |= {"account"} if lookup.archetype(entity).id == "person" else set()
    titles = ((step.id, set(words(step.title))) for step in lookup.design.steps)
    return tuple(step for step, title in titles if title & CLOSING and title & called)


def _said(lookup: Lookup) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    from schemawalk.reading.phrases import partings

    by_name = {entity.name: entity.id for entity in lookup.tables}
    for each in reversed(partings(lookup.design.steps, tuple(by_name))):
        if each.name in by_name and each.title.endswith(ENDS):
            yield by_name[each.name], (each.title, (each.step,))


def account_of(lookup: Lookup) -> Entity | None:
    """The entity whose rows are the accounts of people; None when nobody signs in."""
    if lookup.design.unsaid.sign_in == "none":
        return None
    people = lookup.of_archetype("person")
    named = (e for e in people if e.origin == "unsaid.sign_in" or e.id in ("user", "account"))
    return next(named, people[0] if people else None)


# One ending, walked to its end


def outcome_of(design: Design, finish: Finish) -> Outcome | None:
    """What the ending does to sample rows; None when the entity has no table."""
    parts = (design.entities, design.relationships, design.stack, design.unsaid)
    return _outcome(Same(*parts), finish.entity)


@lru_cache(maxsize=64)
def _outcome(parts: Same, entity_id: str) -> Outcome | None:
    names = ("entities", "relationships", "stack", "unsaid")
    design = Design().model_copy(update=dict(zip(names, parts.parts, strict=True)))
    schema = outline(design)
    table = table_of(schema, Lookup(design), entity_id)
    return of_table(design, schema, table) if table else None


def _called(scene: Scene) -> str | None:
    """How many foreign keys refer to it; nothing to walk when none does."""
    schema = outline(scene.design)
    table = table_of(schema, scene.lookup, scene.subject.entity)
    if table is None:
        return None
    keys = sum(key.references == table.name for _, key in schema.references())
    return f"{keys} foreign key{' refers' if keys == 1 else 's refer'} to it" if keys else None


def _kept(scene: Scene) -> str:
    """How rows of the entity are hidden instead of deleted; empty when they go."""
    entity = scene.lookup.home(scene.subject.entity)
    keep = (entity.deletion if entity else None) or scene.design.keeping.deletion
    return {"soft": "only hidden, and can be restored", "archive": "archived"}.get(keep or "", "")


def _advice(scene: Scene) -> Advice:
    outcome = outcome_of(scene.design, scene.subject)
    if kept := _kept(scene):
        return Advice(("yes",), f"{{things}} are {kept}: no other row is touched")
    if outcome is None or not outcome.refused:
        return Advice(("yes",), "nothing stands in its way, and only what hangs on it goes")
    block = outcome.blocks[0]
    schema = outline(scene.design)
    if _is_personal(scene):
        return Advice(
            ("no",), f"who asks to be forgotten must not be refused: {_fix(schema, block)}"
        )
    blocking = several(noun(schema.table(block.table)))
    return Advice(("yes",), f"it is refused on purpose while there are {blocking}")


def _is_personal(scene: Scene) -> bool:
    entity = scene.lookup.home(scene.subject.entity)
    return entity is not None and scene.lookup.archetype(entity).id == "person"


def _fix(schema: Schema, block: Block) -> str:
    """How the delete would go through, in words."""
    blocking = several(noun(schema.table(block.table)))
    role = role_of(block.key)
    if is_link(schema.table(block.table)):
        return f"let {blocking} go with it (CASCADE)"
    if block.null:
        return f"{blocking} cannot stay without their {role} while the key is NOT NULL"
    return f"let {blocking} stay without their {role} (SET NULL), or go with it (CASCADE)"


def _shown(scene: Scene) -> tuple[str, ...]:
    schema, design = derive(scene.design).schema, scene.design
    table = table_of(schema, scene.lookup, scene.subject.entity)
    if table is None:
        return ()
    outcome = of_table(design, schema, table)
    kept = _kept(scene)
    lines = ["For instance:", *picture(schema, outcome.sample), ""]
    if kept:
        lines += wrapped("", f"{scene.say('{things}').capitalize()} are {kept}: nothing else "
                             "changes then. If one is deleted for good:")  # fmt: skip
    for sentence in says(schema, outcome):
        lines += wrapped("", f"- {sentence}")
    if outcome.blocks and _is_personal(scene) and not kept:
        lines += wrapped("", f"So {_fix(schema, outcome.blocks[0])}.")
    left = personal_left(scene.design, schema, outcome) if _is_personal(scene) else ()
    if left:
        lines += wrapped("", f"Personal data stays: {', '.join(left)}.")
    return tuple(lines)


def personal_left(design: Design, schema: Schema, outcome: Outcome) -> tuple[str, ...]:
    """Personal data in rows that stay without the one that was deleted: "event · ip address"."""
    lookup = Lookup(design)
    stay = {schema.table(place[0]).source for place, _ in outcome.emptied}
    return tuple(
        f"{entity.name} · {attribute.name}"
        for entity in design.entities
        if (home := lookup.home(entity.id)) is not None and home.id in stay
        for attribute in entity.attributes
        if attribute.sensitivity == "personal"
    )


# The answer, and what it marks


def _take(design: Design, finish_id: str, values: tuple[str, ...]) -> Design:
    """Takes the answer; "no" marks the keys on the path, "yes" takes such marks away."""
    finishes = tuple(
        each.model_copy(update={"agreed": values[0]}) if each.id == finish_id else each
        for each in design.finishes
    )
    finish = next(each for each in finishes if each.id == finish_id)
    design = design.model_copy(update={"finishes": finishes})
    design = _unmarked(design, finish)
    return _marked(design, finish) if values[0] == "no" else design


def _start(finish: Finish) -> str:
    return f'"{finish.name}" is not as it should be'


def _unmarked(design: Design, finish: Finish) -> Design:
    notes = []
    for note in design.notes:
        if note.look_again.startswith(_start(finish)):
            note = note.model_copy(update={"look_again": ""})
            if note.by == "default" and not (note.why or note.source or note.unknown):
                continue
        notes.append(note)
    return design.model_copy(update={"notes": tuple(notes)})


def _marked(design: Design, finish: Finish) -> Design:
    outcome = outcome_of(design, finish)
    if outcome is None:
        return design
    reason = _reason(outline(design), finish, outcome)
    wanted = dict.fromkeys(_questions(design, outcome))
    notes = []
    for note in design.notes:
        if note.id in wanted:
            del wanted[note.id]
            note = note.model_copy(update={"look_again": reason})
        notes.append(note)
    notes += [Note(id=each, by="default", look_again=reason) for each in wanted]
    return design.model_copy(update={"notes": tuple(notes)})


def _reason(schema: Schema, finish: Finish, outcome: Outcome) -> str:
    if not outcome.refused:
        return f"{_start(finish)}: this is one of the keys that it meets"
    return f"{_start(finish)}: it is refused ({way(schema, outcome.blocks[0])})"


def _questions(design: Design, outcome: Outcome) -> Iterator[str]:
    """Ids of the questions about the keys on the path: to what blocks, or all that act."""
    schema, lookup = outline(design), Lookup(design)
    met = _on_the_way(outcome) if outcome.refused else _acting(outcome)
    keys = {key.name for _, key in schema.references() if key.name in met}
    for link in design.relationships:
        for end, node in enumerate(("on_delete", "on_delete_b")[: 1 + (shape(link) == "M:N")]):
            key = key_of(schema, lookup, link, end)
            if key is not None and key.source == link.id and key.name in keys:
                yield f"ending.{link.id}.{node}"


def _on_the_way(outcome: Outcome) -> set[str]:
    """Names of the keys that lead to what blocks, and of those that block."""
    found = set()
    for block in outcome.blocks:
        found.add(block.key.name)
        for place in block.rows:
            target = outcome.sample.at[place].points.get(block.key.name)
            while target is not None:
                row = outcome.sample.at[target]
                found.add(row.by)
                target = row.under
    return found


def _acting(outcome: Outcome) -> set[str]:
    gone = {outcome.sample.at[place].by for place in outcome.gone}
    return gone | {key.name for _, key in outcome.emptied}


TREE: Final = Tree(
    "finish",
    "An ending, walked to its end",
    "endings",
    "finishes",
    (
        Node(
            "agreed", "agreed",
            "{finish}. Is what then goes, stays and blocks as it should be?",
            "One key far away that refuses makes a promise to delete void, and one that cascades "
            "takes more along than anybody meant. Only the whole path tells.",
            _advice,
            (
                Choice("yes", "yes", "every key on its path stays as it is"),
                Choice("no", "no", "the keys on its path are marked to be looked at again"),
            ),
            example="{finish} on a Friday. On Monday somebody looks for what hung on that {thing}: "
            "what must they find, and what must they not?",
            set=_take, shows=_shown,
        ),
    ),
    lambda scene: _line(scene.design, scene.subject),
    _called,
)  # fmt: skip


# Rows of the step


def rows(design: Design) -> tuple[Row, ...]:
    """Each ending with its outcome in one line."""
    lookup = Lookup(design)
    return tuple(
        Row(f"finish.{each.id}", each.name, _line(design, each), _steps(design, each), False)
        for each in design.finishes
        if lookup.home(each.entity) and _is_met(design, each)
    )


def _is_met(design: Design, finish: Finish) -> bool:
    outcome = outcome_of(design, finish)
    return outcome is not None and bool(len(outcome.gone) > 1 or outcome.emptied or outcome.refused)


def _steps(design: Design, finish: Finish) -> str:
    titles = {step.id: step.title for step in design.steps}
    return ", ".join(titles[step] for step in finish.steps if step in titles)


def _line(design: Design, finish: Finish) -> str:
    """The outcome in one line: "documents and assessments go; usage events stay, without it"."""
    outcome, schema = outcome_of(design, finish), outline(design)
    if outcome is None:
        return "it has no table"
    if outcome.refused:
        block = outcome.blocks[0]
        by = way(schema, block) if len(block.way) > 2 else ""
        blocking = several(noun(schema.table(block.table)))
        return f"refused while there are {blocking}" + (f" ({by})" if by else "")
    start = outcome.sample.start[0]
    go = _few(schema, (name for name in outcome.counts() if name != start))
    stay = _few(schema, (place[0] for place, _ in outcome.emptied))
    parts = [f"{go} go too"] if go else []
    parts += [f"{stay} stay without it"] if stay else []
    return "; ".join(parts) or "nothing else is touched"


def _few(schema: Schema, names: Iterable[str]) -> str:
    """Some tables in words, links last: "documents, assessments and 2 more"."""
    tables = sorted((schema.table(name) for name in dict.fromkeys(names)), key=is_link)
    said = [several(noun(table)) for table in tables]
    if len(said) > FEW + 1:
        said = [*said[:FEW], f"{len(said) - FEW} more"]
    return listed(said) if said else ""
