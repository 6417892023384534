"""The id that somebody writes behind own words: "Team - Invoice as payer [team_payer]"."""

from __future__ import annotations

import re
from typing import Final

_OWN: Final = re.compile(r"(?P<words>.*\S)\s+\[(?P<id>[^\s\[\]]+)\]", re.DOTALL)


def parted(text: str) -> tuple[str, str]:
    """The words, and the id in brackets at their end; empty when there is none."""
    found = _OWN.fullmatch(text.strip())
    return (found["words"], found["id"]) if found else (text.strip(), "")


def joined(words: str, own_id: str) -> str:
    """Words with the id that what they name is to have, as `parted` reads them."""
    return f"{words} [{own_id}]"
