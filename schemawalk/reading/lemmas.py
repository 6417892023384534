"""Folds words into the form that stands for all of them: singular, one spelling, lower case."""

from __future__ import annotations

from functools import lru_cache

from schemawalk.reading.words import KEPT_FORMS, SYNONYMS

IRREGULAR = {
    "children": "child",
    "feet": "foot",
    "geese": "goose",
    "men": "man",
    "mice": "mouse",
    "persons": "person",
    "people": "person",
    "teeth": "tooth",
    "women": "woman",
}

_HISSING = ("ches", "shes", "sses", "xes", "zes")


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Return a word as singular, lower case, and under one of its synonyms and spellings."""
    lowered = word.lower().replace("’", "'").removesuffix("'s").strip("'-")
    lowered = SYNONYMS.get(lowered, lowered)
    return SYNONYMS.get(singular(lowered), singular(lowered))


def fold_name(name: str) -> str:
    """Return the words of a name, each folded."""
    return " ".join(fold_word(word) for word in name.replace("_", " ").replace("-", " ").split())


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """Return the singular of a lower-case noun; the word itself when it is one already."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in KEPT_FORMS or len(word) < 4 or not word.isascii():
        return word
    if word.endswith("ss") or not word.endswith(("s", "ia")):
        return word
    known = _lemma(word)
    if known != word and known[:2] == word[:2]:
        return known
    return word if word.endswith(("a", "us", "is")) else _without_plural_ending(word)


def _without_plural_ending(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_HISSING) else word[:-1]


def _lemma(word: str) -> str:
    """Imported here: the dictionary takes a tenth of a second that the first screen must not."""
    import simplemma

    return str(simplemma.lemmatize(word, lang="en"))
