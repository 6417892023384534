"""Finds the names of entities among the words of a clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemawalk.reading.grammar import Word
from schemawalk.reading.lemmas import fold_name, fold_word
from schemawalk.schema.tables.archetypes import guess_archetype

ACCOUNTS = frozenset(("account", "profile", "login"))
"""What people call the row that stands for themselves."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name in its place: words from `start` up to `end`."""

    start: int
    end: int
    name: str
    said: str
    """What the clause calls it, singular."""
    plural: bool
    owns: bool = False
    """Written with "'s": what follows is its own."""


class Names:
    """The names of entities, ready to be found."""

    def __init__(self, names: Sequence[str]) -> None:
        self.all = tuple(names)
        self._by_head: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(tuple(fold_name(name).split()), name)
        person = next((n for n in names if guess_archetype(n)[0] == "person"), None)
        self.person = "User" if "User" in names else person or ""
        for word in ACCOUNTS:
            if self.person and word not in self._by_head:
                self.add((word,), self.person)

    def add(self, words: tuple[str, ...], name: str) -> None:
        """Let these words stand for a name, longer ones before shorter ones."""
        if words:
            rows = self._by_head.setdefault(words[-1], [])
            rows.append((words, name))
            rows.sort(key=lambda row: -len(row[0]))

    def named(self, word: str) -> str:
        """The name that one folded word stands for; empty when it stands for none."""
        rows = self._by_head.get(word, [])
        return next((name for words, name in rows if len(words) == 1), "")

    def of(self, words: Sequence[str]) -> str:
        """The name that the last of some folded words make."""
        for wanted, name in self._by_head.get(words[-1], []) if words else []:
            if tuple(words[-len(wanted) :]) == wanted:
                return name
        return ""

    def among(self, words: Sequence[Word]) -> tuple[Named, ...]:
        """The names among some words, in order; a longer one hides those within it.

        Of two names side by side the last is meant ("team documents"), unless it only says that
        the one before has an account.
        """
        folded = [fold_word(word.lower) for word in words]
        found: list[Named] = []
        end = len(words)
        while end > 0:
            match = self._ending(words, folded, end)
            if match is not None:
                found.append(match)
            end = match.start if match else end - 1
        return tuple(_heads(found[::-1]))

    def _ending(self, words: Sequence[Word], folded: Sequence[str], end: int) -> Named | None:
        head = words[end - 1]
        if head.tag not in ("noun", "verb", "how") or folded[end - 1] not in self._by_head:
            return None
        for wanted, name in self._by_head[folded[end - 1]]:
            start = end - len(wanted)
            if start >= 0 and tuple(folded[start:end]) == wanted:
                plural = head.lower.removesuffix("'s") != folded[end - 1]
                owns = head.lower.endswith(("'s", "s'"))
                return Named(start, end, name, " ".join(wanted), plural, owns)
        return None


def _heads(found: Sequence[Named]) -> Iterator[Named]:
    held: Named | None = None
    for each in found:
        beside = held is not None and held.end == each.start and not held.owns
        if beside and each.said in ACCOUNTS:
            continue
        if held is not None and not beside:
            yield held
        held = each
    if held is not None:
        yield held
