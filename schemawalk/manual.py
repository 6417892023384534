"""The command that prints the manual page, for `man -l -` and for those who install it by hand."""

from __future__ import annotations

from importlib import resources
from typing import Final

import click

from schemawalk.cli import cli

PAGE: Final = "schemawalk.1"
"""The page's file in this package; it is made from the commands (`make manual`)."""


@cli.command(short_help="Print the manual page.")
def manual() -> None:
    """Print the manual page as roff: `schemawalk manual | man -l -` shows it."""
    click.echo(page(), nl=False)


def page() -> str:
    """The manual page, in roff."""
    return resources.files("schemawalk").joinpath(PAGE).read_text(encoding="utf-8")
