"""Step "columns": which facts each entity has, of which kind, and which rules they obey."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from schemawalk.design.model import Attribute, Design
from schemawalk.schema.kinds import is_column, kind_of
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tree import Scene, Tree
from wizard_steps.column_kinds import KIND_NODES
from wizard_steps.column_rules import RULE_NODES
from wizard_steps.column_rules import a_rule as a_rule
from wizard_steps.proposing import facts
from wizard_steps.proposing.facts import added as added
from wizard_steps.proposing.together import RULES

FACTS: Final = replace(
    facts.TREE, nodes=(*(replace(node, then=RULES.id) for node in facts.TREE.nodes), RULES)
)
"""Which facts there are, and what must hold between them."""


def _outcome(scene: Scene) -> str:
    """The attribute in a few words."""
    return detail(scene.subject)


TREE: Final = Tree(
    "attribute",
    "Column type",
    "columns",
    "attributes",
    (*KIND_NODES, *RULE_NODES),
    _outcome,
)


def _rows(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    rows = []
    for entity in design.entities:
        if lookup.persists(entity):
            for each in entity.attributes:
                rows.append(Row(each.id, f"{entity.name} · {each.name}", detail(each),
                                each.purpose))  # fmt: skip
    return tuple(rows)


def detail(attribute: Attribute) -> str:
    """The attribute in a few words: "text, NOT NULL, one of a, b"."""
    if not is_column(attribute):
        return "no column: its values are links to rows"
    parts = [kind_of(attribute).label]
    if attribute.required == "start":
        parts.append("required")
    elif attribute.required == "later":
        parts.append("later")
    if attribute.values:
        parts.append(" | ".join(attribute.values))
    if attribute.default not in (None, "none"):
        parts.append(f"default {attribute.default}")
    if attribute.unique not in (None, "no"):
        parts.append("unique")
    if attribute.protection not in (None, "comment"):
        parts.append({"mask": "masked", "encrypt": "encrypted"}.get(attribute.protection, "hashed"))
    return ", ".join((*parts, *(attribute.rules or ())))


def _headline(design: Design) -> str:
    lookup = Lookup(design)
    tables = [e for e in design.entities if lookup.persists(e)]
    return f"{sum(len(e.attributes) for e in tables)} facts about {len(tables)} entities"


STEP: Final = Step(
    "columns",
    "Columns",
    "Which facts are kept about each entity? The kind of fact decides the type, never a habit.",
    (FACTS, TREE),
    facts.grow,
    _rows,
    _headline,
    facts.back,
)
