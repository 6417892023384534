"""Review rules about answers that do not go together: lives, parents, tools."""

from __future__ import annotations

from collections.abc import Iterator

from schemawalk.design.model import Design
from schemawalk.schema.lookup import Lookup
from schemawalk.schema.tools import AS_THEY_ARE, TOOLS

Found = Iterator[tuple[str, str, str]]
"""Subject, message, fix."""


def half_lives(design: Design, lookup: Lookup) -> Found:
    """Entities that are read and never created, or created and never read, as answered.

    What others point at is read through them.
    """
    asked_for = {pattern.entity for pattern in design.access_patterns}
    asked_for |= {ends[0].id for ends in map(lookup.ends, design.relationships) if ends}
    for entity in lookup.tables:
        if entity.read_by and entity.created_by is None:
            yield (
                entity.id,
                f"{entity.name} is read, and nothing says what creates it.",
                "Name the step that creates it, or say that it is seeded.",
            )
        unread = entity.read_by == () and entity.id not in asked_for
        if unread and entity.created_by not in (None, "system"):
            yield (
                entity.id,
                f"{entity.name} is created, and neither a step nor an access pattern reads it.",
                "Name the step that shows it, or leave it out.",
            )


def lost_parents(lookup: Lookup) -> Found:
    """Rows that have exactly one of several parents, and would lose it by SET NULL."""
    for link_id in lookup.exclusive:
        link = lookup.relationships[link_id]
        if link.on_delete == "set-null":
            yield (
                link_id,
                f"{link.b} has exactly one of several parents, and SET NULL would leave it "
                f"without: the delete of {link.a} would fail on a real row.",
                "Let it go too (CASCADE), or keep its parent (RESTRICT).",
            )


def unwritten_tools(design: Design) -> Found:
    """Tools that were chosen and have no writer here."""
    for name in design.stack.tools or ():
        tool = TOOLS.get(name)
        if tool and not tool.files and tool.id != AS_THEY_ARE:
            yield (
                "migration.tools",
                f"No files are written for {tool.title} yet; the SQL files are.",
                f"Take those into it: {tool.takes}.",
            )
