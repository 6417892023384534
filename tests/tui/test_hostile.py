"""Text from outside is text: it neither breaks the screen nor speaks to the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.design.file import dumps
from schemawalk.design.model import AccessPattern, Attribute, Design, Entity, Relationship, Step
from schemawalk.design.whole import Product, Source
from tests.terminal import Starter
from tests.tui.conftest import opened
from tui.safe import column, cut, safe
from wizard_steps import walk

HOSTILE = (
    "[/foo]", "[bold red]x[/]", "\x1b[31mred\x1b[0m", "\x1b]52;c;aGVsbG8=\x07", "\x1b]0;t\x07",
    "\x9b31m", "\u202etxet\u202c \u2066x\u2069", "a" * 300, "👩\u200d👩\u200d👧 e\u0301 日本語",
    "{thing} {0} %s $PATH", "tab\there\nline",
)  # fmt: skip
"""Markup, escape sequences, right-to-left overrides, long words, wide and joined characters."""


def hostile_design() -> Design:
    """A design in which everything that people name is called something nasty."""
    steps = tuple(
        Step(id=f"s{i}", title=text, text=f"the user {text}", file=text, line=i)
        for i, text in enumerate(HOSTILE)
    )
    entities = tuple(
        Entity(
            id=f"e{i}", name=text, aliases=(text,), steps=(f"s{i}",),
            attributes=(Attribute(id=f"e{i}.a", name=text, values=(text, "b"), purpose=text),),
        )
        for i, text in enumerate(HOSTILE)
    )  # fmt: skip
    links = (Relationship(id="l", a="e0", b="e1", role=HOSTILE[3]),)
    patterns = (AccessPattern(id="p", name=HOSTILE[3], entity="e2", equals=("a",)),)
    return Design(
        product=Product(name=HOSTILE[3]), steps=steps, entities=entities, relationships=links,
        access_patterns=patterns, sources=(Source(kind="journey", path=HOSTILE[2]),),
    )  # fmt: skip


@pytest.fixture
def hostile_folder(tmp_path: Path) -> Path:
    """A folder with such a design."""
    (tmp_path / "schemawalk.toml").write_text(dumps(hostile_design()))
    return tmp_path


@pytest.mark.parametrize("text", HOSTILE)
def test_safe_keeps_what_can_be_read_and_drops_the_rest(text: str) -> None:
    """Brackets stay letters; nothing that a terminal obeys is left."""
    plain = safe(text).plain
    assert all(c.isprintable() or c in "\n\u200d" for c in plain)
    if text.startswith("["):
        assert plain == text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [1, 2, 7, 40])
def test_a_column_is_as_wide_as_asked(text: str, width: int) -> None:
    """Whatever is in it, and what is cut says so."""
    assert safe(column(text, width)).cell_length == width
    if len(text) > 200:
        assert cut(text, width).endswith("…")


async def test_no_step_breaks_on_hostile_names(hostile_folder: Path) -> None:
    """Every proposal, a question of each, the panel and the list of questions are drawn."""
    async with opened(hostile_folder, (120, 40)) as walker:
        await walker.press("j", "down", "shift+tab")
        for each in walk.WALK:
            walker.session.go(each.id)
            walker.screen.show()
            await walker.press("down", "s", "t", "w")
            assert "\x1b" not in walker.shown
            assert "\u202e" not in walker.shown


def test_nothing_hostile_reaches_the_terminal(hostile_folder: Path, starter: Starter) -> None:
    """Not one of the sequences is among the bytes that the program sends."""
    with starter.start(hostile_folder, 120, 40) as terminal:
        terminal.until("Sources")
        for _ in range(9):
            terminal.until_quiet(0.2)
            terminal.press("t", "b", "b", "enter", "s")
        terminal.until_quiet()
        sent = bytes(terminal.output)
    for raw in (b"\x1b]52", b"\x1b]0;t", b"\x9b31m".decode("latin-1").encode(), "\u202e".encode()):
        assert raw not in sent
