"""Journeys walked to proven files by keys alone, on a real terminal: questions, presses, minutes.

    python -m benchmarks.walk_by_keys FOLDER... [--taught] [--size 80x24]

Each folder holds a team's documents; it is copied, never written to.  The quick way takes whole
proposals; the taught way answers each question as recommended.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemawalk.design.file import NAME, load
from tests.terminal import PROGRAM, Terminal
from wizard_steps import walk

_PROVEN: Final = re.compile(r"\w+: \d+ of \d+ checks hold")
LONGEST = 3600.0
"""Seconds after which a walk is given up."""


@dataclass
class Walked:
    """What one walk took."""

    presses: int
    questions: int
    answered: int
    seconds: float
    proofs: str


def walked(documents: Path, columns: int, rows: int, *, taught: bool) -> Walked:
    """Walk one folder's documents to the end; raises AssertionError when it does not get there."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / documents.name
        shutil.copytree(documents, folder)
        (folder / NAME).unlink(missing_ok=True)
        began = time.monotonic()
        with Terminal(columns, rows) as terminal:
            terminal.run([*PROGRAM, str(folder)])
            terminal.until(
                lambda text: "Opening" not in text and "Reading" not in text and "▸" in text
            )
            if taught:
                terminal.press("m")
            _to_the_plan(terminal, began)
            terminal.press("enter")
            shown = terminal.until(lambda text: "PostgreSQL:" in text and "SQLite:" in text, 300)
            proofs = "; ".join(_PROVEN.findall(shown))
            presses = terminal.presses
            terminal.press("ctrl+q")
            terminal.until_gone()
        seconds = time.monotonic() - began
        design = load(folder / NAME)
        answered, asked = walk.progress(design)
    return Walked(presses, asked, answered, seconds, proofs)


def _to_the_plan(terminal: Terminal, began: float) -> None:
    """Press enter until the plan is shown."""
    while "Nothing is written yet" not in terminal.text:
        if time.monotonic() - began > LONGEST:
            raise AssertionError(f"no end in sight:\n{terminal.text}")
        terminal.press("enter")
        terminal.until_quiet(0.12)


def main() -> None:
    """Walk each folder, and print a row for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--taught", action="store_true")
    parser.add_argument("--size", default="80x24")
    wanted = parser.parse_args()
    columns, rows = map(int, wanted.size.split("x"))
    print(f"{'journey':<24}{'questions':>10}{'presses':>9}{'minutes':>9}  proof")
    for folder in wanted.folders:
        done = walked(folder, columns, rows, taught=wanted.taught)
        print(f"{folder.name:<24}{done.questions:>10}{done.presses:>9}{done.seconds / 60:>9.1f}"
              f"  {done.proofs}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
