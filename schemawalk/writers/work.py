"""What every writer is given and gives: the work at hand in, path → text out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemawalk.design.model import Design
from schemawalk.schema.dialects.dialect import Dialect
from schemawalk.schema.dialects.notations import NOTATIONS
from schemawalk.schema.model import Finding, Schema

Files = Mapping[str, str]
"""Text by path, relative to the folder of the writer's kind, with `/` and in a stable order."""

Write = Callable[["Work"], Files]


@dataclass(frozen=True)
class Work:
    """A schema that has passed the capability pass of `database`, and the design behind it."""

    design: Design
    schema: Schema
    database: str
    findings: tuple[Finding, ...] = ()
    """What the review and the capability pass found."""
    waived: tuple[Finding, ...] = ()
    """What they found, and somebody accepts, each with the reason."""

    @property
    def dialect(self) -> Dialect:
        """How the work's database says types and rules: its SQL, if it has one."""
        return NOTATIONS[self.database]


def header(comment: str) -> str:
    """The first line of every file: where it comes from and how to change it."""
    return (
        f"{comment} Written by schemawalk from schemawalk.toml: "
        "change an answer there and write again.\n"
    )
