"""What writing a thing gives: the statements that make it, and those that take it away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema


@dataclass(frozen=True, slots=True)
class Written:
    """The statements that make a thing and those that take it away."""

    up: str
    down: str
    """Empty when it goes with its table."""


Write = Callable[[Any, Schema, Dialect], Written]
"""Writes a thing of one kind, which stands in that schema, for that database."""


def dollar_quote(body: str) -> str:
    """A quote of PostgreSQL's that the body does not hold, whatever people's words are in it."""
    quotes = ("$$", *(f"$body{number}$" for number in range(len(body))))
    return next(quote for quote in quotes if quote not in body)
