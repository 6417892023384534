"""Changes the text of a design file where the design changed, and nowhere else.

Parts are found by what tells them from their siblings, so that a part which moves takes its
comments along.  A comment right above a header belongs to that table and goes with it; one that
stands apart stays.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict, deque
from difflib import SequenceMatcher
from typing import Any

from schemawalk.design.layout import Statement, Table, statements
from schemawalk.design.spelling import Data, key_of
from schemawalk.design.toml import (
    is_tables,
    item_text,
    new_table,
    pair_text,
    value_text,
)


def edit(table: Table, old: Data, new: Data) -> None:
    """Turn a table that holds `old` into one that holds `new`.

    Keys that the two agree on are not touched, whatever stands in the file: a default that
    somebody wrote out stays written out.
    """
    for key in {**new, **old}:
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if is_tables(before) or is_tables(after):
            _edit_tables(table, key, before, after, list(new))
        else:
            _set(table, key, after, list(new))


def _set(table: Table, key: str, value: Any, order: list[str]) -> None:
    """Write, replace or (with None) remove one value."""
    pairs = list(statements(table.body))
    own = [pair for pair in pairs if pair.key[0] == key]
    if value is None:
        for pair in reversed(own):
            table.body = table.body[: pair.start] + table.body[pair.end :]
    elif own:
        where = own[0].value
        text = _changed_value(table.body[where], value)
        table.body = table.body[: where.start] + text + table.body[where.stop :]
    else:
        _insert(table, pairs, pair_text(key, value), set(order[: order.index(key)]))


def _insert(table: Table, pairs: list[Statement], line: str, before: set[str]) -> None:
    """Put a new line below the last key that comes before it, indented like its neighbour."""
    earlier = [pair for pair in pairs if pair.key[0] in before] or pairs[:1]
    if not earlier:
        table.body += line
        _part_from_tables(table)
        return
    above = table.body[earlier[-1].start : earlier[-1].end]
    indent = above[: len(above) - len(above.lstrip(" \t"))]
    at = earlier[-1].end
    table.body = table.body[:at] + indent + line + table.body[at:]


def _part_from_tables(table: Table) -> None:
    """A root that had no keys of its own needs a blank line before its first table."""
    if not table.header and table.children and not table.children[0].lead.startswith("\n"):
        table.children[0].lead = "\n" + table.children[0].lead


def _changed_value(text: str, value: Any) -> str:
    """The text of a value that replaces `text`; a list keeps its comments and its lines."""
    if isinstance(value, list) and text.startswith("["):
        changed = _changed_list(text, value)
        if tomllib.loads(f"value = {changed}\n")["value"] == value:
            return changed
    return value_text(value)


def _changed_list(text: str, values: list[Any]) -> str:
    import tomlkit
    from tomlkit.items import Array

    array = tomlkit.value(text)
    assert isinstance(array, Array)
    matcher = SequenceMatcher(None, [*map(repr, array.unwrap())], [*map(repr, values)], False)
    for what, start, end, new_start, new_end in reversed(matcher.get_opcodes()):
        if what == "equal":
            continue
        for position in reversed(range(start, end)):
            del array[position]
        for value in reversed(values[new_start:new_end]):
            array.insert(start, tomlkit.value(item_text(value)))
    return array.as_string()


def _edit_tables(table: Table, key: str, old: Any, new: Any, order: list[str]) -> None:
    """Bring the tables called `key` inside this one from `old` to `new`."""
    chunks = table.called(key)
    if any(pair.key[0] == key for pair in statements(table.body)):
        _set(table, key, None, order)
    if isinstance(new, dict) or isinstance(old, dict):
        wanted = _one(table, key, chunks, old or {}, new or {})
    else:
        wanted = _many(table, key, chunks, old or [], new or [])
    _arrange(table, key, wanted, order)


def _one(table: Table, key: str, chunks: list[Table], old: Data, new: Data) -> list[Table]:
    if not chunks:
        return [new_table((*table.path, key), new, array=False)] if new else []
    edit(chunks[0], old, new)
    return chunks


def _many(
    table: Table, key: str, chunks: list[Table], old: list[Data], new: list[Data]
) -> list[Table]:
    """The tables for `new`, those of the same part reused and changed in place."""
    pool: defaultdict[object, deque[tuple[Table, Data]]] = defaultdict(deque)
    for chunk, part in zip(chunks, old, strict=False):
        pool[key_of(part)].append((chunk, part))
    wanted: list[Table] = []
    for part in new:
        same = pool[key_of(part)]
        known = same.popleft() if same else table.removed.pop((key, key_of(part)), None)
        if known:
            edit(*known, part)
        wanted.append(known[0] if known else new_table((*table.path, key), part, array=True))
    for name, left in pool.items():
        for gone in left:
            table.removed[key, name] = gone
    return wanted


def _arrange(table: Table, name: str, wanted: list[Table], order: list[str]) -> None:
    """Put the tables called `name` in the wanted order, new ones after their siblings."""
    runs, leading = _runs(wanted, {id(child) for child in table.children})
    kept = {id(child) for child in wanted}
    arranged: list[Table] = []
    orphans = ""
    for child in table.children:
        if child.name == name and id(child) not in kept:
            orphans += _take_apart(child)
            continue
        child.lead, orphans = orphans + child.lead, ""
        arranged += next(runs) if child.name == name else [child]
    table.foot = orphans + table.foot
    at = _place(arranged, name, order) if leading else 0
    table.children = arranged[:at] + leading + arranged[at:]


def _runs(wanted: list[Table], present: set[int]) -> tuple[Any, list[Table]]:
    """Each present table with the new ones that follow it; new ones without any such table."""
    runs: list[list[Table]] = []
    leading: list[Table] = []
    for table in wanted:
        if id(table) in present:
            runs.append([*leading, table])
            leading = []
        else:
            (runs[-1] if runs else leading).append(table)
    return iter(runs), leading


def _place(tables: list[Table], name: str, order: list[str]) -> int:
    """Where the first tables of a name go: after all that come before them in the model."""
    before = set(order[: order.index(name)])
    return max((i for i, table in enumerate(tables, 1) if table.name in before), default=0)


def _take_apart(gone: Table) -> str:
    """Take the comments that stand apart from a removed table's header out of its lead."""
    apart, _, attached = gone.lead.rpartition("\n\n")
    if "#" not in apart:
        return ""
    gone.lead = "\n" + attached
    return apart + "\n"
