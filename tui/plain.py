"""Plain prompts: the same walk line by line, for pipes, dumb terminals and screen readers.

Nothing is redrawn.  Every prompt takes the same words: back, undo, redo, summary, steps, why,
unknown, leave, help.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from schemawalk.cli import UNUSABLE, echo, print_findings, print_plan, print_proofs
from schemawalk.printable import one_line

if TYPE_CHECKING:
    from tui.session import Session
    from wizard_steps.question import Question
    from wizard_steps.steps import Row

Line = Callable[[str], str | None]
"""Asks for one line with a prompt; None at the end of input."""

HELP: Final = """\
At a list:     Enter takes it as it is.  A number walks through that row question by question.
               -N leaves row N out, and again takes it back in.
At a question: Enter takes what is recommended.  A number, a value or your own words answer it;
               several answers are separated by commas.  "unknown" means: I don't know yet.
Everywhere:    back, undo, redo, summary, why, help; "steps" lists the steps, "go N" goes there;
               leave ends the walk: everything is saved already."""


class Leave(Exception):  # noqa: N818
    """The user leaves, or the input ended."""


def run_plain(folder: Path, reason: str = "") -> int:
    """Walk through a folder's design line by line; gives the exit code."""
    from schemawalk.design.errors import DesignError
    from tui.session import Session

    because = f" ({reason})" if reason else ""
    echo(f"Schemawalk, plain prompts{because}. Type help at any prompt; leave ends the walk.")
    try:
        session = Session.open(folder, echo)
    except DesignError as error:
        echo(f"schemawalk: {error}", err=True)
        return UNUSABLE
    try:
        return _PlainWalk(session, _ask).walk()
    except DesignError as error:
        echo(f"schemawalk: {error}", err=True)
        return UNUSABLE
    finally:
        session.close()


