"""What functions of PostgreSQL have in common: whose rights, which path, how a body is quoted."""

from __future__ import annotations

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.routine import Routine
from schemawalk.writers.around.paths import PATH
from schemawalk.writers.around.writing import dollar_quote
from schemawalk.writers.sql_layout import WIDTH, pieces


def rights(thing: Routine) -> str:
    """Words that let it work as its owner, whoever calls it."""
    return "SECURITY DEFINER " if thing.rights == "owner" else ""


def literal(text: str, dialect: Dialect) -> str:
    """A literal on as many lines as it needs: literals that follow each other are one."""
    inside = dialect.literal(text)[1:-1]
    return "\n        ".join(f"'{piece}'" for piece in pieces(inside, WIDTH - 10))


def filled(template: str, **words: object) -> str:
    """The template with its words, its body between quotes that do not occur in them."""
    quote = dollar_quote(" ".join(map(str, words.values())))
    return template.format(**words, path=PATH, body=quote)
