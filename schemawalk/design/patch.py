"""What differs between two designs, small enough to keep for every answer.

A patch of a table is `{"set": {key: value}, "in": {key: patch}, "drop": [key]}`; a patch of a list
of parts is `{"order": [key], "set": {key: part}, "in": {key: patch}}`.  Empty entries are left out.
"""

from __future__ import annotations

from typing import Any

from schemawalk.design.spelling import Data, key_of

Patch = dict[str, Any]


def diff(old: Data, new: Data) -> Patch:
    """The patch that makes `new` of `old`; empty when they are equal."""
    patch: Patch = {"set": {}, "in": {}, "drop": [key for key in old if key not in new]}
    for key, value in new.items():
        _compare(patch, key, old.get(key), value)
    return {name: entry for name, entry in patch.items() if entry}


def _compare(patch: Patch, key: str, before: Any, after: Any) -> None:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        patch["in"][key] = diff(before, after)
    elif (one := _by_key(before)) is not None and (other := _by_key(after)) is not None:
        patch["in"][key] = _diff_parts(one, other)
    else:
        patch["set"][key] = after


def _by_key(value: Any) -> dict[str, Data] | None:
    """The parts in a list by what tells them apart; None when nothing does."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return None
    parts = {key: item for item in value if isinstance(key := key_of(item), str)}
    return parts if len(parts) == len(value) else None


def _diff_parts(old: dict[str, Data], new: dict[str, Data]) -> Patch:
    patch: Patch = {"order": [] if list(old) == list(new) else list(new), "set": {}, "in": {}}
    if not new:
        return {"order": []}
    for key, part in new.items():
        _compare(patch, key, old.get(key), part)
    return {name: entry for name, entry in patch.items() if entry}


def patched(old: Data, patch: Patch) -> Data:
    """`old` with a patch applied; what the patch does not name is shared, not copied.

    Raises:
        KeyError, TypeError, AttributeError: The patch is not one for `old`.
    """
    gone = set(patch.get("drop", ()))
    new = {key: value for key, value in old.items() if key not in gone}
    new.update(patch.get("set", {}))
    for key, inner in patch.get("in", {}).items():
        new[key] = _patched(old[key], inner)
    return new


def _patched(old: Any, patch: Patch) -> Any:
    if isinstance(old, dict):
        return patched(old, patch)
    parts = patched({str(key_of(part)): part for part in old}, patch)
    return [parts[key] for key in patch.get("order", parts)]
