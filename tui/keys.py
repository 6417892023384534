"""The keys of the walk: which action each calls, what it is called where, and how it is shown."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

_SHOWN: Final = {
    "question_mark": "?", "left_square_bracket": "[", "right_square_bracket": "]",
    "right": "→", "left": "←",
}  # fmt: skip

BINDINGS: Final = (
    Binding("enter", "choose", "take or choose", id="choose"),
    Binding("space", "tick", "leave out, tick", id="tick"),
    Binding("t,right", "walk", "walk its questions", id="walk"),
    Binding("b,left,shift+tab,f8,escape", "back", "back", id="back"),
    Binding("w,f2", "why", "why it matters", id="why"),
    Binding("i,f3", "unknown", "I don't know yet", id="unknown"),
    Binding("a,ctrl+n", "own", "add your own", id="own"),
    Binding("s,tab,f7", "side", "what follows so far", id="side"),
    Binding("j,f4", "jump", "jump to a step or question", id="jump"),
    Binding("u,f5", "undo", "undo", id="undo"),
    Binding("r,f6", "redo", "redo", id="redo"),
    Binding("o,f9", "write", "plan, write, prove", id="write"),
    Binding("left_square_bracket,ctrl+up", "scroll_side(-5)", "panel up", id="side-up"),
    Binding("right_square_bracket,ctrl+down", "scroll_side(5)", "panel down", id="side-down"),
    Binding("c,f12", "app.toggle_theme", "dark or light", id="theme"),
    Binding("question_mark,f1", "help", "all keys", id="help"),
    Binding("q,ctrl+q,f10", "leave", "leave, all is saved", id="leave"),
)
"""All keys; the same action has a function key because letters are text inside a field."""

_LINE: Final = {
    "proposal": (
        ("choose", "take it"), ("tick", "leave out"), ("walk", "walk its questions"),
        ("back", "back"), ("own", "add"), ("side", "panel"), ("jump", "jump"), ("undo", "undo"),
        ("write", "write"), ("leave", "leave"), ("help", "keys"),
    ),
    "question": (
        ("choose", "choose"), ("back", "back"), ("why", "why"), ("unknown", "don't know"),
        ("side", "panel"), ("jump", "jump"), ("undo", "undo"), ("leave", "leave"),
        ("help", "keys"),
    ),
    "several": (
        ("choose", "done"), ("tick", "tick"), ("own", "add"), ("back", "back"), ("why", "why"),
        ("unknown", "don't know"), ("side", "panel"), ("undo", "undo"), ("help", "keys"),
    ),
    "field": (
        ("choose", "done"), ("back", "back"), ("why", "why"), ("unknown", "don't know"),
        ("side", "panel"), ("jump", "jump"), ("leave", "leave"), ("help", "keys"),
    ),
    "write": (
        ("choose", "go on"), ("back", "back"), ("side", "panel"), ("jump", "jump"),
        ("leave", "leave"), ("help", "keys"),
    ),
    "busy": (("back", "stop"), ("leave", "leave"), ("help", "keys")),
    "opening": (("leave", "leave"), ("help", "keys")),
}  # fmt: skip


def entries(kind: str, useless: frozenset[str], *, typing: bool) -> list[tuple[str, str]]:
    """Key and word for the line of keys; inside a field those that are not text.

    `useless` are ids of keys that are not worth showing.
    """
    left_out = useless | {"tick"} if typing else useless
    keys = {binding.id: binding.key.split(",") for binding in BINDINGS}
    return [(shown(_pick(keys[name], typing)), words) for name, words in _LINE[kind]
            if name not in left_out]  # fmt: skip


def _pick(keys: list[str], typing: bool) -> str:
    if not typing:
        return keys[0]
    return next((key for key in keys if len(key) > 1 and key not in ("left", "right", "space",
                 "question_mark")), keys[0])  # fmt: skip


def shown(key: str) -> str:
    """A key as it is written on screen."""
    return _SHOWN.get(key, key)


def table() -> list[tuple[str, str]]:
    """All keys of each action, and what it does, for the help."""
    rows = []
    for binding in BINDINGS:
        keys = "  ".join(shown(key) for key in binding.key.split(",") if key != "escape")
        rows.append((keys, binding.description))
    return rows
