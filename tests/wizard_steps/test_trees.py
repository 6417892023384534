"""The trees as data: no dead end, nothing that cannot be reached, every option says its end."""

from __future__ import annotations

import pytest

from schemawalk.schema.tables.lookup import Lookup
from tests.wizard_steps.designs import every_kind
from wizard_steps import walk
from wizard_steps.asking.subjects import COLLECTIONS
from wizard_steps.asking.tree import Node, Scene, Tree

TREES = [tree for step in walk.WALK for tree in step.trees]
NODES = [
    pytest.param(tree, node, id=f"{tree.id}.{node.id}") for tree in TREES for node in tree.nodes
]


def scene_of(tree: Tree) -> Scene:
    lookup = Lookup(every_kind())
    collection = COLLECTIONS[tree.collection]
    _, subject = next(iter(collection.subjects(lookup)))
    return Scene(lookup.design, lookup, subject, collection.words(lookup, subject))


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.id)
def test_every_node_can_be_reached(tree: Tree) -> None:
    reached, waiting = set(), [tree.nodes[0].id]
    scene = scene_of(tree)
    while waiting:
        node = tree.by_id[waiting.pop()]
        reached.add(node.id)
        offered = node.choices(scene) if callable(node.choices) else node.choices
        following = {node.then, *(choice.then for choice in offered)} - {""}
        waiting += [each for each in following if each not in reached]
    assert reached == set(tree.by_id)


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.id)
def test_every_path_ends(tree: Tree) -> None:
    """A node leads only forward, so no answer can lead back to its own question."""
    order = [node.id for node in tree.nodes]
    scene = scene_of(tree)
    for node in tree.nodes:
        offered = node.choices(scene) if callable(node.choices) else node.choices
        for after in {node.then, *(choice.then for choice in offered)} - {""}:
            assert order.index(after) > order.index(node.id)


@pytest.mark.parametrize(("tree", "node"), NODES)
def test_every_node_says_why_and_every_option_where_it_leads(tree: Tree, node: Node) -> None:
    scene = scene_of(tree)
    assert scene.say(node.prompt).endswith("?")
    assert scene.say(node.why).endswith(".")
    assert "{" not in scene.say(node.prompt) + scene.say(node.why)
    offered = node.choices(scene) if callable(node.choices) else node.choices
    for choice in offered:
        assert scene.say(choice.label)
        assert scene.say(choice.leads_to)
        assert "{" not in scene.say(choice.label) + scene.say(choice.leads_to)


@pytest.mark.parametrize(("tree", "node"), NODES)
def test_what_is_recommended_is_offered_and_has_a_reason(tree: Tree, node: Node) -> None:
    lookup = Lookup(every_kind())
    collection = COLLECTIONS[tree.collection]
    for _, subject in collection.subjects(lookup):
        scene = Scene(lookup.design, lookup, subject, collection.words(lookup, subject))
        if not node.asked(scene):
            continue
        advice = node.advise(scene)
        assert advice.because
        if node.form == "one":
            assert advice.value[0] in {choice.value for choice in node.offers(scene)}


def test_ids_of_steps_trees_and_nodes_are_unique() -> None:
    assert len({step.id for step in walk.WALK}) == len(walk.WALK)
    assert len({tree.id for tree in TREES}) == len(TREES)
    for tree in TREES:
        assert len(tree.by_id) == len(tree.nodes)
    assert all(tree.step == step.id for step in walk.WALK for tree in step.trees)


def test_titles_fit_the_rail() -> None:
    assert all(len(step.title) <= 16 for step in walk.WALK)
