"""The commands: what each takes, prints and exits with; the outer layers add theirs.

Exit codes: 0 done; 1 findings, refused, or a failed proof; 2 wrong usage; 3 a file or a database
could not be used; 141 nobody reads the output any more.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from schemawalk.completion import databases, examples, one_of, outputs
from schemawalk.printable import one_line, printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from schemawalk.design.model import Design
    from schemawalk.engines.proof import Proof
    from schemawalk.schema.model import Finding
    from schemawalk.writers.output import Plan

FINDINGS: Final = 1
UNUSABLE: Final = 3
BROKEN_PIPE: Final = 141
"""What a shell reports for a program that a closed pipe ended: 128 and SIGPIPE."""
MANY_BYTES: Final = 200_000
"""Documents above this size take long enough to say that they are being read."""
NAME: Final = "schemawalk.toml"

Folder = click.Path(file_okay=False, path_type=Path)


class Unusable(click.ClickException):
    """A file or a database that cannot be used: one sentence, exit code 3."""

    exit_code = UNUSABLE

    def show(self, file: Any = None) -> None:  # noqa: ARG002  (click's signature)
        """One line on stderr."""
        click.echo(f"schemawalk: {one_line(self.message)}", err=True)


class Walk(click.Group):
    """The group of commands; a word that is no command is the folder of a walk."""

    default = "walk"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the walk before its folder, so that `schemawalk DIR` opens it."""
        own = {"--help", "-h", "--version"}
        folder = bool(args) and args[0] not in self.commands and args[0] not in own
        if folder or not (args or ctx.resilient_parsing):
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line; its help, too, ends without a word when nobody reads it."""
        try:
            return super().make_context(*args, **extra)
        except BrokenPipeError:
            raise _unread() from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, or else folders."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="dir"), *super().shell_complete(ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what went wrong becomes one sentence.

        When nobody reads the output any more it ends without a word.
        """
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            raise _unread() from None
        except Exception as error:
            if os.environ.get("SCHEMAWALK_DEBUG"):
                raise
            raise _failure(error) from error


def _unread() -> click.exceptions.Exit:
    """What ends the program when nobody reads its output any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing is left to flush at the exit
    return click.exceptions.Exit(BROKEN_PIPE)


class Refused(Unusable):
    """Something that was asked for and is not possible: one sentence, exit code 1."""

    exit_code = FINDINGS


_WITH_SENTENCES: Final[dict[str, type[Unusable]]] = {
    "AnswerError": Refused,
    "MixedError": Refused,
    "DeliveryError": Refused,
    **dict.fromkeys(
        ("DesignError", "DesignChanged", "DesignLocked", "ReadingError", "EngineError",
         "OutputError", "WriterError"),
        Unusable,
    ),
}  # fmt: skip
"""By the name of an error that says itself what to do; loading the classes would cost time."""


def _failure(error: Exception) -> Unusable:
    """What went wrong, in one sentence, with its exit code."""
    name = type(error).__name__
    if name in _WITH_SENTENCES:
        return _WITH_SENTENCES[name](str(error))
    if isinstance(error, OSError) and error.filename:
        return Unusable(f"{error.filename}: {error.strerror}.")
    return Unusable(
        f"Something unforeseen happened ({name}: {error}). SCHEMAWALK_DEBUG=1 shows it."
    )


@click.group(
    cls=Walk,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(metadata.version("schemawalk"), message="schemawalk %(version)s")
def cli() -> None:
    """Walk from a user journey to a database schema you can defend.

    \b
    schemawalk [DIR]       open the wizard on a folder with your documents
    schemawalk new DIR --example compliance-saas
    """


def echo(text: str = "", *, err: bool = False) -> None:
    """Print text from anywhere, harmless for a terminal."""
    click.echo(printable(text), err=err)


def echo_json(value: object) -> None:
    """Print a value as JSON, in ASCII."""
    click.echo(json.dumps(value, indent=2))


def design_in(folder: Path) -> Design:
    """The design of a folder; raises DesignError when there is none or it is broken."""
    from schemawalk.design.file import load

    if not (folder / NAME).exists():
        raise Unusable(
            f"{folder / NAME} does not exist: `schemawalk walk {folder}` starts a design there, "
            f"`schemawalk new {folder}` prepares one."
        )
    return load(folder / NAME)


def folder_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """The optional DIR of most commands."""
    return click.argument("folder", metavar="[DIR]", type=Folder, default=".")(function)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@cli.command(short_help="Prepare a folder: an example, or an empty design.")
@click.argument("folder", metavar="DIR", type=Folder)
@click.option("--example", metavar="NAME", help="Start from an example's documents.",
              shell_complete=one_of(examples))  # fmt: skip
@click.option("--answered", is_flag=True, help="With --example: take its finished design too.")
def new(folder: Path, example: str | None, *, answered: bool) -> None:
    """Prepare a folder: an example's documents, or an empty design."""
    from schemawalk.examples_folder import copy_example, known_examples

    if answered and not example:
        raise click.UsageError("--answered goes with --example.")
    if example and example not in known_examples():
        raise click.UsageError(f"No example {example!r}: there is {', '.join(known_examples())}.")
    if (folder / NAME).exists():
        raise Unusable(f"{folder / NAME} exists already: nothing was changed.")
    if example:
        copied = copy_example(example, folder, answered=answered)
        echo(f"{len(copied)} files in {folder}:")
        for path in copied:
            echo(f"  {path}")
        echo(f"Next: schemawalk {'write' if answered else 'walk'} {shlex.quote(str(folder))}")
        return
    from schemawalk.design.file import DesignFile

    folder.mkdir(parents=True, exist_ok=True)
    with DesignFile.open(folder) as file:
        file.save(file.design)
    echo(f"{folder / NAME} is ready. Next: schemawalk walk {shlex.quote(str(folder))}")


