"""The program's entry: decides between the full screen and the plain prompts before it draws."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from schemawalk.cli import Folder, cli

SMALLEST = (40, 12)
"""Columns and rows below which the full screen cannot be read."""


def why_plain() -> str:
    """Why the full screen is not to be used here; empty when it can be."""
    if os.environ.get("ACCESSIBLE", "") not in ("", "0"):
        return "ACCESSIBLE is set"
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        return "this is not a terminal"
    if os.environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        return "the terminal says that it is dumb"
    columns, rows = os.get_terminal_size(sys.stdin.fileno())
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        return f"the window is only {columns}x{rows}"
    return ""


@cli.command(name="walk", short_help="Open the wizard (as `schemawalk DIR` does).")
@click.argument("folder", metavar="[DIR]", type=Folder, default=".")
@click.option("--plain", is_flag=True, help="Ask line by line, without drawing.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")
def walk_command(folder: Path, *, plain: bool, no_mouse: bool) -> None:
    """Open the wizard on a folder (what `schemawalk DIR` does).

    SCHEMAWALK_STOCK_OUTPUT=1 redraws whole regions: for a terminal that shows things amiss.
    """
    reason = "asked for" if plain else why_plain()
    if reason:
        from tui.plain.prompts import run_plain

        sys.exit(run_plain(folder, reason))
    from tui.launch import open_wizard

    sys.exit(open_wizard(folder, mouse=not no_mouse))


def main() -> None:
    """Run the command line."""
    import wizard_steps.commands.walking  # noqa: F401  (adds its commands)

    cli(prog_name="schemawalk")
