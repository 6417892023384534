"""Tells what a clause does to the entities that it names: the verb, and what it is done to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schemawalk.reading.grammar import Word
from schemawalk.reading.lemmas import fold_word
from schemawalk.reading.phrases_clauses import Clause, is_denied
from schemawalk.reading.phrases_naming import Named, Names
from schemawalk.reading.phrases_words import (
    ACTS,
    BEING,
    BY_ITSELF,
    BY_WAY_OF,
    COLLECTED,
    LEFT_BEHIND,
    MAKES,
    MANY,
    OWNING,
    PARTICLES,
    PASSED_OVER,
    PHRASAL,
    WHOLE,
    Act,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One entity in a clause, and what is done to it."""

    name: str
    act: Act
    verb: str
    said: str
    start: int
    """Where its words begin and end in the clause; both 0 when it follows from the verb alone."""
    end: int
    many: bool = False
    """Several of them: said in the plural, or as a list."""


@dataclass(frozen=True, slots=True)
class _Governed:
    verbs: tuple[Word, ...]
    at: int
    through: str = ""
    """The noun before "of" that stands between the verb and the thing."""


def found_in(clause: Clause, names: Names) -> Iterator[Found]:
    """What the clause does to the entities among `names`; nothing when it tells of a wish."""
    if clause.wished:
        return
    words = clause.words
    made = tuple(_made(words, names))
    ways = {found.verb for found in made}
    for named in names.among(words):
        if _only_collects(words, named, names):
            continue
        for found in _object(words, named, names):
            if found.verb not in ways & BY_WAY_OF or found.name in {each.name for each in made}:
                yield found
    yield from made


def _only_collects(words: Sequence[Word], named: Named, names: Names) -> bool:
    """Whether the name is but the "list" in "the list of orders"."""
    after = words[named.end : named.end + 4]
    collects = named.said in COLLECTED and after and after[0].lower == "of"
    return bool(collects and names.among(after))


def _object(words: Sequence[Word], named: Named, names: Names) -> Iterator[Found]:
    if named.owns and names.among(words[named.end : named.end + 4]):
        return
    governed = _governing(words, named)
    passive = _passive(words, named, together=governed is None)
    if passive is not None:
        at, verb = passive
        if verb in ACTS and not is_denied(words, at):
            yield _found(words, named, _as_part(words, named, ACTS[verb], ""), verb)
        return
    if governed is None:
        yield from _alone(words, named)
        return
    owns = governed.through and names.named(fold_word(governed.through))
    if owns or is_denied(words, governed.at):
        return
    for word in governed.verbs:
        act = _act(words, word, governed, named)
        if act is not None:
            act = _as_part(words, named, act, governed.through)
            made = _found(words, named, act, word.verb)
            yield replace(made, many=made.many or fold_word(governed.through) in MANY)


def _found(words: Sequence[Word], named: Named, act: Act, verb: str) -> Found:
    head = _head(words, named)
    whole = head is None or fold_word(head.lower) in WHOLE
    listed = head is not None and fold_word(head.lower) in MANY
    plural = named.plural if head is None else head.lower != fold_word(head.lower)
    many = listed or (whole and plural)
    return Found(named.name, act, verb, named.said, named.start, named.end, many)


def _head(words: Sequence[Word], named: Named) -> Word | None:
    """The last noun of a compound that the name begins: "request" in "booking request"."""
    end = named.end
    while end < len(words) and words[end].tag == "noun":
        end += 1
    return words[end - 1] if end > named.end else None


def _as_part(words: Sequence[Word], named: Named, act: Act, through: str) -> Act:
    """What is done to a part or a property of a thing changes the thing, and does not end it."""
    head = _head(words, named)
    folded = fold_word(through)
    part = (head and fold_word(head.lower) not in WHOLE) or (folded and folded not in COLLECTED)
    return "change" if part and act in ("create", "end") else act


