"""The commands that need the walk: its questions, answers to them, and what follows so far."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

import schemawalk.manual  # noqa: F401  (adds its command)
import wizard_steps.commands.checking  # noqa: F401  (adds its command)
from schemawalk.cli import (
    FINDINGS,
    Refused,
    cli,
    design_in,
    echo,
    echo_json,
    folder_argument,
    json_option,
)
from schemawalk.printable import one_line
from wizard_steps.commands.completion import folders_and_questions, subjects

if TYPE_CHECKING:
    from schemawalk.design.file import DesignFile
    from schemawalk.design.model import Design
    from wizard_steps.asking.answers import Applied, Entry
    from wizard_steps.asking.question import Question

MOST_COMPLAINTS: Final = 20
"""Refused answers that are named one by one."""


@cli.command(short_help="List the questions and their answers.")
@folder_argument
@click.option("--open", "only_open", is_flag=True, help="Only those without a final answer.")
@click.option("--all", "aside", is_flag=True, help="Also those that nothing calls for.")
@click.option("--answers", is_flag=True, help="Print an answers file that gives this design.")
@click.option("--toml", "as_toml", is_flag=True, help="With --answers: as TOML (the default).")
@json_option
def questions(
    folder: Path, *, only_open: bool, aside: bool, answers: bool, as_toml: bool, as_json: bool
) -> None:
    """List the questions: what is asked, recommended and answered.

    With --all also what can be answered though the walk passes over it, such as what a column is
    for (attribute.….purpose).

    With --answers it prints them as a file for `schemawalk answer --answers FILE`.
    """
    if as_toml and (as_json or not answers):
        raise click.UsageError("--toml goes with --answers, and without --json.")
    if answers and (only_open or aside):
        left = "--open" if only_open else "--all"
        raise click.UsageError(f"--answers prints all questions: leave {left} out.")
    if only_open and aside:
        raise click.UsageError("--open lists what waits for an answer, --all what need not: "
                               "choose one.")  # fmt: skip
    design = design_in(folder)
    if answers:
        _print_answers(design, as_json=as_json)
        return
    _list_questions(design, only_open=only_open, aside=aside, as_json=as_json)


def _print_answers(design: Design, *, as_json: bool) -> None:
    from wizard_steps.commands import answers_file

    if as_json:
        echo_json(answers_file.as_json(design))
    else:
        click.echo(answers_file.as_toml(design), nl=False)


def _list_questions(design: Design, *, only_open: bool, aside: bool, as_json: bool) -> None:
    from wizard_steps import walk
    from wizard_steps.asking.question import as_json as to_json

    found = walk.questions(design, aside=aside)
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


class Answer(click.Command):
    """A command whose values may begin with a minus sign, such as -1 and -created_at."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Tell values from options: an option has two dashes, or is one that there is."""
        return super().parse_args(ctx, _values_last(self.get_params(ctx), args))


def _values_last(params: Sequence[click.Parameter], args: list[str]) -> list[str]:
    """The same arguments, values behind a `--`."""
    flags = {
        name: param.is_flag for param in params if isinstance(param, click.Option)
        for name in param.opts
    }  # fmt: skip
    options: list[str] = []
    values: list[str] = []
    left = list(args)
    while left:
        word = left.pop(0)
        if word == "--":
            return [*options, "--", *values, *left]
        if not word.startswith("--") and word not in flags:
            values.append(word)
            continue
        options.append(word)
        if flags.get(word) is False and left:
            options.append(left.pop(0))
    return [*options, "--", *values] if values else options


@cli.command(cls=Answer, short_help="Answer one question, or many from a file.")
@click.argument("words", metavar="[DIR] ID VALUE", nargs=-1, shell_complete=folders_and_questions)
@click.option("--answers", metavar="FILE", type=click.Path(),
              help="Answers by id, as TOML or JSON; - for stdin.")  # fmt: skip
