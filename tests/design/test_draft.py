"""The text being typed outlives a lost connection."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemawalk.design.draft import clear_draft, load_draft, save_draft


@given(text=st.text(st.characters(), max_size=30))
def test_a_draft_comes_back_as_it_was_typed(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Whatever a terminal may paste, half a character included."""
    folder = tmp_path_factory.mktemp("draft")
    assert save_draft(folder, "document.purpose", text)
    assert load_draft(folder) == ("document.purpose", text)


def test_the_last_draft_counts_until_it_is_cleared(tmp_path: Path) -> None:
    """There is one draft, and after an answer there is none."""
    assert load_draft(tmp_path) is None
    save_draft(tmp_path, "a", "one")
    save_draft(tmp_path, "b", "two")
    assert load_draft(tmp_path) == ("b", "two")
    clear_draft(tmp_path)
    clear_draft(tmp_path)
    assert load_draft(tmp_path) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"question": 5, "text": "x"}', b"[]", b"\xff", b"[" * 100_000]
)
def test_a_broken_draft_is_no_draft(tmp_path: Path, content: bytes) -> None:
    """It never stops anybody, and the next one replaces it."""
    save_draft(tmp_path, "a", "one")
    (tmp_path / ".schemawalk" / "draft.json").write_bytes(content)
    assert load_draft(tmp_path) is None
    assert save_draft(tmp_path, "a", "two")
    assert load_draft(tmp_path) == ("a", "two")


def test_a_draft_that_cannot_be_kept_is_said_without_raising(tmp_path: Path) -> None:
    """Typing goes on."""
    assert not save_draft(tmp_path / "nowhere", "a", "one")
    assert load_draft(tmp_path / "nowhere") is None
    clear_draft(tmp_path / "nowhere")