def _ask(prompt: str) -> str | None:
    """One line from standard input; None at its end."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


class _PlainWalk:
    """The conversation; the session knows where it is."""

    def __init__(self, session: Session, ask: Line) -> None:
        self.session = session
        self.ask = ask

    def walk(self) -> int:
        """Talk until the user leaves or everything is written; gives the exit code."""
        code: int | None = None
        with suppress(Leave, KeyboardInterrupt):
            while code is None:
                code = self.turn()
        if code is None:
            answered, total = self.session.facts.progress
            echo(f"\nSaved: {answered} of {total} questions answered. The same command goes on.")
        return code or 0

    def turn(self) -> int | None:
        """One prompt and what follows from it; an exit code when the walk is at its end."""
        if self.session.notice:
            echo(f"* {self.session.notice}")
            self.session.notice = ""
        if self.session.question is not None:
            self.ask_question(self.session.question)
        elif self.session.place.step == "write":
            return self.write()
        else:
            self.show_proposal()
        return None

    def heard(self, prompt: str, why: str = "") -> str | None:
        """An answer that is none of the words that work everywhere; None when it was one."""
        said = self.ask(prompt)
        if said is None:
            raise Leave
        word, _, rest = said.strip().partition(" ")
        commands: dict[str, Callable[[], object]] = {
            "back": self.session.back,
            "undo": self.session.undo,
            "redo": self.session.redo,
            "help": lambda: echo(HELP),
            "?": lambda: echo(HELP),
            "summary": self.summary,
            "steps": self.steps,
            "go": lambda: self.go(rest),
            "why": lambda: echo(why or self.session.step.intro),
        }
        if word in ("leave", "quit", "exit"):
            raise Leave
        if word not in commands or (rest and word != "go"):
            return said.strip()
        commands[word]()
        return None

    def summary(self) -> None:
        """What follows so far, in a few lines."""
        from schemawalk.delivery import work_for

        answered, total = self.session.facts.progress
        echo(f"{answered} of {total} questions answered.")
        for table in work_for(self.session.design).schema.tables:
            echo(f"  {table.name}: {', '.join(column.name for column in table.columns)}")

    def steps(self) -> None:
        """All steps with their state."""
        for number, (title, mark) in enumerate(self.session.marks(), 1):
            echo(f"{number:>3}) {title}: {mark}")

    def go(self, number: str) -> None:
        """Be at a step by its number."""
        from wizard_steps.walk import WALK

        if number.isdecimal() and 1 <= int(number) <= len(WALK):
            self.session.go(WALK[int(number) - 1].id)
        else:
            echo(f'There are {len(WALK)} steps: "go 1" to "go {len(WALK)}".')

    # A step's proposal

    def show_proposal(self) -> None:
        """A step's list, and what the user makes of it."""
        from wizard_steps.walk import WALK

        session, proposal = self.session, self.session.proposal
        at = next(i for i, step in enumerate(WALK, 1) if step.id == session.place.step)
        if session.place.step == "sources" and not session.design.steps:
            session.go("sources", "product.journey")
            return
        echo(f"\nStep {at} of {len(WALK)}, {session.step.title}. {session.step.intro}")
        echo(f"{proposal.headline}:")
        for line in _rows(proposal.rows, session.place.without):
            echo(line)
        here = session.place
        while session.place.step == here.step and not session.place.question:
            said = self.heard("Take it [Enter], a number, -number, or help: ")
            if said is None:
                return
            if said == "":
                session.take()
            elif not self.row_chosen(said, proposal.rows):
                echo(f"{one_line(said)} is none of these. Type help for what can be said.")

    def row_chosen(self, said: str, rows: tuple[Row, ...]) -> bool:
        """Walk a row by number, or with a minus leave it out; False when it is neither."""
        number = said.removeprefix("-")
        if not number.isdecimal() or not 1 <= int(number) <= len(rows):
            return False
        row = rows[int(number) - 1]
        if said.startswith("-"):
            if not self.session.leave_out(row.id):
                echo(f"{row.title} cannot be left out.")
            else:
                out = row.id in self.session.place.without
                echo(f"{row.title}: {'left out' if out else 'taken back in'}.")
        elif not self.session.walk_row(row.id):
            echo(f"Nothing is asked about {row.title}.")
        return True

    # A question

    def ask_question(self, asked: Question) -> None:
        """One question of a tree, and the answer."""
        from wizard_steps.question import AnswerError

        for before in self.session.path[-3:]:
            given = ", ".join(before.label(value) for value in before.answer or ()) or "none"
            echo(f"   {one_line(before.prompt)} {one_line(given)}")
        echo(f"\n{one_line(asked.about)}. {one_line(asked.prompt)}")
        if asked.look_again:
            echo(f"   Look again: {one_line(asked.look_again)}.")
        for number, option in enumerate(asked.options, 1):
            best = " (recommended)" if option.value in asked.recommended else ""
            echo(f"{number:>3}) {one_line(option.label)}: {one_line(option.leads_to)}{best}")
        usual = asked.answer if asked.answer is not None else asked.recommended
        shown = ", ".join(asked.label(value) for value in usual) or "none"
        echo(f"   Enter takes: {one_line(shown)}. Because: {one_line(asked.because)}.")
        said = self.heard("Answer: ", asked.why)
        if said is None:
            return
        try:
            if said == "unknown":
                self.session.do_not_know()
            else:
                self.session.answer(usual if said == "" else _values(asked, said))
        except AnswerError as error:
            echo(f"! {error}")

    # Write and prove

    def write(self) -> int | None:
        """Show the plan, write it, prove it; gives the exit code, None when nothing was written."""
        from schemawalk.delivery import DeliveryError, deliver
        from schemawalk.writers.output import OutputError, apply
        from schemawalk.writers.registry import WriterError

        session = self.session
        echo(f"\n{session.step.title}. {session.step.intro}")
        try:
            delivery = deliver(session.design, session.folder)
            errors = [f for f in delivery.work.findings if f.severity == "error"]
            print_findings(errors) if errors else print_plan(delivery.plan)
            said: str | None = ""
            while said == "":
                said = self.heard('Type "write" to write this and prove it, or back: ')
            if said is None or said != "write" or errors:
                return None
            apply(delivery.plan)
        except (DeliveryError, OutputError, WriterError) as error:
            echo(f"! {error}")
            self.heard("Type back, or leave: ")
            return None
        echo(f"Written to {session.folder}.")
        return self.prove()

    def prove(self) -> int:
        """Prove the schema on every database at hand; gives the exit code."""
        from schemawalk.delivery import prove
        from schemawalk.engines.engine import EngineError
        from schemawalk.engines.registry import PROVABLE

        ok, proven = True, 0
        for database in PROVABLE:
            echo(f"Proving on {database} …")
            try:
                proofs = prove(self.session.design, [database])
            except EngineError as error:
                echo(f"! {error}")
                continue
            print_proofs(proofs)
            proven += len(proofs)
            ok = ok and all(proof.ok for proof in proofs)
        if not proven:
            return UNUSABLE
        return 0 if ok else 1


def _rows(rows: tuple[Row, ...], without: tuple[str, ...]) -> Iterator[str]:
    """Numbered lines, one a row."""
    for number, row in enumerate(rows, 1):
        out = " (left out)" if row.id in without else ""
        because = f" — {row.because}" if row.because else ""
        yield one_line(f"{number:>3}) {row.title}{out}: {row.detail}{because}")


def _values(asked: Question, said: str) -> tuple[str, ...]:
    """Values from numbers, values or own words."""
    from wizard_steps.question import split

    if asked.form == "several" and said == "none":
        return ()
    return tuple(_value(asked, part) for part in split(asked, said))


def _value(asked: Question, said: str) -> str:
    listed = asked.form in ("one", "several") and said.isdecimal()
    if listed and 1 <= int(said) <= len(asked.options):
        return asked.options[int(said) - 1].value
    labels = {option.label.lower(): option.value for option in asked.options}
    return labels.get(said.lower(), said)
