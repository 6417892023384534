"""How long until there is something to read: the wizard beside a bare Textual app, in one run.

    python -m benchmarks.first_paint [STARTS]

Both are started in turn on a pseudo-terminal of 100x30, so that both meet the same machine.  Times
are in milliseconds, from the start of the process until the text is on the screen.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.terminal import PROGRAM, ROOT, Terminal

BARE = """
from textual.app import App
from textual.widgets import Footer, OptionList

class Bare(App):
    def compose(self):
        yield OptionList("Something to read", "More of it")
        yield Footer()

Bare().run()
"""
WIDTH, HEIGHT = 100, 30
DOCUMENTS = ROOT / "examples" / "compliance-saas" / "product-guidelines"


def until(argv: list[str], *texts: str) -> list[float]:
    """Milliseconds from the start until each text is on the screen, in their order."""
    with Terminal(WIDTH, HEIGHT) as terminal:
        started = time.perf_counter()
        terminal.run(argv)
        times = []
        for text in texts:
            terminal.until(text)
            times.append((time.perf_counter() - started) * 1000)
        return times


def measure(starts: int) -> dict[str, list[float]]:
    """Times by what is waited for; the first start of each is thrown away."""
    found: dict[str, list[float]] = {"bare": [], "skeleton": [], "new": [], "again": []}
    for number in range(starts + 1):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "acme"
            shutil.copytree(DOCUMENTS, folder / "product-guidelines")
            bare = until([sys.executable, "-c", BARE], "Something to read")
            new = until([*PROGRAM, str(folder)], "Opening", "9 steps from 3 documents")
            again = until([*PROGRAM, str(folder)], "9 steps from 3 documents")
        if number:
            found["bare"] += bare
            found["skeleton"] += new[:1]
            found["new"] += new[1:]
            found["again"] += again
    return found


def main() -> None:
    """Print medians, spread and ratios."""
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    found = measure(starts)
    bare = statistics.median(found["bare"])
    names = {
        "bare": "bare Textual app (Footer, OptionList)",
        "skeleton": "first paint of the wizard",
        "new": "first step, documents read",
        "again": "first step of a design that exists",
    }
    for key, words in names.items():
        times = found[key]
        spread = f"{min(times):.0f} to {max(times):.0f}"
        median = statistics.median(times)
        print(f"{words:<38} {median:6.0f} ms  ({spread})  {median / bare:.2f}x")


if __name__ == "__main__":
    main()
