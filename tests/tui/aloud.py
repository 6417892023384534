"""What a text must be like to be read aloud."""

from __future__ import annotations

import re


def assert_read_aloud(text: str) -> None:
    """Nothing drawn, no escape, no sign that a screen reader spells or swallows."""
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u2500-\u257f]|[→·✓✗—…]", text)
    assert not re.search(r"\b(1:N|M:N|N:1|1:1)\b", text)
