"""Makes the manual page from what the program says of itself: `make manual`.

Commands and options come from `--help`, keys from the table of the full screen, words from that of
the plain prompts; what no help says (files, environment, examples) is told here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import wrap
from typing import Final

import click

import tui.main  # noqa: F401  (adds the wizard)
import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from schemawalk.cli import cli
from schemawalk.manual import PAGE
from tui.keys import table
from tui.plain.words import HELP, WORDS

TARGET: Final = Path(__file__).parent.parent / "schemawalk" / PAGE
REVISED: Final = "2026-11-21"
"""The day on which what is told here was last looked through."""

DESCRIPTION: Final = (
    "Schemawalk reads what a team already wrote about its users (journey, tech stack, "
    "architecture, backlog), asks the questions that those documents leave open, one decision "
    "tree at a time, and writes the schema, real migration files and a document in which every "
    "table, column, index and foreign key says why it exists. Then it proves them on a real "
    "database.",
    "Without a command it opens the wizard on a folder: in full screen on a terminal, otherwise "
    "with plain prompts, line by line. Every answer is on disk before the next question comes; "
    "the next start goes on at the same question.",
)
FILES: Final = (
    ("schemawalk.toml", "The design: every answer. Edit it by hand as you like; comments stay."),
    (".schemawalk/", "Beside it: history for undo and redo, the text being typed, the place in the "
     "walk, fingerprints of what was written. It can be deleted while nothing runs."),
    ("product-guidelines/", "Where documents are looked for, beside docs/, specs/ and the folder "
     "itself, and where the written ones go."),
    ("$XDG_CONFIG_HOME/schemawalk/", "What one person prefers, such as the theme; "
     "~/.config/schemawalk when the variable is not set."),
)  # fmt: skip
ENVIRONMENT: Final = (
    ("ACCESSIBLE", "Set and not 0: plain prompts instead of the full screen."),
    ("NO_COLOR", "Set and not empty: no colours."),
    ("SCHEMAWALK_THEME", "The theme by name; it holds before the one that was chosen last."),
    ("VISUAL, EDITOR", "The editor for long text."),
    ("TERM", "With dumb, unknown or nothing: plain prompts."),
    ("XDG_CONFIG_HOME", "Where preferences are kept."),
    ("SCHEMAWALK_STOCK_OUTPUT", "Set: draw whole regions anew, for terminals that lose track "
     "of the changes."),
    ("SCHEMAWALK_POSTGRESQL_BIN", "The folder of PostgreSQL's programs, for the throw-away "
     "server; or several with colons between them: the one of the design's version is taken."),
    ("SCHEMAWALK_DEBUG", "Set: show where something unforeseen happened."),
)  # fmt: skip
EXIT_STATUS: Final = (
    ("0", "Done."),
    ("1", "Findings, something refused, questions left open, or a proof that failed."),
    ("2", "Wrong usage."),
    ("3", "A file or a database could not be used."),
    ("128 + N", "Ended by signal N: 130 after ctrl+c, 141 when nobody reads the output any more."),
)
EXAMPLES: Final = (
    ("Walk through the example:",
     ("schemawalk new trial --example compliance-saas", "schemawalk trial")),
    ("Write and prove its finished design:",
     ("schemawalk new example --example compliance-saas --answered", "schemawalk write example",
      "schemawalk prove example --on postgresql,sqlite")),
    ("Answer without a terminal, from a file, and fail when a question is left open:",
     ("schemawalk questions DIR --answers > answers.toml",
      "schemawalk answer OTHER --answers answers.toml")),
    ("Take every recommendation, and list what was taken:",
     ("schemawalk answer DIR --defaults",)),
    ("Complete commands, question ids and answers in bash:",
     ('eval "$(schemawalk completion bash)"',)),
)  # fmt: skip


def page() -> str:
    """The whole page, in roff."""
    version = f"schemawalk {_version()}"
    lines = [
        f'.\\" Made from the commands by docs/manual.py: `make manual`.\n'
        f'.TH SCHEMAWALK 1 "{REVISED}" "{version}" "User Commands"',
        ".SH NAME",
        r"schemawalk \- walk from a user journey to a database schema you can defend",
        ".SH SYNOPSIS", *_synopsis(),
        ".SH DESCRIPTION", *_paragraphs(DESCRIPTION),
        ".SH COMMANDS", "Every command knows", r"\fB\-\-help\fR.", *_commands(),
        ".SH KEYS", "Of the full screen:", *_table(_keys()),
        ".SH PLAIN PROMPTS", *_paragraphs(HELP), *_words(),
        ".SH FILES", *_table(FILES),
        ".SH ENVIRONMENT", *_table(ENVIRONMENT),
        ".SH EXIT STATUS", *_table(EXIT_STATUS),
        ".SH EXAMPLES", *_examples(),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _version() -> str:
    from importlib import metadata

    return metadata.version("schemawalk")


def roff(text: str) -> str:
    """Text as roff shows it unchanged: no request, no escape, nothing beyond ASCII."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    text = text.replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti")
    text = re.sub(r"[^\x00-\x7f]", lambda sign: f"\\[u{ord(sign[0]):04X}]", text)
    return f"\\&{text}" if text.startswith(".") else text


