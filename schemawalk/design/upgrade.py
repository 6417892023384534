"""Brings what an older Schemawalk wrote to the format of today.

`UPGRADES` holds one step for each old format; a step takes the dictionaries of its format, as a
TOML parser gives them, and returns those of the next.  A step meets files that people wrote by
hand, so it changes what it recognises and leaves the rest for the validation to name.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from schemawalk.design.model import FORMAT
from schemawalk.design.spelling import Data

_REQUIRED = {True: "start", False: "optional"}
_ENDINGS = {
    "set null": "set-null",
    "no action": "restrict",
    "cascade": "cascade",
    "restrict": "restrict",
}


def _from_0(data: Data) -> Data:
    """`required` was true or false; an ending was spelled as in SQL."""
    for entity in _tables(data.get("entity")):
        for attribute in _tables(entity.get("attribute")):
            if isinstance(required := attribute.get("required"), bool):
                attribute["required"] = _REQUIRED[required]
    for relationship in _tables(data.get("relationship")):
        for key in ("on_delete", "on_delete_b"):
            if isinstance(ending := relationship.get(key), str):
                relationship[key] = _ENDINGS.get(" ".join(ending.lower().split()), ending)
    return data


UPGRADES: dict[int, Callable[[Data], Data]] = {0: _from_0}


def upgraded(data: Data) -> Data:
    """`data` in the format of today; the argument itself when it already is, else a copy."""
    if data.get("format", 0) == FORMAT:
        return data
    data = deepcopy(data)
    for version in range(data.get("format", 0), FORMAT):
        data = {"format": version + 1, **_without_format(UPGRADES[version](data))}
    return data


def _without_format(data: Data) -> Data:
    return {key: value for key, value in data.items() if key != "format"}


def _tables(value: Any) -> list[Data]:
    """The tables in a list; nothing when it is not one."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
