"""Plain prompts: the same walk line by line, for pipes, dumb terminals and screen readers.

Nothing is redrawn, and nothing is said by its look alone.
"""

from __future__ import annotations

import re
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from schemawalk.cli import UNUSABLE, echo
from schemawalk.printable import one_line
from tui.plain.answers import capital, how_to_answer, labels, option, values
from tui.plain.spoken import Pager, indented, sentence, signed_numbers, spoken
from tui.plain.words import Leave, Words, say_why

if TYPE_CHECKING:
    from tui.session import Session
    from wizard_steps.asking.question import Question
    from wizard_steps.asking.steps import Row

Line = Callable[[str], str | None]
"""Asks for one line with a prompt; None at the end of input."""

UNKNOWN: Final = ("unknown", "i don't know", "i don't know yet", "don't know")
TO_WRITE: Final = 'Type "write" to write this and prove it, or back: '
_REASON: Final = re.compile(r"(.*?)\s+because\s+(\S.*)", re.DOTALL)


def run_plain(folder: Path, reason: str = "") -> int:
    """Walk through a folder's design line by line; gives the exit code."""
    from schemawalk.design.errors import DesignError
    from tui.session import Session

    because = f" ({reason})" if reason else ""
    echo(f"Schemawalk, plain prompts{because}. Type help at any prompt; leave ends the walk.")
    asked_for = reason == "asked for"
    try:
        session = Session.open(folder, lambda words: echo(sentence(words)))
    except DesignError as error:
        echo(f"schemawalk: {error}", err=True)
        return UNUSABLE
    try:
        with _signals():
            return PlainWalk(session, _ask, _command(folder, plain=asked_for)).walk()
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
    if line and not sys.stdin.isatty():  # nobody saw it being typed: the record shows it
        echo(one_line(line))
    return line.rstrip("\r\n") if line else None


def _command(folder: Path, *, plain: bool) -> str:
    """The command that goes on with the walk."""
    words = ["schemawalk", *(("walk", "--plain") if plain else ()), str(folder)]
    return shlex.join(words)


