"""Where questions stand: a tree, a subject and a node; before anything is put into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.subjects import COLLECTIONS
from wizard_steps.asking.tree import Advice, Node, Scene, Tree


class Spoken(Mapping[str, str]):
    """Words that are put together when somebody asks for the first of them."""

    def __init__(self, words: Callable[[], Mapping[str, str]]) -> None:
        self._find = words

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return self._find()

    def __getitem__(self, word: str) -> str:
        return self._words[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


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
        """Whether the answer is among the options, where nothing else can be answered."""
        if self.node.form in ("text", "number") or self.node.own_words or not self.answer:
            return True
        return set(self.answer) <= {choice.value for choice in self.node.offers(self.scene)}


def spots(
    trees: Iterable[Tree], lookup: Lookup, only: str | None = None, *, aside: bool = False
) -> Iterator[Spot]:
    """Every question of some trees, or those about one subject, in order.

    With `aside` also those that the walk passes over and that can be answered all the same.
    """
    for a_tree in trees:
        collection = COLLECTIONS[a_tree.collection]
        for subject_id, subject in collection.subjects(lookup, only):
            words = Spoken(partial(collection.words, lookup, subject))
            scene = Scene(lookup.design, lookup, subject, words)
            for node, given in a_tree.path(scene, aside=aside):
                yield Spot(a_tree, subject_id, scene, node, given)
