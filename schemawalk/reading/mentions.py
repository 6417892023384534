"""Finds the noun phrases of a text, and what speaks for each: the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemawalk.reading.grammar import Word, is_person, read_words
from schemawalk.reading.labels import without_labels
from schemawalk.reading.lemmas import fold_word
from schemawalk.reading.words import ATTRIBUTES, DETERMINERS, MAKING, SEEING

LONGEST_PHRASE = 3
"""Words of a phrase that are looked at, counted from its head."""

COUNTING = frozenset(
    "a an each every another multiple many several new one two three four five various few all "
    "existing individual own".split()
)
"""Determiners that are said of things that come one by one."""

COLLECTIONS = frozenset(
    "list history number set collection record copy group batch range history total series log "
    "directory catalog feed selection details detail".split()
)

HAVING = frozenset("with has have having carries contains includes".split())
"""What stands between a thing and the facts that are kept of it."""

MOST_BETWEEN = 6
"""Words between such a word and the first of the facts."""

_COMMENT = re.compile(r"<!--[^<]*-->")
_LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\([^()\n]*\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_PATH = re.compile(
    r"(?<![\w.])(?:\.{0,2}/[\w\[\]{}.:-]+)+/?|\b[\w-]+(?:/[\w{}.-]+){2,}|\b[\w-]+\.(?:md|tsx?|jsx?|py|sql|ya?ml|json|html|css)\b"
)
_CODE = re.compile(r"`([^`\n]{1,120})`")
_DIAGRAM_NODE = re.compile(r"\b[A-Z]{1,2}\d{0,2}(?=[\[({])")
_IDENTIFIER = re.compile(r"[A-Za-z][a-z0-9]+(?:[A-Z][a-z0-9]+)+|[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_STORED = re.compile(
    r"(?<![\w`])([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+)(?=(?:(?:\s*[/,]\s*|\s+and\s+)\w{1,40}){0,3}\s+"
    r"(?:records?|models?|tables?|entit(?:y|ies)|rows?|collections?)\b)"
)
"""A name like OrderLine, when the text says that it is a record: brands are written like it too."""

_SNAKE = re.compile(r"(?<![\w{/-])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?![\w}])")

_DIAGRAM_LINE = re.compile(
    r"^\s*(?:```|~~~|graph |flowchart |sequenceDiagram|stateDiagram).*$", re.M
)
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_DEFINED = re.compile(r"\s*[-*+]\s*(?:\*\*|__)([^*_\n:]{2,60}?)(?:\*\*|__)?\s*(?:[:(–—-]|\*\*|$)")
_TOLD = frozenset(("the", "how", "noun", "and"))
"""Tags of the words that a list of facts is made of."""

_NOT_A_TABLE = frozenset("id at on by ts url type status name path date uuid number count".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """One noun phrase in one place, with what its neighbours say about it."""

    words: tuple[str, ...]
    """Folded words; the head is the last."""
    plural: bool = False
    counted: bool = False
    named: bool = False
    """Written with a capital where no sentence begins."""
    object_of: str = ""
    """The verb that is done to it, as written."""
    made: bool = False
    """The verb is one after which the thing is remembered, changed, or ended."""
    acts: bool = False
    chooses: bool = False
    """What it does is what people do to things: it picks, writes, pays."""
    collected: bool = False
    """As in "list of orders"."""
    code: bool = False
    defined: bool = False
    actor: bool = False
    """As in "As a buyer, I want"."""
    described: bool = False
    """Facts of it are told: "a service with a name and a price"."""
    bare: bool = False
    """A single word with a capital, and nothing before it that counts or points: a name of
    somebody, or the first word of a short line."""


def prose(text: str) -> str:
    """Return a text without what is no prose: addresses, paths, comments, nodes of diagrams."""
    text = text.replace("\\n", ". ")
    text = _COMMENT.sub(" ", text) if "<!--" in text else text
    text = _LINK.sub(lambda match: "" if match[1] else match[2], text) if "](" in text else text
    text = _ADDRESS.sub(" ", text)
    text = _PATH.sub(" . ", text) if "/" in text or "." in text else text
    text = _DIAGRAM_LINE.sub(" ", _DIAGRAM_NODE.sub(" ", text))
    return text.replace("**", "").replace("__", "")


def mentions(text: str) -> Iterator[Mention]:
    """Yield the noun phrases of a text, in order."""
    plain = prose(without_labels(text))
    spoken = _SNAKE.sub(_spaced, _STORED.sub(_spaced, _CODE.sub(_spaced, plain)))
    yield from _phrases(read_words(spoken))


def _spaced(match: re.Match[str]) -> str:
    """A name of code in its words: `order_lines` reads "order lines"."""
    name = match[1]
    return f" {' '.join(_parts(name)) if _IDENTIFIER.fullmatch(name) else name} "


def identifiers(text: str) -> Iterator[Mention]:
    """Yield names written as programs write them (`order_lines`, OrderLine) that may be tables."""
    for match in (*_CODE.finditer(text), *_STORED.finditer(text), *_SNAKE.finditer(text)):
        name = match[1]
        words = tuple(fold_word(part) for part in _parts(name))
        if _IDENTIFIER.fullmatch(name) and words[-1] not in _NOT_A_TABLE:
            yield Mention(words, plural=name.endswith("s"), code=True)


def _parts(name: str) -> list[str]:
    return name.split("_") if "_" in name else _CAMEL.findall(name)


def definitions(text: str) -> Iterator[Mention]:
    """Yield what a list of entities defines: `- **Order**: what a customer buys`."""
    for line in text.split("\n"):
        if match := _DEFINED.match(line):
            words = [word for word in read_words(match[1]) if word.tag in {"noun", "verb", "how"}]
            parts = [part for word in words for part in _parts_of_word(word)]
            if 0 < len(parts) <= LONGEST_PHRASE:
                yield Mention(tuple(fold_word(part) for part in parts), defined=True)


def _parts_of_word(word: Word) -> list[str]:
    return _parts(word.text) if _IDENTIFIER.fullmatch(word.text) else [word.text]


def _phrases(words: list[Word]) -> Iterator[Mention]:
    verb: Word | None = None
    start = 0
    while start < len(words):
        word = words[start]
        if word.tag != "noun":
            verb = _still_governs(word, verb)
            start += 1
            continue
        end = start
        while end < len(words) and words[end].tag == "noun":
            end += 1
            if words[end - 1].lower.endswith("'s"):
                break
        yield _mention(words, start, end, verb)
        start = end


def _still_governs(word: Word, verb: Word | None) -> Word | None:
    if word.tag == "verb":
        return word
    return verb if word.tag in {"the", "how", "and"} else None


def _mention(words: list[Word], start: int, end: int, verb: Word | None) -> Mention:
    phrase = words[max(start, end - LONGEST_PHRASE) : end]
    head = phrase[-1]
    folded = tuple(fold_word(word.lower) for word in phrase)
    after = words[end] if end < len(words) else None
    before = _before(words, start)
    done = verb or _passive(words, end)
    return Mention(
        words=folded,
        plural=head.lower != folded[-1],
        counted=before is not None and before.lower in COUNTING,
        named=head.text.istitle() and start > 0 and words[start - 1].tag != "break",
        object_of=done.lower if done else "",
        made=done is not None and done.verb in MAKING,
        acts=_acts(head, after),
        chooses=_acts(head, after) and after is not None and after.verb in MAKING | SEEING,
        collected=_is_collected(words, start),
        actor=_is_actor(words, start),
        described=_is_described(words, end, plural=head.lower != folded[-1]),
        bare=end - start == 1 and head.text.istitle() and _is_bare(before),
    )


def _before(words: list[Word], start: int) -> Word | None:
    """The nearest determiner before a phrase, past what describes it."""
    at = start - 1
    while at >= 0 and words[at].tag == "how":
        at -= 1
    return words[at] if at >= 0 and words[at].lower in DETERMINERS else None


def _passive(words: list[Word], end: int) -> Word | None:
    """The verb in "orders are shipped": a form of "be" and a participle."""
    being = {"is", "are", "was", "were", "be", "been", "gets", "being"}
    at = end
    while at < len(words) and at < end + 3 and words[at].tag in {"small", "can"}:
        at += 1
    if at == end or at >= len(words) or words[at].form != "ed":
        return None
    return words[at] if any(word.lower in being for word in words[end:at]) else None


def _acts(head: Word, after: Word | None) -> bool:
    if after is None or after.tag not in {"verb", "can"}:
        return False
    return after.form in {"s", "base"} or (after.tag == "can" and is_person(head.lower))


def _is_collected(words: list[Word], start: int) -> bool:
    at = start - 1
    while at > 0 and words[at].tag in {"the", "how"}:
        at -= 1
    return at > 0 and words[at].lower == "of" and fold_word(words[at - 1].lower) in COLLECTIONS


def _is_bare(before: Word | None) -> bool:
    """No determiner; "that" before a name is no determiner: "the file that Ada sent"."""
    return before is None or before.lower == "that"


def _is_described(words: list[Word], end: int, *, plural: bool) -> bool:
    """ "A room with a name", "rooms, each with a name", "services of the clinic, each with …"."""
    at = end
    if plural and at < len(words) and words[at].lower == "of":
        at = next((i for i in range(at + 1, len(words)) if words[i].tag != "the"), at)
        while at < len(words) and words[at].tag in ("how", "noun"):
            at += 1
    each = _at(words, at, ",") and _at(words, at + 1, "each")
    if each and not plural:
        return False
    at += 2 * each
    if at >= len(words) or words[at].lower not in HAVING or (at > end and not each):
        return False
    told = words[at + 1 : at + 1 + MOST_BETWEEN]
    if not told or told[0].tag != "the":
        return False
    facts = next((i for i, word in enumerate(told) if word.tag not in _TOLD), len(told))
    return any(fold_word(word.lower) in ATTRIBUTES for word in told[:facts])


def _at(words: list[Word], at: int, text: str) -> bool:
    return at < len(words) and words[at].lower == text


def _is_actor(words: list[Word], start: int) -> bool:
    at = start - 1
    while at > 1 and words[at].tag in {"how", "noun"}:
        at -= 1
    return at >= 1 and words[at].lower in {"a", "an", "the"} and words[at - 1].lower == "as"
