"""Reads any file as clean text: one line ending, no control characters, never a crash."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

LARGEST_BYTES = 64 * 1024 * 1024
"""Files above this size are refused: no document that people wrote is as long."""

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, the longer ones first: UTF-32 LE begins with the mark of UTF-16 LE."""

_TERMINAL_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|[@-Z\\-_])")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LINE_ENDING = re.compile("\r\n|\r|\u2028|\u2029")


class ReadingError(Exception):
    """A file cannot be read; the message says which, what is wrong, and what to do."""


def read_text(path: Path) -> str:
    """Return the clean text of `path`, whatever its encoding.

    Raises ReadingError when it is missing, not a plain file, too large, or not readable.
    """
    return decode(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Return the bytes of `path`; raises ReadingError as `read_text` does."""
    try:
        _refuse_what_is_no_document(path)
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadingError(f"{path}: there is no such file; check the path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ReadingError(
            f"{path}: cannot be read ({reason}); check its permissions and path."
        ) from error


def _refuse_what_is_no_document(path: Path) -> None:
    size = path.stat().st_size
    if path.is_dir():
        raise ReadingError(f"{path}: is a folder; name a file in it.")
    if not path.is_file():
        raise ReadingError(f"{path}: is not a plain file; name a text file.")
    if size > LARGEST_BYTES:
        raise ReadingError(
            f"{path}: is larger than {LARGEST_BYTES // 2**20} MB; give only the part to be read."
        )


def decode(data: bytes) -> str:
    """Return bytes as clean text: by byte order mark, else UTF-8, else Windows-1252 or Latin-1."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return clean(data.decode(encoding, errors="replace"))
    if data.count(0) and (wide := _wide(data[:8192])):
        return clean(data.decode(wide, errors="replace"))
    for encoding in ("utf-8", "cp1252"):
        try:
            return clean(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return clean(data.decode("latin-1"))


def clean(text: str) -> str:
    """Normalise line endings and drop control characters, terminal sequences and bidi overrides."""
    text = _LINE_ENDING.sub("\n", text)
    if "\x1b" in text:
        text = _TERMINAL_SEQUENCE.sub("", text)
    return _UNWANTED.sub("", text)


def looks_like_text(data: bytes) -> bool:
    """Tell whether bytes may be text: a byte order mark, or hardly any control characters."""
    beginning = data[:8192]
    if any(data.startswith(mark) for mark, _ in _MARKS) or _wide(beginning):
        return True
    controls = sum(1 for byte in beginning if byte < 32 and byte not in b"\t\n\r\f\x1b\0")
    return controls + beginning.count(0) <= len(beginning) // 20


def _wide(data: bytes) -> str | None:
    """Return the encoding of UTF-16 without a mark: every other byte of plain English is zero."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) < len(data) // 4 or min(even, odd) > len(data) // 100:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"
