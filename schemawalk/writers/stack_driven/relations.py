"""Relationships by kind, read back in words both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Relationship
from schemawalk.schema.model import ForeignKey, Table
from schemawalk.schema.sentences import read_back, shape
from schemawalk.writers.stack_driven.keys import special_keys
from schemawalk.writers.stack_driven.lifetimes import Grid
from schemawalk.writers.stack_driven.markdown import Markdown, codes, phrase
from schemawalk.writers.stack_driven.survey import Survey

_KINDS: Final = (
    ("1:N", "One to many", "the many side holds the key"),
    ("M:N", "Many to many", "a table between them holds both keys"),
    ("1:1", "One to one", "the key is UNIQUE"),
    ("?", "Not decided yet", "taken as one to many until somebody says more"),
)


@dataclass(frozen=True)
class Related:
    """One relationship in words, with where it is held."""

    there: str
    back: str
    held: Markdown
    actions: str
    purpose: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """All relationships of one shape."""

    title: str
    how: str
    relations: tuple[Related, ...]


@dataclass(frozen=True)
class Relations:
    """How the entities belong together."""

    kinds: tuple[Kind, ...]
    grids: tuple[Grid, ...]
    """Keys that need a word of their own."""


def relationships(survey: Survey) -> Relations | None:
    """All relationships between tables, sorted by shape; None when there is none."""
    kinds = [Kind(title, how, tuple(_related(survey, wanted))) for wanted, title, how in _KINDS]
    found = tuple(kind for kind in kinds if kind.relations)
    grids = special_keys(survey)
    return Relations(found, grids) if found or grids else None


def _related(survey: Survey, wanted: str) -> Iterator[Related]:
    for link in survey.links:
        if shape(link) == wanted and (keys := survey.keys_of(link)):
            there, back = read_back(link, *survey.ends[link.id])
            yield _told(survey, link, there, back, keys)


def _told(
    survey: Survey,
    link: Relationship,
    there: str,
    back: str,
    keys: list[tuple[Table, ForeignKey]],
) -> Related:
    columns = dict.fromkeys(f"{t.name}.{column}" for t, key in keys for column in key.columns)
    actions = dict.fromkeys(survey.on_delete(key) for _, key in keys)
    return Related(
        there,
        back,
        phrase("{}", codes(columns)),
        ", ".join(actions),
        link.purpose,
        tuple(dict.fromkeys(key.because for _, key in keys)),
    )
