"""Opens the full screen on a folder, and says after it has closed what the screen cannot."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Final

REFUSED: Final = 3
"""Exit code when the design file is locked, broken, or cannot be written."""


def open_wizard(folder: Path, *, mouse: bool = True) -> int:
    """Show the wizard until somebody leaves it.

    Returns the exit code: 0, or 3 with one sentence on stderr when the design cannot be opened or
    saved, or 128 + n when signal n ended it.
    """
    if not folder.is_dir():
        return _refused(f"{folder}: not a folder; make it first")
    from tui import preferences
    from tui.terminal import background

    with background.asking(wanted=not preferences.colours_decided()) as asked:
        from tui.app import WizardApp

        heard = asked.heard()
    app = WizardApp(folder, heard)
    app.run(mouse=mouse)
    if app.parting:
        return _refused(app.parting)
    code = app.return_code or 0
    if code == 0:
        _say(app.last_words)
    return code


def _say(lines: Sequence[str]) -> None:
    from schemawalk.printable import printable

    if isinstance(sys.stdout, TextIOWrapper):  # a terminal of another encoding is no reason to fail
        sys.stdout.reconfigure(errors="replace")
    for line in lines:
        print(printable(line).replace("\n", " "), flush=True)


def _refused(sentence: str) -> int:
    from schemawalk.printable import one_line

    print(f"schemawalk: {one_line(sentence)}", file=sys.stderr)
    return REFUSED
