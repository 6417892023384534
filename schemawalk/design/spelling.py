"""How a design is spelled in its file: names in the singular, answers only, values before tables.

`to_file` and `from_file` translate between a `Design` and the plain dictionaries that a TOML
parser gives, by the annotations of the model: a new field needs no word here.
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from schemawalk.design.model import FORMAT, Design
from schemawalk.design.part import Part

FILE_NAMES = {
    "sources": "source",
    "steps": "step",
    "entities": "entity",
    "attributes": "attribute",
    "relationships": "relationship",
    "access_patterns": "access_pattern",
    "notes": "note",
    "rules": "rule",
    "finishes": "finish",
    "waivers": "waiver",
    "alternatives": "alternative",
}
"""Name in the file of each field that holds parts and so repeats as `[[name]]`."""

KEYS = ("id", "path", "name")
"""What tells one part from its siblings: the first of these that it has."""

Data = dict[str, Any]
Path = tuple[str | int, ...]


def key_of(part: Data) -> object:
    """What tells this part from its siblings, or None."""
    if "rule" in part:  # a waiver is known by what it waives
        return ":".join(filter(None, (part["rule"], part.get("subject"))))
    return next((part[key] for key in KEYS if key in part), None)


@cache
def held(model: type[Part]) -> dict[str, type[Part] | None]:
    """The fields of a model by their name in the file, each with the part that it holds if any."""
    names: dict[str, type[Part] | None] = {}
    for field, info in model.model_fields.items():
        part = _part_in(info.annotation)
        names[FILE_NAMES.get(field, field) if part else field] = part
    return names


@cache
def fields(model: type[Part]) -> dict[str, str]:
    """The name of each field by its name in the file."""
    return dict(zip(held(model), model.model_fields, strict=True))


@cache
def _names(model: type[Part]) -> dict[str, str]:
    """The names in the file by field, values before tables as TOML demands."""
    both = sorted(fields(model).items(), key=lambda pair: held(model)[pair[0]] is not None)
    return {field: name for name, field in both}


def _part_in(annotation: Any) -> type[Part] | None:
    """The part in `Part`, `tuple[Part, ...]`, or either of them `| None`."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next((part for inner in get_args(annotation) if (part := _part_in(inner))), None)


def to_file(design: Design) -> Data:
    """A design as it is written: lists and dictionaries, without what has not been answered."""
    dumped = design.model_dump(mode="json", exclude_defaults=True, warnings=False)
    return _to_file(dumped | {"format": FORMAT}, Design)


def _to_file(data: Data, model: type[Part]) -> Data:
    parts = held(model)
    result: Data = {}
    for field, name in _names(model).items():
        value = data.get(field)
        part = parts[name]
        if value is None:
            continue
        if part is None:
            result[name] = value
        elif isinstance(value, list):
            result[name] = [_to_file(item, part) for item in value]
        else:
            result[name] = _to_file(value, part)
    return result


def from_file(data: Data) -> tuple[Data, list[Path]]:
    """What `Design.model_validate(…, strict=True)` takes, and the paths of the unknown keys."""
    unknown: list[Path] = []
    return _from_file(data, Design, (), unknown), unknown


def _from_file(data: Data, model: type[Part], path: Path, unknown: list[Path]) -> Data:
    parts, known = held(model), fields(model)
    result: Data = {}
    for name, value in data.items():
        if name not in known:
            unknown.append((*path, name))
        elif part := parts[name]:
            result[known[name]] = _parts(value, part, (*path, name), unknown)
        else:
            result[known[name]] = tuple(value) if isinstance(value, list) else value
    return result


def _parts(value: Any, part: type[Part], path: Path, unknown: list[Path]) -> Any:
    """One part or a tuple of them; anything else is left for the validation to name."""
    if isinstance(value, dict):
        return _from_file(value, part, path, unknown)
    if isinstance(value, list):
        return tuple(_parts(v, part, (*path, i), unknown) for i, v in enumerate(value))
    return value


def place_in_file(location: tuple[int | str, ...]) -> Path:
    """A place in the model, as pydantic names it, spelled as in the file."""
    model: type[Part] = Design
    path: list[str | int] = []
    for step in location:
        if isinstance(step, int):
            path.append(step)
            continue
        names = _names(model)
        if step not in names:
            break
        path.append(names[step])
        model = held(model)[names[step]] or model
    return tuple(path)
