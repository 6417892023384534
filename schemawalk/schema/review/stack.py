"""Rules about the stack: what is chosen and not written, or not yet in the SQL."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.dialects.notations import MONGODB, NOTATIONS
from schemawalk.schema.recorded import recorded
from schemawalk.schema.review.rule import Found, Matter, Rule, Said
from schemawalk.schema.tools import AS_THEY_ARE, TOOLS


def _unwritten_tools(matter: Matter) -> Found:
    database = matter.database
    for name in matter.design.stack.tools or ():
        tool = TOOLS.get(name)
        if tool and database == MONGODB.name:
            yield Said(
                "migration.tools",
                f"No files are written for {tool.title} with MongoDB; scripts for mongosh are.",
                "Run those, or choose a database of tables.",
            )
        elif tool and not tool.writes_for(database) and tool.id != AS_THEY_ARE:
            with_it = f" with {NOTATIONS[database].title}" if tool.files else ""
            yield Said(
                "migration.tools",
                f"No files are written for {tool.title}{with_it} yet; the SQL files are.",
                f"Take those into it: {tool.takes}.",
            )


def _recorded(matter: Matter) -> Found:
    for subject, message, fix in recorded(matter.design, matter.lookup):
        yield Said(subject, message, fix)


RULES: Final = (
    Rule("tool-not-written", "hint", "",
         "The tool knows nothing of the tables until the files are taken into it.",
         _unwritten_tools),
    Rule("not-in-sql", "hint", "",
         "What is documented only, nobody keeps.", _recorded),
)  # fmt: skip
"""What the stack asks for."""
