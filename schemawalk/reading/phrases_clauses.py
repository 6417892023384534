"""Cuts a journey's steps into clauses: one verb with what it is done to, and who does it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from schemawalk.design.model import Step
from schemawalk.reading.grammar import Form, Word, read_words, verb_forms
from schemawalk.reading.lemmas import fold_word
from schemawalk.reading.mentions import prose
from schemawalk.reading.phrases_words import (
    ACTS,
    ASIDE,
    BEING,
    DENYING,
    LASTING,
    PURPOSE,
)

MOST_CHARACTERS = 1_000_000
"""Of a longer journey, each step gives its beginning, so that all together stay below this."""

LONGEST_SENTENCE = 600
LONGEST_QUOTE = 120

_ITEM = re.compile(r"^\s*(?:[-*+•>]\s|\d{1,3}[.)]\s|\[[ x]\]\s)\s*")
_LABEL = re.compile(r"^([A-Z][^\n:.|]{1,40}?)\s*:\s+(?=\S)")
_ENDS = re.compile(r"(?<=[.!?])[\"”')]*\s+(?=[\"“'(]?[A-Z0-9])|[;]\s+|\s+[—–→]\s+|:\s+")
_STORY = re.compile(
    r"^\W*as\s+(?:an?|the)\s+(.{2,60}?)(?:,|\s+(?=i\b|i'|who\b|that\b|with\b|so\b))", re.I
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence with one act, its words, and who acts."""

    step: str
    quote: str
    """As it is written, without Markdown, at most LONGEST_QUOTE characters."""
    sentence: str
    words: tuple[Word, ...]
    actor: tuple[str, ...] = ()
    """Folded words of who does it; empty when nobody is named."""
    wished: bool = False
    """It says what something is good for, not what is done."""


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a step."""

    step: str
    text: str
    actor: tuple[str, ...] = ()


@lru_cache(maxsize=8)
def sentences(steps: tuple[Step, ...]) -> tuple[Said, ...]:
    """The sentences of the steps that tell what is done or must hold, titles included."""
    share = max(60, MOST_CHARACTERS // max(1, len(steps)))
    return tuple(
        said for step in steps for unit in _told(step, share) for said in _sentences(step.id, unit)
    )


@lru_cache(maxsize=8)
def clauses(steps: tuple[Step, ...]) -> tuple[Clause, ...]:
    """The clauses of the steps, in order."""
    return tuple(clause for said in sentences(steps) for clause in clauses_of(said))


def cut(text: str) -> str:
    """A clause as it is quoted: on one line, at most LONGEST_QUOTE characters, cut at a word."""
    plain = _SPACE.sub(" ", text).strip(" ,;:-–—")
    if len(plain) <= LONGEST_QUOTE:
        return plain
    return plain[: LONGEST_QUOTE - 1].rpartition(" ")[0] + "…"


def _told(step: Step, share: int) -> tuple[str, ...]:
    """The units of a step; its title only when it says something that the text does not."""
    units = tuple(_units(step.text[:share]))
    title = step.title.rstrip("….").lower()
    said = any(title in unit.lower() for unit in units[:3])
    return units if said else (step.title, *units)


def _units(text: str) -> Iterator[str]:
    """Paragraphs, list items and table cells, each on one line."""
    held: list[str] = []
    fenced = False
    for raw in prose(text).split("\n"):
        line = raw.strip()
        if line.startswith(("```", "~~~")):
            fenced = not fenced
            line = ""
        if held and (not line or _begins(raw, held[-1])):
            yield " ".join(held)
            held = []
        if line.startswith("|"):
            yield from (cell.strip() for cell in line.strip("|").split("|"))
        elif line and "-->" not in line:
            held.append(_ITEM.sub("", line).lstrip("# ").strip())
    if held:
        yield " ".join(held)


def _begins(line: str, before: str) -> bool:
    """Whether a line begins something new, rather than going on with the line before."""
    if _ITEM.match(line) or line.lstrip().startswith(("#", "|")):
        return True
    short = len(before) < 60 and not before.endswith(",")
    return short and line.lstrip()[:1].isupper()


def _sentences(step: str, unit: str) -> Iterator[Said]:
    label = _LABEL.match(unit)
    if label is not None:
        if ASIDE.search(label[1]):
            return
        unit = unit[label.end() :]
    story = _STORY.match(unit)
    actor = folded(read_words(story[1])) if story else ()
    for part in _ENDS.split(unit):
        text = part.strip()
        for start in range(0, len(text), LONGEST_SENTENCE):
            if len(piece := text[start : start + LONGEST_SENTENCE]) > 2:
                yield Said(step, piece, actor)


def folded(words: Sequence[Word]) -> tuple[str, ...]:
    """The nouns of some words, each folded."""
    return tuple(fold_word(word.lower) for word in words if word.tag in ("noun", "verb"))


def clauses_of(said: Said) -> Iterator[Clause]:
    """The clauses of one sentence: pieces without a verb, or without an object, stay together."""
    words = _with_verbs(read_words(said.text))
    spans = _spans(said.text, words)
    actor = said.actor
    for start, end in _pieces(words):
        piece = tuple(words[start:end])
        actor = _actor(piece) or actor
        last = spans[end - 1][1] if end else 0
        text = said.text[spans[start][0] : last]
        yield Clause(said.step, cut(text), said.text, piece, actor, bool(PURPOSE.match(text)))


def _with_verbs(words: list[Word]) -> list[Word]:
    """The words, each piece with the verb that the grammar took for a noun, or the reverse."""
    start = 0
    for at, word in enumerate(words):
        if word.lower in _more_forms():
            words[at] = _known(words, at)
        elif word.lower in LASTING:
            words[at] = replace(word, tag="how", form=None)
        elif _acts_after_joining(words, at):
            words[at] = replace(word, tag="verb", form=verb_forms()[word.lower][1])
    for at in range(len(words) + 1):
        if at == len(words) or words[at].tag in ("break", "and"):
            _find_verb(words, start, at)
            start = at + 1
    return words


@lru_cache(maxsize=1)
def _more_forms() -> dict[str, tuple[str, Form]]:
    """The inflected forms of acts that the grammar does not know as verbs."""
    made: dict[str, tuple[str, Form]] = {}
    for verb in ACTS:
        if verb not in verb_forms():
            stem = verb.removesuffix("e")
            forms: tuple[tuple[str, Form], ...] = (
                (verb, "base"), (f"{verb}s", "s"), (f"{stem}ed", "ed"), (f"{stem}ing", "ing")
            )  # fmt: skip
            made |= {form: (verb, kind) for form, kind in forms}
    return made


def _known(words: list[Word], at: int) -> Word:
    """A form of such an act: a verb after who does it and before what it is done to."""
    word = words[at]
    verb, form = _more_forms()[word.lower]
    if form == "ed" and word.tag == "verb":
        return replace(word, verb=verb)
    before = words[at - 1].tag if at else "break"
    after = words[at + 1].tag if at + 1 < len(words) else "break"
    acts = form in ("s", "base") and before not in ("the", "how", "of")
    if acts and after in ("the", "noun", "how"):
        return replace(word, tag="verb", verb=verb, form=form)
    return word


def _acts_after_joining(words: list[Word], at: int) -> bool:
    """ "…, and uploads a document": what is said of something after a joining word is an act."""
    word = words[at]
    if not 0 < at < len(words) - 1 or word.tag != "noun" or not word.verb:
        return False
    form = verb_forms()[word.lower][1] if word.lower in verb_forms() else "ing"
    return form in ("s", "base") and words[at - 1].tag == "and" and words[at + 1].tag == "the"


def _find_verb(words: list[Word], start: int, end: int) -> None:
    if any(word.tag in ("verb", "can") or word.lower in BEING for word in words[start:end]):
        return
    for at in range(start + 1, end - 1):
        word, before, after = words[at], words[at - 1], words[at + 1]
        known = verb_forms().get(word.lower)
        acts = word.tag == "noun" and known is not None and known[1] == "s"
        if acts and before.tag == "noun" and after.tag in ("the", "noun", "how"):
            words[at] = replace(word, tag="verb", form="s")
            return


def _spans(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Where each word stands in its text."""
    found: list[tuple[int, int]] = []
    at = 0
    for word in words:
        start = text.index(word.text, at)
        at = start + len(word.text)
        found.append((start, at))
    return found


