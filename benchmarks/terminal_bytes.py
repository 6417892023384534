"""Bytes that a terminal is sent: this program beside others made with Textual, in one run.

    python -m benchmarks.terminal_bytes [--cache FOLDER]

Each runs on a pseudo-terminal of 100x30 that answers as modern terminals do.  The others are
installed from PyPI, each into an environment of its own below the cache folder.  The figures of
keys are means: of what comes within 0.3 s after a key, so that a cursor that blinks counts as far
as it blinks in that time.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.line import Line
from tests.terminal import PROGRAM, ROOT
from tui.terminal.cells import OFF

WIDTH, HEIGHT = 100, 30
AFTER_A_KEY = 0.3
"""Seconds in which what a key leads to is counted."""
IDLE = 2.0
SETTLED = 2.0
"""Seconds until a program has drawn what it draws by itself."""
TEXT = "acme.example"
ITEMS = 60
"""Requests, tables, options: more than there is height for."""

F6 = "\x1b[17~"
TO_COLUMNS = ("enter",) * 5
"""To the proposal of columns: the longest list."""
TO_FRAMEWORK = ("enter", "down", "down", "down", "t")
"""To the question for the framework, which is answered in words."""

HELLO = f"""
from textual.app import App
from textual.widgets import Footer, Header, Input, ListItem, ListView, Label

class Hello(App):
    BINDINGS = [("ctrl+s", "bell", "Save"), ("f1", "bell", "Help")]
    def compose(self):
        yield Header()
        yield Input(placeholder="type")
        yield ListView(*(ListItem(Label(f"Item number {{n}}")) for n in range({ITEMS})))
        yield Footer()

Hello().run()
"""


@dataclass(frozen=True)
class Program:
    """One program, and the keys that lead to its field and to its list."""

    name: str
    argv: Sequence[str]
    ready: str
    """What it shows when it is ready for keys."""
    to_field: Sequence[str] = ()
    to_list: Sequence[str] = ()
    prepare: Callable[[Path], Sequence[str]] = lambda _: ()
    """Makes files in an empty folder; gives the arguments that name them."""
    pins: Sequence[str] = ()
    """What is installed from PyPI."""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """Bytes."""

    start: int
    character: float
    arrow: float
    scrolling: float
    idle: int


def documents(folder: Path) -> Sequence[str]:
    """The example's documents."""
    shutil.copytree(ROOT / "examples" / "compliance-saas" / "product-guidelines",
                    folder / "acme" / "product-guidelines")  # fmt: skip
    return [str(folder / "acme")]


def requests(folder: Path) -> Sequence[str]:
    """A collection of HTTP requests."""
    for number in range(ITEMS):
        (folder / f"request{number}.posting.yaml").write_text(
            f"name: request number {number}\nurl: https://acme.example/{number}\n"
        )
    return ["--collection", str(folder)]


def tables(folder: Path) -> Sequence[str]:
    """A database of empty tables."""
    with sqlite3.connect(folder / "acme.db") as connection:
        for number in range(ITEMS):
            connection.execute(f"CREATE TABLE thing_number_{number} (id integer)")
    return [str(folder / "acme.db")]


def programs(cache: Path) -> Sequence[Program]:
    """Whom we measure."""
    ours = Program("schemawalk", PROGRAM, "9 steps from", TO_FRAMEWORK, TO_COLUMNS, documents)
    return (
        ours,
        replace(ours, name="schemawalk, stock output", environment={OFF: "1"}),
        Program("bare Textual app", [sys.executable, "-c", HELLO], "Item number 3",
                to_list=["tab"]),
        Program("posting 2.11.0", [_installed(cache, "posting")], "Posting",
                prepare=requests, pins=("posting==2.11.0", "tree-sitter==0.25.2"),
                to_list=["\x0f", "tab"]),
        Program("harlequin 2.17.0", [_installed(cache, "harlequin"), "-a", "sqlite"], "main db",
                prepare=tables, pins=("harlequin==2.17.0",),
                to_field=["f2"], to_list=[F6, "enter"]),
    )  # fmt: skip


def _installed(cache: Path, name: str) -> str:
    """Where a program of another environment is, or will be."""
    return str(cache / name / "bin" / name)


def install(program: Program) -> None:
    """Put a program into an environment of its own, unless it is there."""
    if not program.pins or Path(program.argv[0]).exists():
        return
    folder = Path(program.argv[0]).parents[1]
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, *program.pins], check=True)


def _home(folder: Path) -> dict[str, str]:
    """Where a program keeps what it keeps: nothing from before."""
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    return dict.fromkeys(names, str(folder / "home"))


@contextmanager
def started(program: Program, keys: Sequence[str]) -> Iterator[tuple[Line, int]]:
    """A program where keys lead, and the bytes that it sent before it was quiet at first."""
    with tempfile.TemporaryDirectory() as name, Line(WIDTH, HEIGHT) as line:
        folder = Path(name)
        arguments = program.prepare(folder)
        line.run([*program.argv, *arguments], {**_home(folder), **program.environment})
        line.until(program.ready)
        line.until_quiet(AFTER_A_KEY)
        start = len(line.output)
        line.cost_within(SETTLED)
        for key in keys:
            line.cost_within(SETTLED, key)
        yield line, start


def mean_cost(line: Line, keys: Sequence[str]) -> float:
    """Bytes a key, on average."""
    return statistics.mean(line.cost_within(AFTER_A_KEY, key) for key in keys)


def measured(program: Program) -> Measured:
    """One program, started once for its field and once for its list."""
    with started(program, program.to_field) as (line, start):
        character = mean_cost(line, TEXT)
    with started(program, program.to_list) as (line, _):
        arrow = mean_cost(line, ["down"] * 8)
        line.cost_within(SETTLED, *["down"] * 8)
        scrolling = mean_cost(line, ["down"] * HEIGHT)
        line.cost_within(SETTLED)
        return Measured(start, character, arrow, scrolling, line.cost_within(IDLE))


def main() -> None:
    """Install what is not there yet, measure, print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    usual = Path(tempfile.gettempdir()) / "terminal_bytes"
    parser.add_argument("--cache", type=Path, default=usual, help="keeps the others' environments")
    cache = parser.parse_args().cache.resolve()
    print(f"{'bytes at 100x30':<26}{'start':>9}{'character':>11}{'arrow':>9}{'scrolling':>11}"
          f"{'idle 2 s':>10}")  # fmt: skip
    for program in programs(cache):
        install(program)
        found = measured(program)
        print(f"{program.name:<26}{found.start:9,}{found.character:11,.0f}{found.arrow:9,.0f}"
              f"{found.scrolling:11,.0f}{found.idle:10,}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
