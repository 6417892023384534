"""Tells nouns from verbs in plain English, well enough for short sentences and without a model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from schemawalk.reading.words import (
    ADJECTIVE_ENDINGS,
    ADJECTIVES,
    DETERMINERS,
    FUNCTION,
    MAKING,
    NOUNS_TOO,
    OTHER_VERBS,
    PERSON_ENDINGS,
    PREPOSITIONS,
    PRONOUNS,
    SEEING,
)

Tag = Literal["break", "and", "to", "the", "of", "who", "can", "small", "how", "noun", "verb"]
"""What a word does: `the` determines, `of` relates, `who` stands for a person, `how` describes."""

MODAL = frozenset(
    "can could may might must shall should will would cannot can't don't won't".split()
)
JOINING = frozenset(("and", "or", ",", "&", "plus"))
NOUNS_IN_LY = frozenset("ally anomaly assembly family reply supply".split())
PAST = {
    "bought": "buy", "built": "build", "chosen": "choose", "given": "give", "held": "hold",
    "kept": "keep", "left": "leave", "lost": "lose", "made": "make", "met": "meet", "paid": "pay",
    "sent": "send", "set": "set", "shown": "show", "sold": "sell", "sought": "seek",
    "taken": "take", "withdrawn": "withdraw", "won": "win", "written": "write", "wrote": "write",
}  # fmt: skip

_TOKEN = re.compile(r"[^\W\d_]\w*(?:['’-]\w+)*|\d[\d.,]*\+?|&|[^\w\s*`'’\"“”#>-]|[-–—]+|\n")

_CONTRACTED = re.compile(r"'(?:s|re|ll|ve|d|m|t)$")
_CODE_NUMBER = re.compile(r"[a-z]{1,4}\d+")

Form = Literal["base", "s", "ed", "ing"]


@dataclass(slots=True)
class Word:
    """A word in its place: as written, in lower case, and what it does there."""

    text: str
    lower: str
    tag: Tag
    verb: str = ""
    """Base form, when the word is a verb."""
    form: Form | None = None


def _inflected(verb: str) -> dict[str, tuple[str, Form]]:
    stem = verb[:-1] if verb.endswith("e") else verb
    third = verb + "es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else verb + "s"
    past = stem + "ed"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
    made: dict[str, tuple[str, Form]] = {
        verb: (verb, "base"),
        third: (verb, "s"),
        past: (verb, "ed"),
        stem + "ing": (verb, "ing"),
    }
    if _doubles(verb):
        made |= {verb + verb[-1] + "ed": (verb, "ed"), verb + verb[-1] + "ing": (verb, "ing")}
    return made


def _doubles(verb: str) -> bool:
    return (
        verb[-1] in "bdglmnprt"
        and verb[-2] in "aeiou"
        and (len(verb) < 3 or verb[-3] not in "aeiou")
    )


@lru_cache(maxsize=1)
def verb_forms() -> dict[str, tuple[str, Form]]:
    """Return every inflected form of the known verbs, with its base."""
    made: dict[str, tuple[str, Form]] = {}
    for verb in sorted(OTHER_VERBS | SEEING | MAKING):
        made |= {form: found for form, found in _inflected(verb).items() if form not in made}
    for past, verb in PAST.items():
        made[past] = (verb, "ed")
    return made


def read_words(text: str) -> list[Word]:
    """Return the words of a text with their tags; punctuation becomes `break` or `and`."""
    forms = verb_forms()
    words = [_first_guess(token, forms) for token in _TOKEN.findall(text)]
    for at, word in enumerate(words):
        if word.form is not None:
            _settle(words, at, word)
    return words


def _first_guess(token: str, forms: dict[str, tuple[str, Form]]) -> Word:
    lower = token.lower().replace("’", "'")
    tag = _closed_class(lower)
    if tag is not None:
        return Word(token, lower, tag)
    if lower in forms and lower not in ADJECTIVES:
        return Word(token, lower, "verb", *forms[lower])
    if form := _unknown_verb(lower):
        return Word(token, lower, "verb", lower, form)
    return Word(token, lower, _open_class(lower))


def _unknown_verb(lower: str) -> Form | None:
    """Words outside the tables that can only be participles, or look like one."""
    if lower.endswith("ed") and not lower.endswith("eed") and len(lower) > 5:
        return "ed"
    return "ing" if lower.endswith("ing") and len(lower) > 6 else None


def _closed_class(lower: str) -> Tag | None:
    if lower in JOINING:
        return "and"
    if not lower[0].isalpha():
        return "the" if lower[0].isdigit() else "break"
    if _CODE_NUMBER.fullmatch(lower):
        return "break"
    if _CONTRACTED.search(lower) and lower.partition("'")[0] in FUNCTION:
        return "small"
    if lower not in FUNCTION:
        return None
    if lower in MODAL:
        return "can"
    if lower == "to":
        return "to"
    if lower in DETERMINERS:
        return "the"
    if lower in PREPOSITIONS:
        return "of"
    return "who" if lower in PRONOUNS else "small"


def _open_class(lower: str) -> Tag:
    if lower in ADJECTIVES or (lower.endswith(ADJECTIVE_ENDINGS) and len(lower) > 6):
        return "how"
    if lower.endswith("ly") and lower not in NOUNS_IN_LY:
        return "small"
    if "-" in lower and lower.endswith(("ed", "ing", "based", "time", "in", "end", "side", "up")):
        return "how"
    return "noun"


def _settle(words: list[Word], at: int, word: Word) -> None:
    """Decide by its neighbours whether a verb's form is a verb here, a noun, or describes one."""
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    if word.form == "ed":
        word.tag = _past(before, after)
    elif word.form == "ing":
        word.tag = _doing(before, after)
    elif not _is_verb(word, before, after, _last_content(words, at)):
        word.tag = "noun"
    if word.tag != "verb":
        word.form = None


