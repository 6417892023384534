"""Where questions stand: a tree, a subject and a node; before anything is put into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from schemawalk.schema.lookup import Lookup
from wizard_steps.subjects import COLLECTIONS
from wizard_steps.tree import Advice, Node, Scene, Tree


@dataclass(frozen=True)
class Spot:
    """Where a question stands: a tree, a subject, a node."""

    tree: Tree
    subject_id: str
    scene: Scene
    node: Node
    answer: tuple[str, ...] | None

    @cached_property
    def id(self) -> str:
        """The question's id: `tree.subject.node`, or `tree.node` about the whole design."""
        return ".".join(filter(None, (self.tree.id, self.subject_id, self.node.id)))

    @cached_property
    def advice(self) -> Advice:
        """What is recommended here."""
        return self.node.advise(self.scene)

    @cached_property
    def is_offered(self) -> bool:
        """Whether the answer is among the options, where one of them must be chosen."""
        if self.node.form != "one" or self.answer is None:
            return True
        return self.answer[0] in {choice.value for choice in self.node.offers(self.scene)}


def spots(trees: Iterable[Tree], lookup: Lookup, only: str | None = None) -> Iterator[Spot]:
    """Every question of some trees, or those about one subject, in order."""
    for a_tree in trees:
        collection = COLLECTIONS[a_tree.collection]
        for subject_id, subject in collection.subjects(lookup):
            if only is None or subject_id == only:
                scene = Scene(lookup.design, lookup, subject, collection.words(lookup, subject))
                for node, given in a_tree.path(scene):
                    yield Spot(a_tree, subject_id, scene, node, given)
