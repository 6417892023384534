"""The commands that need the walk: its questions, answers to them, and what follows so far."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemawalk.cli import (
    FINDINGS,
    cli,
    design_in,
    echo,
    echo_json,
    folder_argument,
    json_option,
)
from schemawalk.printable import one_line

if TYPE_CHECKING:
    from schemawalk.design.model import Design
    from wizard_steps.question import Question

Answers = Mapping[str, tuple[str, ...]]


@cli.command(short_help="List the questions and their answers.")
@folder_argument
@click.option("--open", "only_open", is_flag=True, help="Only those without a final answer.")
@json_option
def questions(folder: Path, *, only_open: bool, as_json: bool) -> None:
    """List the questions: what is asked, recommended and answered."""
    from wizard_steps import walk
    from wizard_steps.question import as_json as to_json

    found = walk.questions(design_in(folder))
    if only_open:
        found = tuple(q for q in found if q.state != "answered")
    if as_json:
        echo_json([to_json(question) for question in found])
        return
    for question in found:
        _print_question(question)
    echo(f"{len(found)} question{'' if len(found) == 1 else 's'}.")


def _print_question(question: Question) -> None:
    given = question.answer if question.answer is not None else question.recommended
    label = ", ".join(question.label(value) for value in given) or "none"
    mark = {"open": "?", "unknown": "~", "look again": "!"}.get(question.state, " ")
    says = label if question.answer is not None else f"(recommended: {label})"
    echo(f"{mark} {question.id}\n    {one_line(question.prompt)}  {one_line(says)}")


@cli.command(short_help="Answer one question, or many from a file.")
@click.argument("words", metavar="[DIR] ID VALUE", nargs=-1)
@click.option("--answers", metavar="FILE", help="Answers by id, as TOML or JSON; - for stdin.")
@click.option("--unknown", is_flag=True, help='Answer "I don\'t know yet" (give no VALUE).')
@click.option("--defaults", is_flag=True, help="Take every recommendation first.")
@click.option("--why", default="", help="Why, in your words.")
def answer(
    words: tuple[str, ...], answers: str | None, why: str, *, unknown: bool, defaults: bool
) -> None:
    """Answer a question, or many from a file; several values are separated by commas."""
    from schemawalk.design.file import DesignFile
    from wizard_steps import walk

    if unknown and (answers is not None or defaults):
        raise click.UsageError("--unknown goes with one ID.")
    needed = 0 if answers is not None or defaults else 1 if unknown else 2
    folder, rest = _folder_first(words, needed)
    given = _from_file(answers) if answers else {}
    with DesignFile.open(folder, create=defaults) as file:
        design = _started(folder, file.design) if defaults else file.design
        if rest and unknown:
            design = walk.do_not_know(design, rest[0])
        elif rest:
            design = walk.answer(design, rest[0], _values(design, *rest), why=why)
        design, left = _all(design, given)
        file.save(design)
    answered, total = walk.progress(design)
    echo(f"{answered} of {total} questions are answered.")
    for question_id, reason in left.items():
        echo(f"  {one_line(question_id)}: {one_line(reason)}", err=True)
    if left:
        sys.exit(FINDINGS)


def _folder_first(words: tuple[str, ...], needed: int) -> tuple[Path, tuple[str, ...]]:
    """The folder, when there is one word more than needed, and the rest."""
    if len(words) == needed + 1:
        return Path(words[0]), words[1:]
    if len(words) == needed == 2 and Path(words[0]).is_dir():
        raise click.UsageError("VALUE is missing: give DIR, ID and VALUE.")
    if len(words) != needed:
        raise click.UsageError("Give ID and VALUE, or --answers FILE, or --defaults.")
    return Path(), words


def _values(design: Design, question_id: str, value: str) -> tuple[str, ...]:
    """A value from the command line: split at commas where several are asked for."""
    from wizard_steps import walk
    from wizard_steps.question import split

    return split(walk.question(design, question_id), value)


def _from_file(name: str) -> Answers:
    """Answers by question id from TOML or JSON; raises UsageError for what is neither."""
    import tomllib

    shown = "standard input" if name == "-" else name
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{shown} cannot be read: {error}.") from None
    try:
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except ValueError as error:
        raise click.UsageError(f"{shown} is neither TOML nor JSON: {error}.") from None
    answers = dict(_flat(data))
    if not answers:
        raise click.UsageError(f"{shown} holds no answers: write a line such as "
                               '"stack.database" = "sqlite".')  # fmt: skip
    return answers


def _flat(data: Mapping[str, Any], prefix: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """Answers by full id: `[stack] database = "sqlite"` and `"stack.database" = "sqlite"` alike."""
    result: list[tuple[str, tuple[str, ...]]] = []
    for key, value in data.items():
        if isinstance(value, Mapping):
            result += _flat(value, f"{prefix}{key}.")
        else:
            values = value if isinstance(value, list) else [value]
            result.append((f"{prefix}{key}", tuple(_text(v) for v in values)))
    return result


def _text(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _all(design: Design, given: Answers) -> tuple[Design, dict[str, str]]:
    """The design with all answers, in an order in which each is asked; and what could not be."""
    from wizard_steps import walk
    from wizard_steps.question import AnswerError

    left = dict(given)
    while left:
        refused: dict[str, str] = {}
        for question_id, values in left.items():
            try:
                design = walk.answer(design, question_id, values)
            except AnswerError as error:
                refused[question_id] = str(error)
        if len(refused) == len(left):
            return design, refused
        left = {question_id: given[question_id] for question_id in refused}
    return design, {}


def _started(folder: Path, design: Design) -> Design:
    """The design with its documents read and every recommendation taken."""
    from wizard_steps import walk
    from wizard_steps.sources import named, read_into

    if not design.steps:
        design = named(read_into(design, folder), folder)
    return walk.take_all(design)


@cli.command(short_help="Show what follows so far: ERD, SQL, JSON, trail.")
@folder_argument
@click.option("--erd", "form", flag_value="erd", default=True, help="The tables as a picture.")
@click.option("--sql", "form", flag_value="sql", help="The SQL of the whole schema.")
@click.option("--json", "form", flag_value="json", help="Print JSON for programs.")
@click.option("--trail", metavar="ID", help="The answers that led to an entity, column or key.")
def show(folder: Path, form: str, trail: str | None) -> None:
    """Show what follows from the answers so far."""
    from schemawalk.delivery import work_for

    design = design_in(folder)
    work = work_for(design)
    if trail:
        echo(_trail(design, trail))
    elif form == "json":
        from schemawalk.schema.as_json import schema_json

        echo_json(schema_json(work.schema, work.dialect))
    elif form == "sql":
        from schemawalk.writers.sql import up

        echo(up(work.schema, work.dialect))
    else:
        from schemawalk.writers.erd import diagram

        echo(diagram(work.schema))


def _trail(design: Design, subject: str) -> str:
    """Every path through a tree for one subject; UsageError when it is none."""
    from wizard_steps.trail import trail

    lines = trail(design, subject)
    if not lines:
        raise click.UsageError(
            f"Nothing is called {subject!r}: give an id such as document, document.status or "
            "user_document."
        )
    return "\n".join(lines)
