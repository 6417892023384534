"""The design file `schemawalk.toml`: read, and saved so that no answer and no comment is lost."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from schemawalk.design.atomic import replace
from schemawalk.design.edit import edit
from schemawalk.design.errors import DesignChanged, DesignError, plain, reason
from schemawalk.design.layout import Table, layout
from schemawalk.design.lock import Lock
from schemawalk.design.model import Design
from schemawalk.design.parse import Parsed, checked, parse
from schemawalk.design.spelling import Data, to_file

NAME = "schemawalk.toml"

HEAD = "# The design, kept by Schemawalk. Edit it by hand as you like: comments and order stay.\n"


def load(path: Path) -> Design:
    """Read a design file, without a lock and without writing anything.

    Raises:
        DesignError: It cannot be read, or is not a design.
    """
    name = plain(path.name)
    return parse(_text(_read(path), name), name).design


def loads(text: str, name: str = NAME) -> Design:
    """Read the text of a design file; errors call it `name`.

    Raises:
        DesignError: It is not a design.
    """
    return parse(text, name).design


def dumps(design: Design) -> str:
    """The text of a new file for a design."""
    root = Table(body=HEAD)
    edit(root, {}, to_file(design))
    return root.text()


class DesignFile:
    """A folder's design, open for writing; closes with the block it is opened in."""

    def __init__(self, path: Path, lock: Lock) -> None:
        """Use `DesignFile.open`."""
        self._path = path
        self._name = plain(path.name)
        self._lock: Lock | None = lock
        self._seen: bytes | None = None
        self._parsed: Parsed | None = None
        self._root: Table | None = None
        self._data: Data = {}
        self.design = Design()

    @classmethod
    def open(cls, folder: Path, *, create: bool = True) -> Self:
        """Take the writer's lock of a folder and read its design.

        Args:
            folder: Where `schemawalk.toml` is, or will be once something is saved.
            create: Whether a folder without the file gives an empty design.

        Raises:
            DesignLocked: Another process has it open.
            DesignError: The file cannot be read, is not a design, or is missing.
        """
        path = folder / NAME
        if not folder.is_dir():
            raise DesignError(f"{plain(str(folder))}: not a folder; make it first")
        if not create and not path.exists():
            raise DesignError(
                f"{plain(str(folder))}: there is no {NAME} here; start a design first"
            )
        opened = cls(path, Lock(folder))
        try:
            opened._load()
        except BaseException:
            opened.close()
            raise
        return opened

    def save(self, design: Design) -> None:
        """Put a design on disk, synced, before this returns; only what changed is rewritten.

        Raises:
            DesignChanged: Somebody else wrote the file since; theirs stays.
            DesignError: It cannot be written; the file on disk is as it was.
        """
        if self._lock is None:
            raise ValueError("the design file is closed")
        data = to_file(design)
        checked(data, self._name)
        self._check_unchanged()
        # Taken out while it is edited: after any failure the next save cuts the file anew.
        root, self._root = self._root or self._cut(), None
        try:
            content = self._edited(root, data)
            self._write(content)
        except OSError as error:
            what = f"not saved ({reason(error)}); the file is as it was"
            raise DesignError(f"{self._name}: {what}") from None
        self._root, self._seen, self._data, self.design = root, content, data, design

    def close(self) -> None:
        """Let another process write; closing twice is harmless."""
        if self._lock:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _load(self) -> None:
        if not self._path.exists() and not self._path.is_symlink():
            return
        self._seen = _read(self._path)
        self._parsed = parse(_text(self._seen, self._name), self._name)
        self.design = self._parsed.design
        self._data = to_file(self.design)

    def _check_unchanged(self) -> None:
        try:
            now = self._path.read_bytes()
        except FileNotFoundError:
            now = None
        except OSError as error:
            raise _unreadable(self._name, error) from None
        if now != self._seen:
            what = "removed" if now is None else "changed"
            raise DesignChanged(
                f"{self._name}: {what} by somebody else since it was read, and left so; "
                "open the design again to go on from what is there"
            )

    def _edited(self, root: Table, data: Data) -> bytes:
        """The content of the file with `data` in place of what it holds now."""
        edit(root, self._data, data)
        text = root.text()
        return (text.replace("\n", "\r\n") if _ends_in_crlf(self._seen) else text).encode()

    def _cut(self) -> Table:
        """The tables of the file as it was read, brought to the format of today."""
        if self._seen is None:
            return Table(body=HEAD)
        text = _text(self._seen, self._name)
        root = layout(text if text.endswith("\n") else text + "\n")
        if self._parsed:
            edit(root, self._parsed.written, self._parsed.data)
        return root

    def _write(self, content: bytes) -> None:
        if content == self._seen:
            return
        if self._seen is None:
            replace(self._path, content)
            return
        mode = stat.S_IMODE(self._path.stat().st_mode)
        if self._parsed and self._parsed.written is not self._parsed.data:
            replace(self._backup(self._parsed.written.get("format", 0)), self._seen, mode=mode)
        replace(self._path, content, mode=mode)
        self._parsed = None

    def _backup(self, version: int) -> Path:
        """Where a file of an older format is kept; never over another one."""
        stem = f"{NAME}.format{version}"
        names = [f"{stem}.bak", *(f"{stem}.{number}.bak" for number in range(2, 100))]
        paths = [self._path.with_name(name) for name in names]
        return next((path for path in paths if not path.exists()), paths[-1])


def _ends_in_crlf(content: bytes | None) -> bool:
    return content is not None and content.count(b"\r\n") * 2 > content.count(b"\n")


def _read(path: Path) -> bytes:
    name = plain(path.name)
    try:
        if path.exists() and not path.is_file():
            raise DesignError(f"{name}: not a file; move it away, or name another")
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: OSError) -> DesignError:
    return DesignError(f"{name}: cannot be read ({reason(error)}); check its name and permissions")


def _text(content: bytes, name: str) -> str:
    """The text of a file; line ends as in TOML, without the mark that some editors put first."""
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DesignError(f"{name}:{line}: not UTF-8 text; save it as UTF-8") from None
    return text.replace("\r\n", "\n")