@contextmanager
def _signals() -> Iterator[None]:
    """A lost line or a stop from outside ends the walk like `leave`, with the usual exit code."""

    def leave(number: int, _: FrameType | None) -> None:
        raise Leave(128 + number)

    try:
        before = {n: signal.signal(n, leave) for n in (signal.SIGTERM, signal.SIGHUP)}
    except ValueError:  # not the main thread: whoever runs it there looks after signals
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class PlainWalk:
    """The conversation; the session knows where it is."""

    def __init__(self, session: Session, ask: Line, command: str = "") -> None:
        self.session = session
        self.command = command
        self._line = ask
        self.pager = Pager()
        self.words = Words(session, self.ask, self.pager)
        self._told: dict[str, str] = {}
        """The list and the question that were said in full last, by id."""

    def ask(self, prompt: str) -> str:
        """One line; raises Leave at the end of input."""
        said = self._line(prompt)
        if said is None:
            raise Leave
        return said

    def walk(self) -> int:
        """Talk until the user leaves or everything is written; gives the exit code."""
        code: int | None = None
        try:
            while code is None:
                code = self.turn()
        except Leave as left:
            code = left.code
            self.farewell()
        except KeyboardInterrupt:
            code = 128 + signal.SIGINT
            self.farewell()
        return code

    def farewell(self) -> None:
        """What is saved, and how to go on."""
        with suppress(BrokenPipeError):
            answered, total = self.session.facts.progress
            echo(f"\nSaved: {answered} of {total} questions answered. "
                 f"Go on with: {self.command or 'the same command'}")  # fmt: skip

    def turn(self) -> int | None:
        """One prompt and what follows from it; an exit code when the walk is at its end."""
        from schemawalk.design.errors import DesignChanged
        from wizard_steps.asking.question import AnswerError

        if self.session.notice:
            echo(sentence(self.session.notice))
            self.session.notice = ""
        try:
            if self.session.question is not None:
                self.ask_question(self.session.question)
            elif self.session.place.step == "write":
                return self.write()
            else:
                self.ask_proposal()
        except DesignChanged:
            self.changed_elsewhere()
        except AnswerError as error:
            echo(sentence(str(error)))
        return None

    def is_new(self, kind: str, what: str) -> bool:
        """Whether this was not said in full last; from now on it was."""
        new = self._told.get(kind) != what or self.words.repeat
        self._told[kind], self.words.repeat = what, False
        return new

    def changed_elsewhere(self) -> None:
        """Somebody else wrote the design: read theirs, and make the change on it."""
        from wizard_steps.asking.question import AnswerError

        echo("Somebody else changed the design. Nothing of yours is lost.")
        said = ""
        while said not in ("reload", "leave"):
            said = self.ask('Type "reload" to make your answer on theirs, or leave: ').strip()
        if said == "leave":
            raise Leave
        try:
            self.session.reload()
        except AnswerError as error:
            echo(f"Your answer does not fit theirs: {sentence(str(error))}")

    # A step's proposal

    def ask_proposal(self) -> None:
        """A step's list, and what the user makes of it."""
        session = self.session
        if session.place.step == "sources" and not session.design.steps:
            session.go("sources", "product.journey")
            return
        rows = session.proposal.rows
        if self.is_new("list", session.place.step):
            self._told.pop("question", None)
            self.say_step()
            self.pager.show([f"{i}. {self.row(row)}" for i, row in enumerate(rows, 1)])
        else:
            self.say_where()
        enter = f"Enter takes all {len(rows)}" if rows else "Enter goes on"
        said = self.ask(f"{enter}. A number, -number, or help: ").strip()
        if said == "":
            session.take()
        elif not (self.rows_chosen(said, rows) or self.words.obey(said)):
            self.not_understood(said, "It is no row and none of the words; help says what there is")

    def say_step(self) -> None:
        """Which step this is, what is decided in it, and how its proposal is summed up."""
        session = self.session
        titles = [title for title, _ in session.marks()]
        at = titles.index(session.step.title) + 1
        echo(f"\nStep {at} of {len(titles)}, {session.step.title}. {sentence(session.step.intro)}")
        if session.proposal.headline:
            echo(sentence(session.proposal.headline))

    def say_where(self) -> None:
        """In short, where one is: the list was said before."""
        session = self.session
        rows = session.proposal.rows
        row = next((i for i, r in enumerate(rows, 1) if r.id == session.place.row), 0)
        if row:
            echo(f"Row {row} of {len(rows)}, {self.row(rows[row - 1])}")
        out = sum(r.id in session.out for r in rows)
        left = f", {out} of them left out" if out else ""
        echo(f'{session.step.title}: {len(rows)} rows{left}. "again" reads them.')

    def row(self, row: Row) -> str:
        """One row of a proposal in sentences."""
        out = "left out. " if row.id in self.session.out else ""
        because = f" Why: {sentence(row.because)}" if row.because else ""
        sort = f"{row.sort}, " if row.sort else ""
        title = spoken(f"{sort}{row.title}").rstrip(".")
        return f"{title}: {out}{sentence(row.detail)}{because}"

    def rows_chosen(self, said: str, rows: Sequence[Row]) -> bool:
        """Walk a row, read one, or leave rows out or in; False when nothing of this was meant."""
        if said.startswith("row "):
            found = signed_numbers(said.removeprefix("row "), len(rows))
            for _, at in found or ():
                echo(f"Row {at} of {len(rows)}, {self.row(rows[at - 1])}")
            return bool(found)
        numbers = signed_numbers(said, len(rows))
        if not numbers:
            return False
        signs = {sign for sign, _ in numbers}
        if "" in signs and len(numbers) > 1:
            self.not_understood(said, "One number walks that row; -2,4-6 leaves rows out")
        elif "" in signs:
            self.walk_row(rows[numbers[0][1] - 1])
        else:
            self.leave_out([(sign == "-", rows[at - 1]) for sign, at in numbers])
        return True

    def walk_row(self, row: Row) -> None:
        """Go to a row's first question."""
        if not self.session.walk_row(row.id):
            echo(f"Nothing is asked about {spoken(row.title)}.")

    def leave_out(self, wanted: Sequence[tuple[bool, Row]]) -> None:
        """Leave rows out, or take them back in, and say which."""
        said: dict[str, list[str]] = {}
        for out, row in wanted:
            if (row.id in self.session.out) == out:
                words = "Left out already" if out else "In already"
            elif not self.session.leave_out(row.id):
                words = "Must stay"
            else:
                words = "Left out" if out else "Taken back in"
            said.setdefault(words, []).append(spoken(row.title))
        for words, titles in said.items():
            hint = " A number walks such a row." if words == "Must stay" else ""
            echo(f"{words}: {', '.join(titles)}.{hint}")

    # A question

    def ask_question(self, asked: Question) -> None:
        """One question of a tree, and the answer."""
        if self.is_new("question", asked.id):
            self.say_question(asked)
        else:
            echo(sentence(asked.prompt))
        said = self.ask("Answer: ").strip()
        always = said.startswith("=")
        said = said.removeprefix("=").strip()
        options = {word for o in asked.options for word in (o.value.lower(), o.label.lower())}
        if always or said.lower() in options:
            self.answer(asked, said)
        elif said.lower() in UNKNOWN:
            self.session.do_not_know()
        elif not self.words.obey(said):
            self.answer(asked, said)

    def say_question(self, asked: Question) -> None:
        """Everything that the full screen shows of a question."""
        session = self.session
        whole, path = session.whole_path, session.path
        place = f", question {len(path) + 1} of {len(whole)}" if len(whole) > 1 else ""
        about = spoken(asked.about)
        named = f"{session.step.title}, {about}" if about != session.step.title else about
        echo(f"\n{named}{place}.")
        if path:
            before = path[-1]
            given = capital(sentence(labels(before, before.answer)))
            echo(f"Before: {sentence(before.prompt)} {given}")
        echo(sentence(asked.prompt))
        if asked.look_again:
            echo(f"Look again: {sentence(asked.look_again)}")
        if session.taught:
            say_why(asked, session.reason)
        self.say_shows(asked)
        for at in range(len(asked.options)):
            echo(option(asked, at))
        if how := how_to_answer(asked):
            echo(how)
        self.say_usual(asked)

    def say_shows(self, asked: Question) -> None:
        """What is to be looked at before one answers."""
        from wizard_steps import walk

        lines = walk.shows(self.session.design, asked.id)
        if lines:
            echo("Look at this first.")
            self.pager.show([f"   {indented(line)}" for line in lines if line.strip()])

    def say_usual(self, asked: Question) -> None:
        """What Enter takes, and why."""
        recommended = spoken(labels(asked, asked.recommended))
        because = f", because {sentence(asked.because)}" if asked.because else "."
        if asked.answer is None:
            echo(f"Enter takes {recommended}{because}")
            return
        echo(f"Your answer is {spoken(labels(asked, asked.answer))}. Enter keeps it.")
        if asked.answer != asked.recommended:
            echo(f"Recommended is {recommended}{because}")

    def answer(self, asked: Question, said: str) -> None:
        """Take an answer, perhaps with its reason, or say why not."""
        from wizard_steps.asking.question import AnswerError

        found = _REASON.fullmatch(said) if asked.form != "text" else None
        value, why = (found[1], found[2]) if found else (said, "")
        try:
            self.session.answer(values(asked, value), why)
        except AnswerError as error:
            self.not_understood(said, str(error))

    def not_understood(self, said: str, why: str) -> None:
        """Say again what was typed, and what is wrong with it."""
        echo(f"You typed: {one_line(said)}. {sentence(why)}")

    # Write and prove

    def write(self) -> int | None:
        """Show the plan, write it, prove it; gives the exit code, None when nothing was written."""
        from schemawalk.delivery import DeliveryError
        from schemawalk.writers.output import OutputError
        from schemawalk.writers.registry import WriterError
        from tui.plain import writing as plain_writing

        session = self.session
        if self.is_new("list", session.place.step):
            self.say_step()
        try:
            delivery = plain_writing.planned(session)
            free = plain_writing.say_plan(delivery, self.pager)
            databases = self.told_to_write(free=free)
            if databases is None:
                return None
            plain_writing.write(delivery, session)
        except (DeliveryError, OutputError, WriterError) as error:
            echo(sentence(str(error)))
            self.obey_only("Back, or leave: ")
            return None
        return plain_writing.prove(session.design, databases)

    def told_to_write(self, *, free: bool) -> tuple[str, ...] | None:
        """Hear whether to write, and where to prove it, until a word leads elsewhere: None."""
        from tui.plain.writing import databases_said, say_where
        from wizard_steps.asking.question import AnswerError

        design = self.session.design
        if free:
            say_where(design)
        prompt = TO_WRITE if free else "Back, or leave: "
        while True:
            said = self.ask(prompt).strip()
            try:
                databases = databases_said(design, said) if free else None
            except AnswerError as error:
                self.not_understood(said, str(error))
                continue
            if databases is not None:
                return databases
            place = self.session.place
            if said and not self.words.obey(said):
                self.not_understood(said, "Nothing was written")
            if self.session.place != place or self.session.notice or self.words.repeat:
                return None

    def obey_only(self, prompt: str) -> None:
        """Hear a word that works everywhere."""
        said = self.ask(prompt).strip()
        if said and not self.words.obey(said):
            self.not_understood(said, "Nothing was written")