def _governing(words: Sequence[Word], named: Named) -> _Governed | None:
    """The verbs whose object the name is, going back over what may stand between."""
    at, through, joined = named.start - 1, "", False
    while at >= 0:
        word = words[at]
        if word.tag == "verb":
            acts = joined and named.end < len(words) and words[named.end].tag in ("can", "verb")
            return None if acts else _Governed(_joined(words, at), at, through)
        if word.lower == "of" and at > 0 and words[at - 1].tag == "noun" and not through:
            through = words[at - 1].lower
            at -= 2
            continue
        if word.tag == "of" and at > 0 and word.lower in _particles(words[at - 1]):
            at -= 1
            continue
        if word.tag not in ("the", "how", "noun", "and") and word.lower not in PASSED_OVER:
            return None
        joined = joined or word.tag == "and"
        at -= 1
    return None


def _particles(word: Word) -> frozenset[str]:
    return PARTICLES.get(word.verb or word.lower, frozenset())


def _joined(words: Sequence[Word], at: int) -> tuple[Word, ...]:
    """The verb at a place with those joined to it: "creates, edits and deletes"."""
    verbs = [words[at]]
    at -= 1
    while at > 0 and words[at].tag == "and":
        while at > 0 and words[at].tag == "and":
            at -= 1
        if words[at].tag != "verb" and not (words[at].verb and words[at].lower.endswith("ing")):
            break
        verbs.insert(0, words[at])
        at -= 1
    return tuple(verbs)


def _act(words: Sequence[Word], word: Word, governed: _Governed, named: Named) -> Act | None:
    if word.verb == "leave":
        left = fold_word(words[named.end - 1].lower) in LEFT_BEHIND
        return "create" if left else "change"
    after = words[governed.at + 1].lower if governed.at + 1 < len(words) else ""
    if word.verb == "list":
        return "create" if after in ("a", "an", "new", "another", "their", "multiple") else "read"
    return PHRASAL.get(f"{word.verb} {after}") or ACTS.get(word.verb) or PHRASAL.get(word.verb)


def _passive(words: Sequence[Word], named: Named, *, together: bool) -> tuple[int, str] | None:
    """The verb in "documents are uploaded", and where it stands.

    `together` lets other things stand between: "documents and their reviews are deleted".
    """
    at = named.end
    while at < len(words) and at < named.end + 8 and _may_precede(words[at], together=together):
        at += 1
    if at == named.end or at >= len(words) or words[at].form != "ed":
        return None
    between = words[named.end : at]
    return (at, words[at].verb) if any(word.lower in BEING for word in between) else None


def _may_precede(word: Word, *, together: bool) -> bool:
    """Whether a word may stand between a thing and what is done to it."""
    if together and (word.tag in ("and", "the", "how") or word.lower in OWNING):
        return True
    return word.tag in ("small", "can", "noun") or word.lower in BEING


def _alone(words: Sequence[Word], named: Named) -> Iterator[Found]:
    """What a thing does by itself: "the link expires"."""
    at = named.end
    while at < len(words) and words[at].tag in ("can", "small"):
        at += 1
    if at >= len(words) or words[at].tag != "verb" or is_denied(words, at):
        return
    verb = words[at]
    follows = words[at + 1] if at + 1 < len(words) else None
    stands_alone = follows is None or follows.tag not in ("the", "noun", "how")
    if verb.verb in BY_ITSELF and verb.form in ("s", "base") and stands_alone:
        yield _found(words, named, BY_ITSELF[verb.verb], verb.verb)


def _made(words: Sequence[Word], names: Names) -> Iterator[Found]:
    """What there is after a verb, whatever it was done to: "books a court" makes a booking."""
    for at, word in enumerate(words):
        if word.tag != "verb" or word.verb not in MAKES or is_denied(words, at):
            continue
        if word.form in ("ed", "ing"):
            continue
        name = next(filter(None, (names.named(noun) for noun in MAKES[word.verb])), "")
        if name:
            yield Found(name, "create", word.verb, name.lower(), 0, 0)
