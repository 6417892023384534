"""Rules about the stack: what is chosen and not written, or not yet in the SQL."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.capability.fit import numbered
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


OLDEST: Final = {
    "postgresql": (14,), "mysql": (8, 0), "mariadb": (10, 11), "sqlite": (3, 37), "mongodb": (6,),
}  # fmt: skip
"""By database, the first version for which is written; older ones have gone out of support."""


def _too_old(matter: Matter) -> Found:
    stack, oldest = matter.design.stack, OLDEST.get(matter.database, ())
    said = numbered(stack.version)
    if said and said < oldest[: len(said)]:
        first = ".".join(map(str, oldest))
        yield Said(
            "stack.version",
            f"What is written is for {NOTATIONS[matter.database].title} {first} and newer; the "
            f"team's is {stack.version}.",
            f"Plan an upgrade to {first} at least, and name the version that will be there.",
        )


def _recorded(matter: Matter) -> Found:
    for subject, message, fix in recorded(matter.design, matter.lookup):
        yield Said(subject, message, fix)


RULES: Final = (
    Rule("version-too-old", "warning", "",
         "An old server refuses what it does not know, or reads past it.", _too_old),
    Rule("tool-not-written", "hint", "",
         "The tool knows nothing of the tables until the files are taken into it.",
         _unwritten_tools),
    Rule("not-in-sql", "hint", "",
         "What is documented only, nobody keeps.", _recorded),
)  # fmt: skip
"""What the stack asks for."""
