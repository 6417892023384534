"""What happens when a row is deleted, followed through every foreign key to the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemawalk.schema.model import ForeignKey, Table
from schemawalk.schema.names import words
from schemawalk.schema.sentences import article, single
from schemawalk.writers.stack_driven.in_documents import BY_PROGRAM
from schemawalk.writers.stack_driven.markdown import Markdown, code, codes, links, phrase
from schemawalk.writers.stack_driven.survey import Survey


@dataclass(frozen=True)
class Reach:
    """A table that a deletion reaches, and the key by which it does."""

    table: str
    column: str
    path: tuple[str, ...]
    """Tables on the way, from the deleted row's to this one."""
    partly: bool = False
    """Whether other rows of the table vanish by another way."""

    @property
    def way(self) -> Markdown:
        """The tables in between, when there are any."""
        between = self.path[1:-1]
        return Markdown(", through " + " → ".join(map(code, between)) if between else "")


@dataclass(frozen=True)
class Deletion:
    """What deleting one row of a table does."""

    title: str
    vanish: tuple[Reach, ...]
    stay: tuple[Reach, ...]
    block: tuple[Reach, ...]
    verdict: Markdown
    personal: Markdown
    """Personal data that outlives the deletion; empty when none does."""


@dataclass(frozen=True)
class Actions:
    """What the foreign keys do, and what follows for every table that others refer to."""

    counts: tuple[tuple[str, int, str], ...]
    deletions: tuple[Deletion, ...]
    leaves: Markdown
    """Tables that nothing refers to: their rows go alone."""
    by_whom: str
    """Who does it, where the database does not."""


_MEANING = {
    "CASCADE": "rows go with what they belong to",
    "SET NULL": "rows stay and lose the reference",
    "RESTRICT": "deletion is refused while rows are there",
    "NO ACTION": "deletion is refused while rows are there, checked at the end of the statement",
}


def referential_actions(survey: Survey) -> Actions | None:
    """The chapter on deletion; None for a schema without foreign keys."""
    used = [key.on_delete for _, key in survey.schema.references()]
    if not used:
        return None
    counts = tuple((a, used.count(a), said) for a, said in _MEANING.items() if a in used)
    roots = [table for table in survey.schema.tables if survey.incoming.get(table.name)]
    leaves = [table.name for table in survey.schema.tables if not survey.incoming.get(table.name)]
    return Actions(counts, tuple(deletion(survey, root) for root in roots), links(leaves),
                   BY_PROGRAM if survey.homes else "")  # fmt: skip


def deletion(survey: Survey, root: Table) -> Deletion:
    """What deleting one row of `root` does, along the whole path."""
    vanish, stay, block = walk(survey, root)
    gone = {reach.table for reach in vanish}
    noun = single(" ".join(words(root.entity))) or root.name
    return Deletion(
        title=f"{article(noun)[:1].upper()}{article(noun)[1:]} is deleted",
        vanish=vanish,
        stay=tuple(replace(reach, partly=reach.table in gone) for reach in stay),
        block=block,
        verdict=_verdict(vanish, stay, block),
        personal=_personal(survey, root, stay, gone),
    )


def walk(survey: Survey, root: Table) -> tuple[tuple[Reach, ...], ...]:
    """The tables whose rows vanish, stay without the reference, or block, nearest first."""
    found: dict[str, list[Reach]] = {"CASCADE": [], "SET NULL": [], "RESTRICT": []}
    waiting: deque[tuple[str, tuple[str, ...]]] = deque([(root.name, (root.name,))])
    seen: set[str] = {root.name}
    while waiting:
        name, path = waiting.popleft()
        for child, key in survey.incoming.get(name, ()):
            kind = "RESTRICT" if key.on_delete == "NO ACTION" else key.on_delete
            new = child.name not in seen
            if kind == "CASCADE" and not new and child.name != name:
                continue
            found[kind].append(_reach(child, key, path))
            if kind == "CASCADE" and new:
                seen.add(child.name)
                waiting.append((child.name, (*path, child.name)))
    return tuple(tuple(found[kind]) for kind in ("CASCADE", "SET NULL", "RESTRICT"))


def _reach(child: Table, key: ForeignKey, path: tuple[str, ...]) -> Reach:
    emptied = key.emptied if key.on_delete == "SET NULL" and key.emptied else key.columns
    return Reach(child.name, ", ".join(emptied), (*path, child.name))


def _verdict(
    vanish: tuple[Reach, ...], stay: tuple[Reach, ...], block: tuple[Reach, ...]
) -> Markdown:
    if block and (vanish or stay):
        first = codes(dict.fromkeys(reach.table for reach in block))
        return phrase(
            "Refused as a whole while {} holds a row in the way: nothing else of it "
            "happens either. Remove those rows first, in the same transaction.",
            first,
        )
    if block:
        first = codes(dict.fromkeys(reach.table for reach in block))
        return phrase("Refused while {} holds a row that refers to it.", first)
    return Markdown("Nothing stands in its way.")


def _personal(survey: Survey, root: Table, stay: tuple[Reach, ...], gone: set[str]) -> Markdown:
    entity = survey.entity_of(root)
    if entity is None or survey.lookup.archetype(entity).id != "person":
        return Markdown("")
    left = [
        f"{name}.{column.name}"
        for name in dict.fromkeys(reach.table for reach in stay if reach.table not in gone)
        for column in survey.schema.table(name).columns
        if column.sensitivity == "personal"
    ]
    return codes(left)


def dead_ends(survey: Survey) -> Iterator[tuple[str, str]]:
    """Tables whose deletion promises to cascade but can be refused further on, and by what."""
    for table in survey.schema.tables:
        if survey.incoming.get(table.name):
            vanish, _, block = walk(survey, table)
            if vanish and block:
                yield table.name, block[0].table
