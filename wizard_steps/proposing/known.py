"""What a rule about a fact may speak of: the columns of its table, and what they mean."""

from __future__ import annotations

from functools import lru_cache

from schemawalk.schema.derive import derive
from schemawalk.schema.kinds import is_column
from schemawalk.schema.language.expression import Expression, names
from schemawalk.schema.language.typing_rules import Meaning, Meanings, meaning_of
from schemawalk.schema.model import Table
from schemawalk.schema.tables.computed import is_generated
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.tree import Scene


def known_names(scene: Scene) -> Meanings:
    """Every name that a rule of the attribute at hand may use: columns, and facts by their id."""
    entity_id = scene.subject.id.partition(".")[0]
    home = scene.lookup.home(entity_id)
    tables = _tables(scene.lookup)
    table = next((t for t in tables if home is not None and t.source == home.id), None)
    known = {column.name: Meaning(column.type) for column in table.columns} if table else {}
    for fact in scene.lookup.entities[entity_id].attributes:
        if is_generated(fact) and fact.name in known:
            known[fact.id.partition(".")[2]] = known[fact.name]
        elif is_column(fact):
            known[fact.id.partition(".")[2]] = known[fact.name] = meaning_of(fact)
    return known


@lru_cache(maxsize=2)
def _tables(lookup: Lookup) -> tuple[Table, ...]:
    return derive(lookup.design).schema.tables


def unknown_names(scene: Scene, expression: Expression, known: Meanings) -> None:
    """Raise AnswerError when the expression speaks of what the table does not have."""
    unknown = [name for name in names(expression) if name not in known]
    if unknown:
        thing = scene.words.get("thing", "the entity")
        raise AnswerError(f"The {thing} has no {' and no '.join(unknown)}: it has "
                          f"{', '.join(known)}.")  # fmt: skip