@cli.command(short_help="Read documents: steps, candidates, stack.")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def read(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Read documents: the journey's steps, candidates for entities, the stack."""
    from schemawalk.reading.as_json import reading_json
    from schemawalk.reading.documents import read_documents

    with _said_meanwhile(_how_much(paths)):
        reading = read_documents(paths)
        found = reading_json(reading)
    for problem in reading.problems:
        echo(f"schemawalk: {problem}", err=True)
    if reading.problems and not (reading.steps or reading.facts):
        sys.exit(UNUSABLE)
    if as_json:
        echo_json(found)
        return
    for step in found["steps"]:
        names = ", ".join(c["name"] for c in step["candidates"][:6])
        echo(f"{step['line']:>5}  {step['title']}\n       {names}")
    echo("\nCandidates, best first:")
    for candidate in found["candidates"][:20]:
        echo(f"  {candidate['score']:.2f}  {candidate['name']}")
    echo("\nStack:")
    for field, facts in found["stack"].items():
        for fact in facts if isinstance(facts, list) else [facts]:
            echo(f"  {field:<10} {fact['value']}  ({fact['file']}:{fact['line']})")


def on_terminal() -> bool:
    """Whether somebody sees what is said on stderr."""
    return sys.stderr.isatty()


def _how_much(paths: Sequence[Path]) -> str:
    """What is being read, when that takes a while; empty when it does not."""
    size = sum(path.stat().st_size for path in paths if path.is_file())
    return f"Reading {size / 1e6:.1f} MB …" if size > MANY_BYTES else ""


@contextmanager
def _said_meanwhile(words: str) -> Iterator[None]:
    """Words on a terminal's stderr for as long as something takes."""
    shown = bool(words) and on_terminal()
    if shown:
        click.echo(words, nl=False, err=True)
    try:
        yield
    finally:
        if shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def print_findings(findings: Iterable[Finding]) -> None:
    """The findings by gravity and rule, and how many there were."""
    from schemawalk.findings_shown import lines

    for line in lines(findings):
        echo(line)


@cli.command(short_help="Write schema, migrations and documents.")
@folder_argument
@click.option("--to", "out", metavar="OUT", type=Folder, help="Write to another folder.")
@click.option("--only", metavar="NAMES", default="", help="Only these outputs, by comma.",
              shell_complete=one_of(outputs))  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show the plan and write nothing.")
@click.option("--restart", is_flag=True, help="Write the first migration anew: nobody applied it.")
@click.option("--clean", is_flag=True, help="Remove files that no output makes any more.")
def write(folder: Path, out: Path | None, only: str, **options: bool) -> None:
    """Write schema, migrations, diagrams and documents: all or nothing."""
    from schemawalk.delivery import deliver
    from schemawalk.writers.output import apply
    from schemawalk.writers.registry import WriterError, by_names

    names = [name.strip() for name in only.split(",") if name.strip()]
    try:
        by_names(names)
    except WriterError as error:
        raise click.UsageError(str(error)) from None
    design = design_in(folder)
    delivery = deliver(
        design, out or folder, only=names, restart=options["restart"], clean=options["clean"]
    )
    errors = [f for f in delivery.work.findings if f.severity == "error"]
    if errors:
        print_findings(errors)
        echo("Nothing was written: see these first.", err=True)
        sys.exit(FINDINGS)
    print_plan(delivery.plan)
    if options["dry_run"]:
        echo(delivery.plan.mixed or "Nothing was written (dry run).")
    elif delivery.plan.idle and not delivery.plan.mixed:
        echo(f"Nothing to change in {out or folder}.")
    else:
        apply(delivery.plan)
        echo(f"Written to {out or folder}.")
    if delivery.plan.refused:
        sys.exit(FINDINGS)


def print_plan(plan: Plan) -> None:
    """Each path with what would happen to it."""
    from schemawalk.writers.output import describe

    for action, path, detail in describe(plan):
        echo(f"  {action:<7} {one_line(path)}{f'  ({detail})' if detail else ''}")


@cli.command(short_help="Try it all on real scratch databases.")
@folder_argument
@click.option("--on", "databases", metavar="NAMES", default="",
              help="postgresql, sqlite, mariadb, mysql.",
              shell_complete=one_of(databases))  # fmt: skip
@click.option("--url", "urls", metavar="URL", multiple=True,
              help="An empty PostgreSQL, MariaDB or MySQL database to use.")  # fmt: skip
@json_option
def prove(folder: Path, databases: str, urls: Sequence[str], *, as_json: bool) -> None:
    """Apply and roll back on real scratch databases; try every constraint."""
    from schemawalk import delivery, proving

    design = design_in(folder)
    wanted, by_name = _asked_for(databases), _lent(urls)
    wanted = wanted or [delivery.work_for(design).database]
    wanted += [name for name in by_name if name not in wanted]
    shown = None if as_json or not on_terminal() else SideBySide(wanted)
    proven = proving.prove(design, wanted, urls=by_name, progress=shown)
    if shown:
        shown.end()
    if as_json:
        skipped = [{"name": name, "reason": why} for name, why in proven.skipped]
        engines = [proof.as_json() for proof in proven.proofs]
        echo_json({"ok": proven.ok, "engines": engines, "skipped": skipped})
    else:
        print_proofs(proven.proofs)
        for name, why in proven.skipped:
            echo(f"– {name} was not tried: {why}", err=True)
    if not proven.ok:
        sys.exit(UNUSABLE if proven.skipped else FINDINGS)


def _asked_for(databases: str) -> list[str]:
    """The names in a list with commas; raises UsageError for one that cannot be proven."""
    from schemawalk.engines.registry import PROVABLE

    wanted = [name.strip() for name in databases.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in PROVABLE]
    if unknown:
        raise click.UsageError(f"Not provable: {', '.join(unknown)}; {', '.join(PROVABLE)} are.")
    return wanted


def _lent(urls: Sequence[str]) -> dict[str, str]:
    """Databases that are lent, by what they are; raises UsageError for anything else."""
    from schemawalk.engines.registry import SCHEMES

    by_name: dict[str, str] = {}
    for url in urls:
        name = SCHEMES.get(url.partition("://")[0])
        if name is None or "://" not in url:
            raise click.UsageError("--url takes postgresql://, mariadb:// or mysql://user@host/db.")
        by_name[name] = url
    return by_name


class SideBySide:
    """How far each database is, on one line of a terminal that is written over and over."""

    def __init__(self, databases: Sequence[str]) -> None:
        self._told = dict.fromkeys(databases, "…")

    def __call__(self, database: str, done: int, total: int, name: str) -> None:
        """Told how many steps of a database are done, how many there are, and what is next."""
        self._told[database] = f"{done}/{total}"
        counts = "  ".join(f"{each} {far}" for each, far in self._told.items())
        self._write(f"{counts}  {one_line(name)}"[:78])

    def end(self) -> None:
        """Leave the line empty."""
        self._write("")

    def _write(self, line: str) -> None:
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)


def print_proofs(proofs: Sequence[Proof]) -> None:
    """What failed, each cause once, and how much held."""
    from schemawalk.proofs_shown import lines

    for line in lines(proofs):
        echo(line)