def _pieces(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(words)):
        if _splits(words, start, at):
            yield start, at
            start = at + 1 if words[at].tag in ("and", "break") else at
    if start < len(words):
        yield start, len(words)


def _splits(words: Sequence[Word], start: int, at: int) -> bool:
    """Whether a joining word at `at` ends a whole clause and begins another."""
    word = words[at]
    opens = word.lower in ("so", "because", "then", "but", "when", "if", "while", "until", "unless")
    if word.tag not in ("and", "break") and not opens:
        return False
    wish = word.lower in ("so", "because")
    return (wish or _is_whole(words[start:at])) and _has_act(words[at + 1 :])


def _is_whole(words: Sequence[Word]) -> bool:
    """A verb that is followed by something it is done to, or that is said of something."""
    verbs = [i for i, word in enumerate(words) if word.tag == "verb"]
    return bool(verbs) and (
        any(word.tag == "noun" for word in words[verbs[0] + 1 :])
        or any(word.tag == "noun" for word in words[: verbs[0]])
    )


def _has_act(words: Sequence[Word]) -> bool:
    """Whether a verb comes before the next joining word, in a form that somebody does."""
    for word in words:
        if word.tag == "verb" and word.form in ("base", "s", "ed"):
            return True
        if word.tag in ("and", "break", "to"):
            return False
    return False


def _actor(words: Sequence[Word]) -> tuple[str, ...]:
    """The noun phrase before the first verb, when the clause begins with one."""
    first = next((i for i, word in enumerate(words) if word.tag == "verb"), 0)
    before = words[:first]
    if not before or any(word.tag in ("of", "break", "to") for word in before):
        return ()
    return tuple(fold_word(word.lower) for word in before if word.tag == "noun")


def is_denied(words: Sequence[Word], before: int) -> bool:
    """Whether something denies the verb at `before`."""
    return any(word.lower in DENYING for word in words[max(0, before - 5) : before])
