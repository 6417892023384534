"""Step "keeping": whose rows are whose, what deleting means, how long rows stay, what is proven."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Design
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.lifetime import deletion_of
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.listed import NOTHING, by_node, by_subject
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree, always, fixed
from wizard_steps.connecting import CONNECTING
from wizard_steps.proposing.calls import (
    counted,
    group_of,
    is_written_over,
    listed,
    origin,
    personal,
    reached,
)
from wizard_steps.retention import (
    CHANGING,
    DELETED,
    DUTY,
    LOCKS,
    RETENTION,
    TRAILS,
    asks_versions,
    named_log,
    outlives_its_end,
    usual_span,
    why_kept,
)
from wizard_steps.unsaid import spoken

RESTORED: Final = (
    r"\b(un-?delet\w+|recycle bin|trash|bin them|(deleted|removed)\b.{0,40}\brestor\w+"
    r"|restor\w+\b.{0,30}\b(deleted|removed)|take back a deletion)\b"
)
"""Words that speak for deleting softly."""


# Tenancy


def _called(scene: Scene) -> str | None:
    if group_of(scene.lookup) is None:
        return None
    if scene.design.stack.tenancy == "shared":
        return "stack: groups share tables"
    return "people work in groups that must not see each other's data"


def _tenants(scene: Scene) -> tuple[str, ...] | None:
    """Ids of the tables whose rows are a group's; None while one of them is open."""
    group = group_of(scene.lookup)
    tables = [e for e in scene.lookup.tables if group is None or e.id != group.id]
    if any(entity.tenant is None for entity in tables):
        return None
    return tuple(entity.id for entity in tables if entity.tenant == "yes")


def _tenants_advised(scene: Scene) -> Advice:
    """What hangs on the group; what was said of a table before stays while others are open."""
    group = group_of(scene.lookup)
    if group is None:
        return Advice((), "there is no group")
    own = reached(scene.lookup, group)
    tables = [entity for entity in scene.lookup.tables if entity.id != group.id]
    open_ones = any(entity.tenant is None for entity in tables)
    value = tuple(
        entity.id
        for entity in tables
        if (entity.id in own if entity.tenant is None or not open_ones else entity.tenant == "yes")
    )
    if not value:
        return Advice((), "nothing hangs on one {group} alone")
    because = "their keys lead to one {group}, directly or through its {persons}"
    free = any(e.id not in value and scene.lookup.archetype(e).id == "person" for e in tables)
    also = "; {persons} themselves are there before they join one" if free else ""
    return Advice(value, because + also)


def _tables(scene: Scene) -> tuple[Choice, ...]:
    group = group_of(scene.lookup)
    others = (e for e in scene.lookup.tables if group is None or e.id != group.id)
    return tuple(
        Choice(entity.id, entity.name, f"each of the {many(entity)} belongs to one {{group}}")
        for entity in others
    )


def _set_tenants(design: Design, _: str, ids: tuple[str, ...]) -> Design:
    tables = {entity.id for entity in Lookup(design).tables}
    entities = tuple(
        e.model_copy(update={"tenant": "yes" if e.id in ids else "no"}) if e.id in tables else e
        for e in design.entities
    )
    return design.model_copy(update={"entities": entities})


def _policies(scene: Scene) -> Advice:
    if scene.design.stack.database in (None, "postgresql"):
        return Advice(("database",), "one forgotten condition in one query would show one "
                      "{group}'s {things} to another")  # fmt: skip
    return Advice(("application",), "this database has no policies for rows")


TENANCY: Final = Tree(
    "tenancy",
    "Tenancy",
    "keeping",
    "keeping",
    (
        Node(
            "tables", "", "Which tables hold rows of one {group} that others must not see?",
            "A table that is overlooked shows everything to everybody; one too many cannot be "
            "shared. Who sees what is left out is for the application to decide.",
            _tenants_advised, _tables, form="several", unordered=True, then="policies",
            get=_tenants, set=_set_tenants,
            example="What one {group} adds, such as {a_thing}, is that {group}'s; a list that the "
            "makers of {product} keep is everybody's.",
        ),
        Node(
            "policies", "policies", "Who keeps one {group}'s rows from another {group}?",
            "The question is what happens on the day on which somebody forgets the condition.",
            _policies,
            (
                Choice("database", "row-level security in the database", "each connection says for "
                       "which {group} it asks; the table's owner needs FORCE, a superuser passes",
                       offered=lambda scene: scene.design.stack.database in (None, "postgresql")),
                Choice("application", "conditions in the application's queries", "one that is "
                       "forgotten is a leak"),
            ),
            example="A new report counts all {things}: with policies it counts the {group}'s own, "
            "without them everybody's.",
        ),
    ),
    lambda scene: counted(len(_tenants(scene) or ()), "table") + " of one {group} each",
    _called,
)  # fmt: skip