@click.option("--unknown", is_flag=True, help='Answer "I don\'t know yet" (give no VALUE).')
@click.option("--defaults", is_flag=True, help="Take, and list, what is recommended for the rest.")
@click.option("--skip-unasked", is_flag=True, help="Pass over answers that nothing asks for.")
@click.option("--why", default="", metavar="TEXT", help="Why, in your words.")
@json_option
def answer(words: tuple[str, ...], answers: str | None, **options: Any) -> None:
    """Answer a question, or many from a file; several values are separated by commas.

    A file is taken as a whole: when one of its answers does not fit, nothing is saved.  When
    questions stay open they are listed, one a line, and the exit code is 1.
    """
    if answers is None and not options["defaults"]:
        _answer_one(words, unknown=options["unknown"], why=options["why"],
                    as_json=options["as_json"])  # fmt: skip
        return
    if options["unknown"] or options["why"]:
        raise click.UsageError("--unknown and --why go with one ID.")
    folder, _ = _folder_first(words, 0)
    entries = _entries(answers) if answers is not None else ()
    _answer_many(folder, entries, answers or "", defaults=options["defaults"],
                 skip=options["skip_unasked"], as_json=options["as_json"])  # fmt: skip


def _folder_first(words: tuple[str, ...], needed: int) -> tuple[Path, tuple[str, ...]]:
    """The folder, when there is one word more than needed, and the rest."""
    if len(words) == needed + 1:
        return Path(words[0]), words[1:]
    if len(words) == needed == 2 and Path(words[0]).is_dir():
        raise click.UsageError("VALUE is missing: give DIR, ID and VALUE.")
    if len(words) != needed:
        raise click.UsageError("Give ID and VALUE, or --answers FILE, or --defaults.")
    return Path(), words


def _answer_one(words: tuple[str, ...], *, unknown: bool, why: str, as_json: bool) -> None:
    """Answer one question, and say what that comes to."""
    from schemawalk.design.file import DesignFile
    from wizard_steps import walk
    from wizard_steps.asking.answers import Applied, look_again

    if unknown and why:
        raise click.UsageError("--why goes with a VALUE.")
    folder, (question_id, *values) = _folder_first(words, 1 if unknown else 2)
    with DesignFile.open(folder, create=False) as file:
        before = file.design
        _must_be_asked(before, question_id)
        if unknown:
            new = walk.do_not_know(before, question_id)
        else:
            new = walk.answer(before, question_id, _values(before, question_id, *values), why=why)
        _save(file, folder, new, question_id)
    done = Applied(new, (question_id,), look_again=look_again(before, new))
    _report(done, as_json=as_json)


def _save(file: DesignFile, folder: Path, new: Design, label: str) -> None:
    """Save a changed design, so that the wizard can take the change back."""
    from schemawalk.design.history import History

    history = History(folder, file.design)
    file.save(new)
    history.push(new, label)


def _must_be_asked(design: Design, question_id: str) -> None:
    """Raise Refused with the question that was probably meant, when there is one."""
    from wizard_steps import walk
    from wizard_steps.asking.answers import suggestion
    from wizard_steps.asking.question import AnswerError

    try:
        walk.question(design, question_id)
    except AnswerError as error:
        raise Refused(f"{error}{suggestion(design, question_id)}") from None


def _values(design: Design, question_id: str, value: str) -> tuple[str, ...]:
    """A value from the command line: split at commas where several are asked for."""
    from wizard_steps import walk
    from wizard_steps.asking.question import split

    return split(walk.question(design, question_id), value)


def _entries(name: str) -> tuple[Entry, ...]:
    """The answers in a file, or on standard input; raises UsageError for what holds none."""
    from wizard_steps.commands.answers_file import AnswersError, read

    shown = "standard input" if name == "-" else name
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{shown} cannot be read: {error}.") from None
    try:
        entries = read(text, shown)
    except AnswersError as error:
        raise click.UsageError(str(error)) from None
    if not entries:
        raise click.UsageError(f"{shown} holds no answers: write a line such as "
                               '"stack.database" = "sqlite".')  # fmt: skip
    return entries


def _answer_many(
    folder: Path, entries: Sequence[Entry], name: str, *, defaults: bool, skip: bool, as_json: bool
) -> None:
    """Give all answers, or none of them when one is refused, and say what that comes to."""
    from schemawalk.design.file import DesignFile
    from wizard_steps.asking.answers import apply

    with DesignFile.open(folder) as file:
        done = apply(_with_documents(folder, file.design), entries, defaults=defaults)
        passed_over = done.unasked if skip else ()
        refused = {i: why for i, why in done.refused.items() if i not in passed_over}
        if not refused:
            said = "standard input" if name == "-" else name or "every recommendation"
            _save(file, folder, done.design, f"Answers from {said}")
    _complain([e for e in entries if e.id in passed_over], name, done.refused, "Passed over: ")
    _complain([e for e in entries if e.id in refused], name, done.refused)
    if refused:
        said = "Nothing was saved: see these first."
        echo_json(_as_json(done, saved=False)) if as_json else echo(said, err=True)
        sys.exit(FINDINGS)
    _report(done, as_json=as_json)
    if done.missing:
        sys.exit(FINDINGS)


