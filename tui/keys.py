"""The keys of the walk: which action each calls, what it is called where, and how it is shown."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

_SHOWN: Final = {
    "question_mark": "?", "left_square_bracket": "[", "right_square_bracket": "]",
    "right": "→", "left": "←", "slash": "/",
}  # fmt: skip

BINDINGS: Final = (
    Binding("enter", "choose", "take or choose", id="choose"),
    Binding("space,insert", "tick", "leave out, tick", id="tick"),
    Binding("t,right", "walk", "walk its questions", id="walk"),
    Binding("f", "fix", "fix what the review finds", id="fix"),
    Binding("v", "accept", "accept it for a reason", id="accept"),
    Binding("b,left,shift+tab,f8,escape", "back", "back", id="back"),
    Binding("m,f11", "way", "quick way or taught way", id="way"),
    Binding("slash", "filter", "narrow the list by typing", id="filter"),
    Binding("w,f2", "why", "why it matters, all of it", id="why"),
    Binding("e,ctrl+r", "reason", "say why you answer so", id="reason"),
    Binding("i,f3", "unknown", "I don't know yet", id="unknown"),
    Binding("a,ctrl+n", "own", "add your own", id="own"),
    Binding("s,tab,f7", "side", "what follows so far", id="side"),
    Binding("j,f4", "jump", "jump to a step or question", id="jump"),
    Binding("u,f5", "undo", "undo", id="undo"),
    Binding("r,f6", "redo", "redo", id="redo"),
    Binding("o,f9", "write", "plan, write, prove", id="write"),
    Binding("d", "documents", "read the documents again", id="documents"),
    Binding("up", "move(-1)", "line up", id="up"),
    Binding("down", "move(1)", "line down", id="down"),
    Binding("pageup", "move(-10)", "ten lines up", id="page-up"),
    Binding("pagedown", "move(10)", "ten lines down", id="page-down"),
    Binding("left_square_bracket,ctrl+up", "scroll_side(-5)", "panel up", id="side-up"),
    Binding("right_square_bracket,ctrl+down", "scroll_side(5)", "panel down", id="side-down"),
    Binding("y,ctrl+y", "copy", "copy what is shown", id="copy"),
    Binding("ctrl+e", "edit", "your editor, in a field", id="edit", priority=True),
    Binding("c,f12", "app.toggle_theme", "the next colours", id="theme"),
    Binding("ctrl+l", "app.paint_anew", "draw the screen anew", id="paint"),
    Binding("question_mark,f1", "help", "all keys", id="help"),
    Binding("q,ctrl+q,f10", "leave", "leave, all is saved", id="leave"),
)
"""All keys; the same action has a function key because letters are text inside a field."""

_LINE: Final = {
    "proposal": (
        ("choose", "take it"), ("tick", "leave out"), ("fix", "fix"), ("accept", "accept"),
        ("why", "read on"), ("walk", "its questions"),
        ("back", "back"), ("way", "way"), ("filter", "filter"), ("own", "add"),
        ("side", "panel"), ("jump", "jump"), ("undo", "undo"), ("write", "write"),
        ("leave", "leave"), ("help", "keys"),
    ),
    "question": (
        ("choose", "choose"), ("back", "back"), ("way", "way"), ("unknown", "don't know"),
        ("why", "why"), ("reason", "reason"), ("side", "panel"), ("jump", "jump"),
        ("undo", "undo"), ("leave", "leave"), ("help", "keys"),
    ),
    "several": (
        ("choose", "done"), ("tick", "tick"), ("back", "back"), ("way", "way"), ("own", "add"),
        ("edit", "editor"), ("unknown", "don't know"), ("filter", "filter"), ("why", "why"),
        ("reason", "reason"), ("side", "panel"), ("undo", "undo"), ("help", "keys"),
    ),
    "field": (
        ("choose", "done"), ("back", "back"), ("way", "way"), ("unknown", "don't know"),
        ("why", "why"), ("reason", "reason"), ("edit", "editor"), ("side", "panel"),
        ("jump", "jump"), ("leave", "leave"), ("help", "keys"),
    ),
    "write": (
        ("choose", "go on"), ("tick", "choose database"), ("back", "back"), ("filter", "filter"),
        ("side", "panel"), ("jump", "jump"), ("leave", "leave"), ("help", "keys"),
    ),
    "filter": (("choose", "act on it"), ("up", "up"), ("down", "down"), ("back", "whole list")),
    "reason": (("choose", "keep it"), ("back", "leave it")),
    "panel": (
        ("choose", "close"), ("side", "next panel"), ("up", "up"), ("down", "down"),
        ("copy", "copy"), ("jump", "jump"), ("undo", "undo"), ("leave", "leave"), ("help", "keys"),
    ),
    "busy": (("back", "stop"), ("leave", "leave"), ("help", "keys")),
    "opening": (("leave", "leave"), ("help", "keys")),
}  # fmt: skip
"""What the line of keys shows, by what the middle shows; the first that fit."""

_QUESTIONS: Final = frozenset(("question", "several", "field"))
ONLY: Final = {
    "tick": frozenset(("proposal", "several", "write")),
    "walk": frozenset(("proposal",)),
    "fix": frozenset(("proposal",)),
    "accept": frozenset(("proposal",)),
    "own": frozenset(("proposal", "several")),
    "unknown": _QUESTIONS,
    "why": _QUESTIONS | {"proposal"},
    "edit": frozenset(("several", "field")),
    "filter": frozenset(("proposal", "question", "several", "write")),
}
"""Keys that do something at some kinds of view only."""

UNSAID: Final = frozenset(("up", "down", "page-up", "page-down"))
"""Keys that nobody needs to be told of."""


def sensible(kind: str, useless: frozenset[str]) -> list[Binding]:
    """The keys that do something at a kind of view, in the order of the table."""
    return [
        binding
        for binding in BINDINGS
        if binding.id not in useless | UNSAID
        and kind in ONLY.get(binding.id or "", frozenset((kind,)))
    ]


def entries(kind: str, useless: frozenset[str], *, typing: bool) -> list[tuple[str, str]]:
    """Key and word for the line of keys; inside a field those that are not text.

    `useless` are ids of keys that are not worth showing.
    """
    left_out = useless | {"tick", "filter"} if typing else useless
    left_out |= {"edit"} if "own" in useless else set()
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


def row(binding: Binding) -> tuple[str, str]:
    """All keys of an action, and what it does, for the help and the palette."""
    keys = "  ".join(shown(key) for key in binding.key.split(",") if key != "escape")
    return keys, binding.description


def table() -> list[tuple[str, str]]:
    """All keys of each action, and what it does."""
    return [row(binding) for binding in BINDINGS if binding.id not in UNSAID]
