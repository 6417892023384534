"""Takes the labels of a template off the lines of a step: "User Action:" speaks of no user."""

from __future__ import annotations

import re
from typing import Final

from schemawalk.reading.words import TEMPLATE, TEMPLATE_PHRASES

_LABEL: Final = re.compile(
    r"^([ \t]*(?:(?:[-*+•>]|\d{1,3}[.)])[ \t]+)?)"
    r"(?:\*\*|__)?([A-Za-z][A-Za-z /-]{1,40}?)(?:[ \t]*(\([^()\n]{0,80}\)))?"
    r"(?:(?:\*\*|__)[ \t]*:|:(?:\*\*|__)?)(?=\s|$)",
    re.MULTILINE,
)
"""The start of a line, a label, perhaps a remark in brackets, and a colon, in bold or not."""

_BESIDE: Final = TEMPLATE | {"user", "users", "system", "what", "key", "core", "main", "our", "the"}
"""Words of which a label consists when it belongs to the template."""


def without_labels(text: str) -> str:
    """Return the text without the labels that say what sort of line it is; others stay."""
    return _LABEL.sub(_unlabelled, text) if ":" in text else text


def _unlabelled(match: re.Match[str]) -> str:
    return f"{match[1]}{match[3] or ''}" if is_label(match[2]) else match[0]


def is_label(words: str) -> bool:
    """Tell whether these words are a label of the template, such as "System Response"."""
    said = [word if word in _BESIDE else word.removesuffix("s") for word in words.lower().split()]
    phrase = "-".join(word.removesuffix("s") for word in words.lower().split())
    return phrase in TEMPLATE_PHRASES or all(word in _BESIDE for word in said)