def _complain(
    entries: Sequence[Entry], name: str, reasons: Mapping[str, str], before: str = ""
) -> None:
    """Name each answer with its place and what is wrong with it, the first ones of many."""
    shown = "standard input" if name == "-" else name
    for entry in entries[:MOST_COMPLAINTS]:
        where = f"{shown}:{entry.line}" if entry.line else shown
        reason = one_line(reasons[entry.id])
        named = "" if entry.id in reason else f"{one_line(entry.id)}: "
        echo(f"{where}: {before}{named}{reason}", err=True)
    if len(entries) > MOST_COMPLAINTS:
        echo(f"… and {len(entries) - MOST_COMPLAINTS} more (--json lists all).", err=True)


def _with_documents(folder: Path, design: Design) -> Design:
    """The design with what its documents say, when it has read none yet."""
    if design.steps or design.sources:
        return design
    from wizard_steps.sources import named, read_into

    return named(read_into(design, folder), folder)


def _report(done: Applied, *, as_json: bool) -> None:
    """Say what became of the answers: what was assumed, what is open, what to look at again."""
    from wizard_steps import walk

    if as_json:
        echo_json(_as_json(done, saved=True))
        return
    if done.defaults:
        echo(f"Taken as recommended, {len(done.defaults)}:")
    for question in done.defaults:
        said = ", ".join(question.answer or ()) or "none"
        echo(f"  {question.id} = {one_line(said)}, because {one_line(question.because)}")
    for question_id, reason in done.look_again.items():
        echo(f"Look again at {question_id}: {one_line(reason)}")
    answered, total = walk.progress(done.design)
    echo(f"{answered} of {total} questions are answered.")
    for question in done.missing:
        echo(f"{question.id}: {one_line(question.prompt)}", err=True)


def _as_json(done: Applied, *, saved: bool) -> dict[str, Any]:
    from wizard_steps import walk
    from wizard_steps.asking.question import as_json as to_json

    answered, total = walk.progress(done.design)
    return {
        "saved": saved,
        "answered": answered,
        "total": total,
        "given": list(done.taken),
        "defaults": [
            {"id": q.id, "value": to_json(q)["answer"], "because": q.because} for q in done.defaults
        ],
        "missing": [{"id": q.id, "prompt": q.prompt} for q in done.missing],
        "refused": [{"id": i, "reason": reason} for i, reason in done.refused.items()],
        "look_again": [{"id": i, "reason": reason} for i, reason in done.look_again.items()],
    }


@cli.command(short_help="Show what follows so far: ERD, SQL, JSON, trail.")
@folder_argument
@click.option("--erd", is_flag=True, help="The tables as a picture (the default).")
@click.option("--sql", is_flag=True, help="The SQL of the whole schema; for MongoDB its script.")
@json_option
@click.option("--trail", metavar="ID", shell_complete=subjects,
              help="The answers that led to an entity, column or key.")  # fmt: skip
def show(folder: Path, *, erd: bool, sql: bool, as_json: bool, trail: str | None) -> None:
    """Show what follows from the answers so far."""
    from schemawalk.delivery import work_for

    if sum((erd, sql, as_json, trail is not None)) > 1:
        raise click.UsageError("Choose one of --erd, --sql, --json and --trail.")
    design = design_in(folder)
    if trail is not None:
        echo(_trail(design, trail))
        return
    work = work_for(design)
    if as_json:
        from schemawalk.schema.as_json import schema_json

        echo_json(schema_json(work.schema, work.dialect))
    elif sql:
        from schemawalk.writers.whole import whole

        echo(whole(work)[1])
    else:
        from schemawalk.writers.erd import diagram

        echo(diagram(work.schema))


def _trail(design: Design, subject: str) -> str:
    """Every path through a tree for one subject; UsageError when it is none."""
    from wizard_steps.asking.trail import meant as probably
    from wizard_steps.asking.trail import trail
    from wizard_steps.commands.completion import subject_ids

    lines = trail(design, subject)
    if not lines:
        close = probably(subject, subject_ids(design))
        meant = f"Did you mean {close}?" if close else "give an id such as document.status."
        raise click.UsageError(f"Nothing is called {subject!r}: {meant}")
    return "\n".join(lines)