# The whole design


def _deletion(scene: Scene) -> Advice:
    if where := spoken(scene.design, RESTORED):
        return Advice(("soft",), f"people take deletions back: {where}")
    return Advice(("real",), "no step takes a deletion back, and it needs nothing else")


def _is_hidden(scene: Scene, kinds: tuple[str, ...]) -> bool:
    whole = scene.subject.deletion in kinds
    return whole or any(entity.deletion in kinds for entity in scene.lookup.tables)


def _past_its_time(scene: Scene) -> bool:
    """Whether some rows go at a time of their own, and not with a click."""
    kept = (e for e in scene.lookup.tables if why_kept(e, scene.lookup) is not None)
    outlives = [e for e in kept if outlives_its_end(e, scene.design, scene.lookup)]
    usual = (usual_span(e, scene.design, scene.lookup).value for e in outlives)
    spans = [e.keep_for or value for e, (value,) in zip(outlives, usual, strict=True)]
    return _is_hidden(scene, ("soft",)) or any(span != "forever" for span in spans)


def _forget(scene: Scene) -> Advice:
    tables = scene.lookup.tables
    told = listed(many(entity) for entity in tables if personal(entity))
    owed = next((e for e in tables if scene.lookup.archetype(e).id in DUTY), None)
    if owed:
        return Advice(("anonymise",), f"{told} hold personal data, and {many(owed)} must stay true "
                      "without it")  # fmt: skip
    return Advice(("delete",), f"{told} hold personal data, and nothing else needs it")


def _stamped(scene: Scene) -> int:
    return sum(
        any(a.name == "updated_at" for a in entity.attributes) for entity in scene.lookup.tables
    )


def _stamps(scene: Scene) -> Advice:
    return Advice(("trigger",), f"{counted(_stamped(scene), 'table')} with updated_at, and every "
                  "program that writes would have to think of it")  # fmt: skip


def _versions(scene: Scene) -> Advice:
    if scene.design.unsaid.audit == "yes":
        own = named_log(scene.lookup)
        into = f": {own} is that table" if own else ""
        return Advice(("log",), f"it must be provable later who did what{into}")
    if own_history := origin(scene.design, "history"):
        return Advice(("no",), f"{own_history.name} keeps the earlier content already")
    return Advice(("history",), "people need the earlier versions")


def _forgotten(scene: Scene) -> bool:
    return any(personal(entity) for entity in scene.lookup.tables)