def _past(before: Word | None, after: Word | None) -> Tag:
    if after is not None and after.tag in {"noun", "verb", "how"}:
        return "verb" if before is not None and before.tag == "who" else "how"
    return "verb"


def _doing(before: Word | None, after: Word | None) -> Tag:
    if before is not None and before.tag in {"the", "how"}:
        return "noun"
    if before is not None and before.tag == "noun":
        return "verb" if after is not None and after.tag in {"the", "who", "small"} else "noun"
    if after is not None and after.tag in {"the", "noun", "how"} and after.lower not in {"and"}:
        return (
            "noun"
            if before is None or (before.tag == "break" and after.text[:1].isupper())
            else "verb"
        )
    return "noun"


def _last_content(words: list[Word], at: int) -> Tag:
    for word in reversed(words[max(0, at - 4) : at]):
        if word.tag in {"noun", "verb", "break"}:
            return word.tag
    return "break"


def _is_verb(word: Word, before: Word | None, after: Word | None, content: Tag) -> bool:
    goes_on = after is not None and after.tag not in {"break", "and", "small", "can"}
    if before is None or before.tag == "break":
        return word.verb not in NOUNS_TOO or (goes_on and not _relates(after))
    if before.tag in {"can", "to", "who"}:
        return True
    if before.tag in {"the", "how", "of"}:
        return before.lower in {"that", "all", "either"} and word.verb not in NOUNS_TOO
    if before.tag == "and" and word.verb in NOUNS_TOO:
        if word.form == "s" and after is not None and after.tag == "the":
            return True
        return content in {"verb", "break"} and goes_on and not _relates(after)
    if word.verb not in NOUNS_TOO:
        return before.tag != "verb"
    return before.tag != "verb" and _after_noun(word, before, after)


def _relates(after: Word | None) -> bool:
    return after is not None and after.tag == "of"


def _after_noun(word: Word, before: Word, after: Word | None) -> bool:
    """ "customer orders a meal" against "customer orders are": something must follow."""
    if after is None or after.tag in {"break", "and", "small", "can", "of"}:
        return before.tag == "small" and before.lower in {"not", "never", "then", "also"}
    if after.tag == "the":
        return True
    acts = is_person(before.lower) or before.lower in {"system", "app", "platform"}
    return acts and after.tag in {"noun", "how", "verb", "to"} and word.form == "s"


@lru_cache(maxsize=65536)
def is_person(word: str) -> bool:
    """Tell by its ending whether a noun may name somebody who acts."""
    stem = word.removesuffix("s")
    return len(stem) > 3 and stem.endswith(PERSON_ENDINGS)
