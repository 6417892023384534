"""Links that lead to themselves, of several columns, or to one alone, on real databases."""

from __future__ import annotations

from dataclasses import replace

from schemawalk.design.model import Design
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from tests.engines.migrations import migration, outcome
from tests.schema.designs import entity, fact, link

TEXT = {"kind": "short-text", "required": "start", "length": 20}


def linked() -> Schema:
    """A tree of two columns, a graph with facts of its own, a badge of one of two holders."""
    node = entity("Node", fact("node", "code", **TEXT), fact("node", "place", **TEXT),
                  key="natural", identity=("code", "place"))  # fmt: skip
    plain = (entity(name, fact(name.lower(), "name", **TEXT))
             for name in ("Leaf", "Edge", "Member", "Guest", "Badge"))  # fmt: skip
    links = (
        link("node", "node", optional="yes", on_delete="restrict", itself="tree"),
        link("node", "leaf", optional="yes", on_delete="restrict"),
        link("leaf", "leaf", many_a="yes", payload="edge", itself="graph", on_delete="cascade",
             on_delete_b="cascade"),
        link("member", "badge", many_b="no", optional="yes", on_delete="restrict",
             one_of=("guest_badge",), one_of_form="parent"),
        link("guest", "badge", many_b="no", optional="yes", on_delete="restrict"),
    )  # fmt: skip
    return derive(Design(entities=(node, *plain), relationships=links)).schema


def test_such_links_are_kept(engine: Engine) -> None:
    """Half a key is tried, a row that is its own parent, and a second one of what is one."""
    proof = prove(engine, *migration(linked(), engine))
    assert outcome(proof) == []
    tried = " ".join(check.name for check in proof.checks)
    assert "ck_leaves_node_code_node_place" in tried


def test_half_a_key_that_nothing_refuses_is_noticed(standard_engine: Engine) -> None:
    """A CHECK that the schema has and the database lacks."""
    schema, up, down = migration(linked(), standard_engine)
    leaves = schema.table("leaves")
    bare = replace(leaves, checks=tuple(c for c in leaves.checks if "node_code" not in c.name))
    others = (bare if table is leaves else table for table in schema.tables)
    _, lacking, _ = migration(replace(schema, tables=tuple(others)), standard_engine)
    assert lacking != up
    found = outcome(prove(standard_engine, schema, lacking, down))
    assert any("leaves" in each and "node_code" in each for each in found)
