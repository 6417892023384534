"""What a shell completes where a command takes a question, an answer, or an entity's name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from schemawalk.cli import cli
from schemawalk.completion import SHELLS, script

if TYPE_CHECKING:
    from schemawalk.design.model import Design


@cli.command(short_help="Print a completion script for your shell.")
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes commands, folders, question ids and answers.

    \b
    eval "$(schemawalk completion bash)"     in ~/.bashrc
    eval "$(schemawalk completion zsh)"      in ~/.zshrc, after compinit
    schemawalk completion fish > ~/.config/fish/completions/schemawalk.fish
    """
    click.echo(script(cli, shell))


def folders_and_questions(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """For `answer [DIR] ID VALUE`: a folder or an id, then an id, then an option's value."""
    before = [str(word) for word in ctx.params.get(param.name or "") or ()]
    folder = Path()
    if before and Path(before[0]).is_dir():
        folder = Path(before.pop(0))
    design = _design(folder)
    if before:
        return _options(design, before[0], incomplete) if design and len(before) == 1 else []
    asked = _questions(design, incomplete)
    # A folder comes first: bash forgets what it was told before it.
    return [CompletionItem(incomplete, type="dir"), *asked] if folder == Path() else asked


def subjects(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For `show --trail ID`: entities, attributes, relationships and access patterns."""
    design = _design(Path(ctx.params.get("folder") or "."))
    ids = subject_ids(design) if design else ()
    return [CompletionItem(each) for each in ids if each.startswith(incomplete)]


def subject_ids(design: Design) -> tuple[str, ...]:
    """Everything in a design that has a trail, by id."""
    entities = [entity.id for entity in design.entities]
    facts = [fact.id for entity in design.entities for fact in entity.attributes]
    links = [link.id for link in design.relationships]
    return (*entities, *links, *facts, *(pattern.id for pattern in design.access_patterns))


def _design(folder: Path) -> Design | None:
    """The design of a folder; None when there is none that can be read."""
    from schemawalk.design.errors import DesignError
    from schemawalk.design.file import NAME, load

    try:
        return load(folder / NAME)
    except (DesignError, OSError):
        return None


def _questions(design: Design | None, incomplete: str) -> list[CompletionItem]:
    from wizard_steps import walk

    asked = walk.by_id(design) if design else {}
    return [CompletionItem(each) for each in asked if each.startswith(incomplete)]


def _options(design: Design, question_id: str, incomplete: str) -> list[CompletionItem]:
    """The values of a question; of several, the one being typed behind the last comma."""
    from wizard_steps import walk
    from wizard_steps.asking.question import AnswerError

    try:
        asked = walk.question(design, question_id)
    except AnswerError:
        return []
    before, comma, last = "", "", incomplete
    if asked.form == "several":
        before, comma, last = incomplete.rpartition(asked.separator)
    return [
        CompletionItem(f"{before}{comma}{option.value}", help=option.label)
        for option in asked.options
        if option.value.startswith(last)
    ]