def _synopsis() -> list[str]:
    return [
        ".B schemawalk", f"[{roff('--plain')}] [{roff('--no-mouse')}] [DIR]", ".br",
        ".B schemawalk", r"\fICOMMAND\fR [OPTIONS] [ARGUMENTS]", ".br",
        ".B schemawalk", f"{roff('--help')} | {roff('--version')}",
    ]  # fmt: skip


def _paragraphs(texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        if number:
            yield ".PP"
        yield from _lines(text)


def _lines(text: str) -> Iterator[str]:
    """Running text on short lines."""
    yield from map(roff, wrap(text, 72, break_long_words=False, break_on_hyphens=False))


def _keys() -> Iterator[tuple[str, str]]:
    for keys, words in table():
        yield ", ".join(keys.split()), f"{words[:1].upper()}{words[1:]}."


def _commands() -> Iterator[str]:
    """One section a command: usage, what it does, its options."""
    for name, command in sorted(cli.commands.items()):
        context = click.Context(command, info_name=name)
        usage = " ".join(command.collect_usage_pieces(context))
        yield f'.SS "schemawalk {roff(name)} {roff(usage)}"'
        yield from _help(command)
        options = (p for p in command.params if isinstance(p, click.Option))
        yield from _table(r for option in options if (r := option.get_help_record(context)))


def _help(command: click.Command) -> Iterator[str]:
    """A command's description; a part after a backspace keeps its lines."""
    text = inspect.cleandoc(command.help or "")
    for number, part in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        if part.startswith("\b"):
            yield from (".nf", *map(roff, part.splitlines()[1:]), ".fi")
        else:
            yield from _lines(part)


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names in bold, each with what it means."""
    for name, words in rows:
        yield ".TP"
        yield f"\\fB{roff(name)}\\fR"
        yield from _lines(words)


def _words() -> Iterator[str]:
    said = ((f"{name} {word.takes}".strip(), word) for name, word in WORDS.items())
    yield from _table((name, f"{word.says[:1].upper()}{word.says[1:]}.") for name, word in said
                      if word.says)  # fmt: skip


def _examples() -> Iterator[str]:
    for number, (words, lines) in enumerate(EXAMPLES):
        if number:
            yield ".PP"
        yield roff(words)
        yield from (".PP", ".RS 4", ".nf", *map(roff, lines), ".fi", ".RE")


def main() -> None:
    """Write the page into the package."""
    TARGET.write_text(page(), encoding="ascii")
    print(f"{TARGET.name}: {len(page().splitlines())} lines")


if __name__ == "__main__":
    main()