KEEPING: Final = Tree(
    "keeping",
    "Keeping",
    "keeping",
    "keeping",
    (
        Node(
            "deletion", "deletion", "What does deleting mean in {product}?",
            "It decides whether foreign keys act, what UNIQUE protects, and what a promise to "
            "delete is worth.",
            _deletion,
            (
                Choice("real", "really deleted", "the row goes, and foreign keys act; only backups "
                       "remember", "restore_days"),
                Choice("soft", "hidden, can be restored", "deleted_at on every table that changes; "
                       "UNIQUE among live rows; each query must skip the rest", "restore_days"),
                Choice("archive", "archived instead", "archived_at: no longer shown, still there "
                       "for reports; nothing is ever erased by a click", "restore_days"),
            ),
            example="By mistake {a_person} deletes {a_thing}. Really deleted: a backup, and "
            "somebody's evening. Hidden: one click.",
        ),
        Node(
            "restore_days", "restore_days", "For how many days can it be restored?",
            "After that it is really deleted: a promise to delete needs a date.",
            fixed("30", "people notice within a month"), form="number",
            asked=lambda scene: _is_hidden(scene, ("soft",)), aside=always, then="forget",
            example="Deleted on 1 May, {a_thing} is back on 20 May with one click, and gone on "
            "1 June.",
        ),
        Node(
            "forget", "forget", "Somebody asks to be forgotten: what happens to their data?",
            "Their right meets duties to keep, such as for books; {things} that may not go must "
            "at least forget whose they are.",
            _forget,
            (
                Choice("delete", "it is deleted", "with everything that hangs on it; what "
                       "restricts that must be solved first", "cleanup"),
                Choice("anonymise", "it is made anonymous", "personal columns are emptied or "
                       "replaced; {things} stay and are counted", "cleanup"),
                Choice("keep", "it is kept", "only where a law demands it; write down which one",
                       "cleanup"),
            ),
            asked=_forgotten, then="cleanup",
            example="On leaving {product} for good, {a_person} asks for a proof that no row knows "
            "their name any more.",
        ),
        Node(
            "cleanup", "cleanup", "What removes rows whose time is over?",
            "A time to keep that nobody enforces is a sentence in a document.",
            fixed("job", "it must happen also when nobody thinks of it"),
            (
                Choice("job", "a job, every night", "one DELETE a table, in batches", "stamps"),
                Choice("by-hand", "somebody, by hand", "no job to run; it will be forgotten",
                       "stamps"),
            ),
            asked=_past_its_time, aside=always, then="stamps",
            example="Each night at 3: delete the {things} whose time is over, a thousand at a "
            "time.",
        ),
        Node(
            "stamps", "stamps", "What keeps updated_at true?",
            "A moment that is right most of the time misleads whoever looks for a change.",
            _stamps,
            (
                Choice("trigger", "a trigger", "right for every program, and for repairs by hand",
                       "versions"),
                Choice("application", "the application", "each program must think of it",
                       "versions"),
                Choice("none", "nothing", "then better no such column", "versions"),
            ),
            asked=lambda scene: _stamped(scene) > 0, then="versions",
            example="Somebody repairs {a_thing} in the database by hand: did it change today, or "
            "in May?",
        ),
        Node(
            "versions", "versions", "What is kept of earlier states?",
            "An UPDATE forgets. What was not kept cannot be shown later.", _versions, TRAILS,
            asked=asks_versions, aside=always, then="locking",
            example="\"Who changed this {thing} in May, and what did it say before?\"",
        ),
        Node(
            "locking", "locking", "Two people change one row at once: what happens?",
            "Both read the old row, both save: the first one's work is gone, and nobody sees it.",
            fixed("last-wins", "most rows are changed by one person at a time; where several do, "
                  "it is asked of the table"), LOCKS,
            asked=lambda scene: any(is_written_over(e, scene.lookup) for e in scene.lookup.tables),
            aside=always,
            example="Two of the {group}'s {persons} open the same {thing}, and both save.",
        ),
    ),
    lambda scene: DELETED.get(scene.subject.deletion, "open"),
    lambda scene: "" if scene.lookup.tables else None,
)  # fmt: skip


# The proposal

_TITLES: Final = {
    "deletion": "Deletion", "restore_days": "Restored within", "forget": "Forget me",
    "cleanup": "Clean-up", "stamps": "updated_at", "versions": "Earlier states",
    "locking": "Two at once", "policies": "Kept apart by",
    "roles": "Connects as",
}  # fmt: skip


def _rows(design: Design) -> tuple[Row, ...]:
    asked = (row for tree in (CONNECTING, KEEPING) for row in by_node(design, tree, _TITLES))
    whole = (*_tenancy_rows(design), *asked)
    return (*whole, *by_subject(design, (RETENTION, CHANGING)))


def _tenancy_rows(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    group = group_of(lookup)
    if group is None:
        return ()
    own = ", ".join(many(e) for e in lookup.tables if e.tenant == "yes") or "nothing"
    all_ = ", ".join(many(e) for e in lookup.tables if e.tenant != "yes" and e.id != group.id)
    said = f"of one {group.name.lower()}: {own}" + (f"; the system's: {all_}" if all_ else "")
    because = _called(Scene(design, lookup, design.keeping)) or ""
    tables = Row("tenancy.tables", "Whose rows", said, because, optional=False)
    return (tables, *by_node(design, TENANCY, _TITLES))


_DELETED: Final = {"real": "Really deleted", "soft": "Deleted softly", "archive": "Archived"}


def _headline(design: Design) -> str:
    lookup = Lookup(design)
    if not lookup.tables:
        return NOTHING
    said = _DELETED[design.keeping.deletion or "real"]
    kept = [e for e in lookup.tables if e.keep_for and why_kept(e, lookup) is not None]
    for entity in lookup.tables:
        if entity.deletion and entity.deletion != deletion_of(
            entity.model_copy(update={"deletion": None}), design, lookup
        ):
            said += f", {many(entity)} otherwise"
    if not kept:
        return said
    spans = {str(entity.keep_for).replace("forever", "ever") for entity in kept}
    verb = "keeps" if len(kept) == 1 else "keep"
    how_long = f"for {spans.pop()}" if len(spans) == 1 else "for a time of their own"
    return f"{said}; {counted(len(kept), 'entity', 'entities')} {verb} rows {how_long}"


STEP: Final = Step(
    "keeping",
    "Keeping",
    "Whose rows are whose, what deleting means, how long rows stay, and what of the past can be "
    "shown.",
    (TENANCY, CONNECTING, KEEPING, RETENTION, CHANGING),
    rows=_rows,
    headline=_headline,
)
