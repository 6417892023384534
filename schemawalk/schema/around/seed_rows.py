"""Reference rows as they are written in a design: `code = 'gdpr', name = 'GDPR'`."""

from __future__ import annotations

import re
from collections.abc import Collection, Set

from schemawalk.design.model import Entity
from schemawalk.schema.language.expression import Compare, Literal, Name, Value
from schemawalk.schema.language.grammar import ExpressionError, parse
from schemawalk.schema.language.typing_rules import default_misfit

_PART = re.compile(r"(?:'(?:[^']|'')*'|[^',])+")


class SeedError(ValueError):
    """The text is no row of the entity; the message says what is wrong with it."""


def seed_row(text: str) -> dict[str, Value]:
    """The values by attribute that a text says; raises SeedError.

    Each part is an attribute, `=` and a constant: text in quotes, a number, true, false or null.
    """
    row: dict[str, Value] = {}
    for part in _PART.findall(text):
        if not part.strip():
            continue
        try:
            said = parse(part)
        except ExpressionError as error:
            raise SeedError(f"{part.strip()!r} is no value of a row: {error}.") from None
        match said:
            case Compare("=", Name(name), Literal(value)):
                if name in row:
                    raise SeedError(f"{name} is given twice in {text!r}.")
                row[name] = value
            case _:
                raise SeedError(
                    f"{part.strip()!r} is no value of a row: write code = 'gdpr', name = 'GDPR'."
                )
    if not row:
        raise SeedError(f"{text!r} is no row: write code = 'gdpr', name = 'GDPR'.")
    return row


def without_columns(text: str, lost: Set[str]) -> str:
    """The text of a row without the values of some attributes; empty when nothing is left."""
    parts = (part.strip() for part in _PART.findall(text))
    return ", ".join(part for part in parts if part and part.split()[0].split("=")[0] not in lost)


def row_misfit(row: dict[str, Value], entity: Entity, links: Collection[str] = ()) -> str:
    """Why the values are no row of the entity, in one sentence; empty when they are one.

    `links` are names under which it may say what it belongs to: `framework = 'gdpr'`.
    """
    known = {a.id.partition(".")[2]: a for a in entity.attributes}
    for name, value in row.items():
        if name in links and name not in known:
            continue
        if name not in known:
            has = ", ".join((*known, *links)) or "no attributes"
            return f"{entity.name} has no {name}; it has {has}."
        attribute = known[name]
        if attribute.sensitivity in ("personal", "secret"):
            return f"{name} is {attribute.sensitivity}: it is never in a seed."
        if value is None:
            if attribute.required == "start":
                return f"{name} is known from the start: it cannot be null."
        elif wrong := default_misfit(_written(value), attribute):
            return f"{name} does not fit: {wrong.rstrip('.')}."
    for name, attribute in known.items():
        needed = attribute.required == "start" and attribute.default in (None, "none")
        if needed and name not in row:
            return f"{name} is missing: every {entity.name} has one from the start."
    return ""


def _written(value: Value) -> str:
    """A constant as it is written in a rule."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)
