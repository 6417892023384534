"""The command that reviews a design, and fixes what can be fixed without asking anybody."""

from __future__ import annotations

import sys
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

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

if TYPE_CHECKING:
    from schemawalk.design.model import Design
    from schemawalk.schema.model import Finding
    from schemawalk.writers.work import Work
    from wizard_steps.reviewed import Matter


@cli.command(short_help="Review the design for known mistakes.")
@folder_argument
@click.option("--fix", "fixes", metavar="RULE[:SUBJECT]", multiple=True,
              help="Give the answers that settle it, and save.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@json_option
def check(folder: Path, *, fixes: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Review the design: mistakes that databases accept and regret later.

    An error blocks the writing.  A warning wants to be fixed, or accepted with a reason: answer
    review.RULE.SUBJECT.decide with accept, and --why.  The exit code is 1 when there is an error,
    with --strict also for a warning that nobody accepted.
    """
    from schemawalk.delivery import work_for

    done = _fix(folder, fixes) if fixes else ()
    design = design_in(folder)
    work = work_for(design)
    work = replace(work, findings=_with_what_is_asked(design, work.findings))
    if as_json:
        echo_json({"fixed": list(done), **_as_json(design, work)})
    else:
        _show(work, done)
    grave = {"error", "warning"} if strict else {"error"}
    if any(finding.severity in grave for finding in work.findings):
        sys.exit(FINDINGS)


def _with_what_is_asked(design: Design, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, each with the answers that settle it only where somebody is asked for them."""
    from wizard_steps.walk import by_id

    asked = by_id(design).keys()
    return tuple(
        each if not each.answers or each.answers[0][0] in asked else replace(each, answers=())
        for each in findings
    )


def _show(work: Work, done: tuple[str, ...]) -> None:
    from schemawalk import findings_shown

    for name in done:
        echo(f"Fixed {one_line(name)}")
    if done:
        echo()
    for line in findings_shown.lines(work.findings, work.waived):
        echo(line)


def _as_json(design: Design, work: Work) -> dict[str, Any]:
    from dataclasses import asdict

    from schemawalk.findings_shown import as_json
    from schemawalk.schema.review.checklist import checklist
    from schemawalk.schema.review.rule import Matter

    matter = Matter(design, work.schema, work.database)
    groups = checklist(matter, work.findings, work.waived)
    return {
        "findings": [as_json(finding) for finding in work.findings],
        "waived": [as_json(finding) for finding in work.waived],
        "checklist": [asdict(group) for group in groups],
    }


# Fixing


def _fix(folder: Path, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Settle what is named, save it as one change, and give the names of what was settled.

    Raises Refused for what is not found, or what only somebody can tell; then nothing is saved.
    """
    from schemawalk.design.file import DesignFile
    from schemawalk.design.history import History

    with DesignFile.open(folder, create=False) as file:
        design, done = file.design, []
        for name in wanted:
            design, settled = _settled(design, name)
            done += settled
        history = History(folder, file.design)
        file.save(design)
        history.push(design, f"Fixed: {', '.join(done)}")
    return tuple(done)


def _settled(design: Design, name: str) -> tuple[Design, list[str]]:
    from wizard_steps.reviewed import fixed, matters

    rule, _, subject = name.partition(":")
    chosen = [m for m in matters(design).values() if _is_meant(m, rule, subject)]
    if not chosen:
        raise Refused(f"{name} is not found here.{_suggestion(design, name)}")
    done = []
    for matter in chosen:
        now = matters(design).get(matter.id)
        if now is not None:  # the fix of another may have settled it
            design = fixed(design, now)
        done.append(_named(matter))
    return design, done


def _is_meant(matter: Matter, rule: str, subject: str) -> bool:
    standing = bool(matter.findings) and not matter.is_accepted
    return standing and matter.rule == rule and subject in ("", matter.subject)


def _named(matter: Matter) -> str:
    return ":".join(filter(None, (matter.rule, matter.subject)))


def _suggestion(design: Design, name: str) -> str:
    from schemawalk.schema.review import RULES
    from wizard_steps.reviewed import matters

    names = [_named(matter) for matter in matters(design).values()]
    close = get_close_matches(name, [*names, *(rule.id for rule in RULES)], n=1)
    return f" Did you mean {close[0]}?" if close else ""
