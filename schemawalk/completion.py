"""What a shell completes: names that commands know, and the script that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
)

VARIABLE: Final = "_SCHEMAWALK_COMPLETE"
"""Set by the script when it asks the program what would fit."""
SHELLS: Final = ("bash", "zsh", "fish")

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


class Bash(BashComplete):
    """Bash takes what is completed as it would be typed: blanks need a backslash."""

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """The kind and the value, as the script expects them."""
        value = item.value.replace("\\", "\\\\").replace(" ", "\\ ").replace("'", "\\'")
        return f"{item.type},{value}"


add_completion_class(Bash)


def script(program: click.Command, shell: str) -> str:
    """The script that makes completion known to a shell; KeyError for an unknown shell."""
    made = get_completion_class(shell)
    if made is None:
        raise KeyError(shell)
    return made(program, {}, "schemawalk", VARIABLE).source()


def one_of(names: Callable[[], Iterable[str]]) -> Complete:
    """Completes one of some names, or several by comma: then the last is being typed."""

    def complete(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
        before, comma, last = begun.rpartition(",")
        return [f"{before}{comma}{name}" for name in names() if name.startswith(last)]

    return complete


def examples() -> Iterable[str]:
    """Names of the examples."""
    from schemawalk.examples_folder import known_examples

    return known_examples()


def outputs() -> Iterable[str]:
    """Names of the outputs that can be written."""
    from schemawalk.writers.registry import WRITERS

    return [writer.name for writer in WRITERS]


def databases() -> Iterable[str]:
    """Names of the databases that can prove a schema."""
    from schemawalk.engines.registry import PROVABLE

    return PROVABLE
