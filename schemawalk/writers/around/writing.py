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
