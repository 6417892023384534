"""Any file becomes clean text, or one sentence that says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemawalk.reading.text import ReadingError, clean, decode, looks_like_text, read_text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"]
)
def test_every_common_encoding_reads_alike(tmp_path: Path, encoding: str) -> None:
    """The same words come out, whatever the editor wrote them in."""
    words = "## Café owner opens the café, twice a day, and writes the café's menu\n"
    path = tmp_path / "journey.md"
    path.write_bytes(words.encode(encoding))
    assert read_text(path) == words


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_a_mark_is_recognised(encoding: str) -> None:
    """Letters beyond Latin-1 survive, which dropping zero bytes would not do."""
    assert decode("Zażółć: a clerk in Łódź opens a claim\n".encode(encoding)).startswith("Zażółć")


def test_line_endings_become_one(tmp_path: Path) -> None:
    """Windows, old Mac and Unix endings count as one line each."""
    path = tmp_path / "mixed.md"
    path.write_bytes(b"one\r\ntwo\rthree\n")
    assert read_text(path) == "one\ntwo\nthree\n"


def test_what_a_terminal_would_obey_is_dropped() -> None:
    """Colours, titles, NUL, C1 and overrides of direction vanish; the words stay."""
    nasty = "a\x1b[31mred\x1b[0m\x00\x9b2J\u202edesrever\u2066x\u2069\x07 tab\tend"
    assert clean(nasty) == "ared2Jdesreverx tab\tend"


def test_right_to_left_words_and_emoji_stay() -> None:
    """Text of other scripts is text."""
    assert clean("العميل 🧾 לקוח [/foo]") == "العميل 🧾 לקוח [/foo]"


@pytest.mark.parametrize(("name", "says"), [("missing.md", "no such file"), ("", "is a folder")])
def test_trouble_is_one_sentence(tmp_path: Path, name: str, says: str) -> None:
    """Which file, what is wrong, what to do."""
    with pytest.raises(ReadingError, match=says) as caught:
        read_text(tmp_path / name)
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_device_is_refused_and_not_waited_for() -> None:
    """An endless file must not be read to its end."""
    with pytest.raises(ReadingError, match="not a plain file"):
        read_text(Path("/dev/zero"))


@given(st.binary(max_size=400))
def test_junk_never_crashes(data: bytes) -> None:
    """Any bytes give text without control characters."""
    text = decode(data)
    assert not [char for char in text if char < " " and char not in "\n\t"]
    assert isinstance(looks_like_text(data), bool)


def test_a_program_is_not_taken_for_text() -> None:
    """Binary files are told apart from prose."""
    assert not looks_like_text(bytes(range(32)) * 100)
    assert looks_like_text("Une étape, dann noch eine.".encode("cp1252"))
