"""Designs to test with: any that the model allows, and one as a team would make it."""

from __future__ import annotations

import types
from collections.abc import Callable
from itertools import chain, count
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from schemawalk.design.forms import Count, Currency, Name, Number, Span, Version
from schemawalk.design.model import (
    FORMAT,
    AccessPattern,
    Attribute,
    Design,
    Entity,
    Note,
    Relationship,
    Step,
)
from schemawalk.design.part import Id, Part
from schemawalk.design.references import circles, lost
from schemawalk.design.spelling import from_file, to_file
from schemawalk.design.whole import Product, Source, Stack

_PIECES = [
    '"', '"""', "'''", "\\", "\n", "\r\n", "\r", "\t", " ", "#", "= [", "]]", "[[entity]]\n",
    "\x00", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff", "é", "日本", "🧾", "a",
    "\\u0041",
]  # fmt: skip

TEXT = st.one_of(st.text(max_size=12), st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """Any design that the model accepts, with ids that are unique."""
    return sound(Design.model_validate(_part(draw, Design, count()) | {"format": FORMAT}))


def sound(design: Design) -> Design:
    """The design without the names in it that lead nowhere, or round in a circle."""
    data = to_file(design)
    while fault := next(chain(lost(data), circles(data)), None):
        *way, key = fault[0]
        holder: Any = data
        for step in way:
            holder = holder[step]
        if key in ("a", "b", "entity"):
            data[str(way[0])].remove(holder)
        else:
            del holder[key]
    return Design.model_validate(from_file(data)[0])


def _part(draw: st.DrawFn, model: type[Part], numbers: count[int]) -> dict[str, Any]:
    """Values for the required fields of a part and for some of the others."""
    values: dict[str, Any] = {}
    hints = get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        if field.is_required() or draw(st.booleans()):
            values[name] = _value(draw, hints[name], numbers)
    for key in ("id", "rule"):  # a waiver is known by its rule and its subject
        if key in values:
            values[key] = f"{values[key]}{next(numbers)}"
    return values


def _value(draw: st.DrawFn, annotation: Any, numbers: count[int]) -> Any:
    for form, strategy in _FORMS:
        if annotation == form:
            return draw(strategy)
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return tuple(dict.fromkeys(_value(draw, inner[0], numbers)))
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return _part(draw, annotation, numbers)
    if origin is tuple:
        return tuple(_value(draw, inner[0], numbers) for _ in range(draw(st.integers(0, 3))))
    if origin in (Union, types.UnionType):
        return _value(draw, draw(st.sampled_from(inner)), numbers)
    if origin is Literal:
        return draw(st.sampled_from(inner))
    return draw(_PLAIN[annotation])


_FORMS: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (Name, TEXT.map(lambda text: f"n{text}")),
    (Id, TEXT.map(lambda text: f"i{text}")),
    (Count, st.integers(0, 2**63 - 1)),
    (Number, st.integers(1, 2**63 - 1)),
    (Version, st.sampled_from(["8", "3.40", "10.11.6"])),
    (Currency, st.sampled_from(["EUR", "per-row"])),
    (Span, st.sampled_from(["forever", "90 days", "1 year"])),
]
"""What fits where a text or a number has a form."""
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    float: st.floats(allow_nan=False),
    type(None): st.none(),
}


@st.composite
def changed(draw: st.DrawFn, design: Design) -> Design:
    """A design that shares some parts with another: moved, changed, gone, and new ones."""
    other = draw(designs())
    update: dict[str, Any] = {}
    for name in type(design).model_fields:
        mine, theirs = getattr(design, name), getattr(other, name)
        if isinstance(mine, tuple):
            update[name] = _mixed(draw, mine, theirs)
        elif draw(st.booleans()):
            update[name] = theirs
    return sound(_with_own_ids(design.model_copy(update=update)))


def _mixed(draw: st.DrawFn, mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[Any, ...]:
    kept = [item for item in mine if draw(st.booleans())]
    for place, item in enumerate(kept):
        if theirs and hasattr(item, "id") and draw(st.booleans()):
            kept[place] = theirs[0].model_copy(update={"id": item.id})
    return tuple(draw(st.permutations([*kept, *theirs[1:]])))


def _with_own_ids(design: Design) -> Design:
    """The design without parts whose id was there before."""
    update = {}
    seen: set[object] = set()
    for name in type(design).model_fields:
        value = getattr(design, name)
        if isinstance(value, tuple):
            update[name] = tuple(map(_first_with(name, seen), filter(_new(name, seen), value)))
    return design.model_copy(update=update)


def _new(kind: str, seen: set[object]) -> Callable[[Any], bool]:
    def new(item: Any) -> bool:
        waived = (getattr(item, "rule", object()), getattr(item, "subject", ""))
        key = (kind, getattr(item, "id", waived))
        known = key in seen
        seen.add(key)
        return not known

    return new


def _first_with(kind: str, seen: set[object]) -> Callable[[Any], Any]:
    def first(item: Any) -> Any:
        if kind != "entities":
            return item
        own = tuple(filter(_new("attributes", seen), item.attributes))
        return item.model_copy(update={"attributes": own})

    return first


def typical(entities: int = 10, attributes: int = 8) -> Design:
    """A design as a team has it after an hour: a journey, entities that belong to one another."""
    return Design(
        product=Product(name="Paperly", summary="Invoices from photos"),
        stack=Stack(database="postgresql", language="python", tools=("alembic",)),
        sources=(Source(kind="journey", path="journey.md", sha256="0" * 64),),
        steps=(
            Step(id="upload", title="Upload", text="A user uploads a photo.\n\nIt may be large."),
            Step(id="review", title="Review", text="Somebody checks it."),
        ),
        entities=tuple(_entity(number, attributes) for number in range(entities)),
        relationships=tuple(
            Relationship(id=f"e0-e{number}", a="e0", b=f"e{number}", many_b="yes")
            for number in range(1, entities)
        ),
        access_patterns=(AccessPattern(id="list", name="Newest first", entity="e0"),),
        notes=(Note(id="stack.database", by="document", source="tech-stack.md:9"),),
    )


def _entity(number: int, attributes: int) -> Entity:
    made = (
        Attribute(id=f"e{number}.a{place}", name=f"a{place}", kind="short-text", required="start")
        for place in range(attributes)
    )
    return Entity(
        id=f"e{number}",
        name=f"Entity {number}",
        persists="yes",
        steps=("upload",),
        attributes=tuple(made),
    )
