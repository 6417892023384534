"""The words that mean the same at every plain prompt, and what each does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schemawalk.cli import echo
from schemawalk.printable import one_line
from tui.plain import shown as plain_shown
from tui.plain.spoken import Pager, sentence, spoken

if TYPE_CHECKING:
    from tui.places import Destination
    from tui.session import Session
    from wizard_steps.asking.question import Question

Ask = Callable[[str], str]
"""Asks for one line; raises Leave at the end of input."""


class Leave(Exception):  # noqa: N818
    """The user leaves, or the input ended; `code` is the program's exit code."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Word:
    """A word that works everywhere."""

    does: Callable[[Words, str], object]
    says: str
    """What it does, for the help."""
    takes: str = ""
    """What may follow it; empty when nothing may."""


HELP: Final = (
    "At a list: Enter takes it all. A number walks through that row, question by question.",
    'A minus leaves rows out, a plus takes them back in: "-2,4-6" and "+5". "row 3" reads one.',
    "At a question: Enter takes what is recommended. A number, a value or your own words answer.",
    'Where several answers are possible: "1,3-4"; "+Reminder" adds to the answer, "-2" takes away.',
    '"2 because TEXT" answers and keeps your reason. "unknown" means: I don\'t know yet.',
    'A line that begins with an equals sign is always an answer: "= undo".',
    "These words work everywhere:",
)


class Words:
    """The conversation's words; what changes the place makes the walk go on from there."""

    def __init__(self, session: Session, ask: Ask, pager: Pager) -> None:
        self.session = session
        self.ask = ask
        self.pager = pager
        self.repeat = False
        """Whether the list or question at hand is to be said again in full."""

    def obey(self, said: str) -> bool:
        """Do what a line says when it begins with one of the words; False when it does not."""
        name, _, rest = said.partition(" ")
        word = WORDS.get(name)
        if word is None or (rest and not word.takes):
            return False
        word.does(self, rest.strip())
        return True

    def leave(self, _: str) -> None:
        """End the walk."""
        raise Leave

    def help(self, _: str) -> None:
        """All that can be said."""
        for line in HELP:
            echo(line)
        for name, word in WORDS.items():
            if word.says:
                echo(f"   {name}{f' {word.takes}' if word.takes else ''}: {word.says}.")

    # Looking

    def again(self, _: str) -> None:
        """Say the list or the question once more."""
        self.repeat = True

    def summary(self, _: str) -> None:
        """The tables so far."""
        session = self.session
        self.pager.show(plain_shown.summary(session.design, session.facts.progress))

    def sql(self, _: str) -> None:
        """The SQL so far."""
        self.pager.show(plain_shown.sql(self.session.design))

    def diagram(self, rest: str) -> None:
        """The tables and how they belong together."""
        made = plain_shown.drawn if rest == "drawn" else plain_shown.diagram
        self.pager.show(made(self.session.design))

    def trail(self, rest: str) -> None:
        """The answers that led to something."""
        self.pager.show(plain_shown.trail(self.session, rest))

    def changes(self, rest: str) -> None:
        """What Enter, or an option, would change."""
        self.pager.show(plain_shown.changes(self.session, self.session.question, rest))

    def why(self, _: str) -> None:
        """Why the question matters, with its example."""
        asked = self.session.question
        if asked is None:
            echo(sentence(self.session.step.intro))
            return
        say_why(asked, self.session.reason)

    # Going

    def steps(self, _: str) -> None:
        """All steps with their state, and where one is."""
        session = self.session
        marks = session.marks()
        self.pager.show([f"Step {i} of {len(marks)}: {spoken(title)}, {mark}."
                         for i, (title, mark) in enumerate(marks, 1)])  # fmt: skip
        answered, total = session.facts.progress
        echo(f"{answered} of {total} questions answered.")

    def go(self, rest: str) -> None:
        """Go to a step by number, or to a step or question by its words."""
        from wizard_steps.walk import WALK

        if rest.isdecimal() and 1 <= int(rest) <= len(WALK):
            self.session.enter(WALK[int(rest) - 1].id)
            return
        found = self.session.matches(rest) if rest and not rest.isdecimal() else ()
        if not found:
            echo(
                f"You typed: go {one_line(rest)}. There are {len(WALK)} steps, from "
                f'"go 1" to "go {len(WALK)}"; or say words of a question: "go who signs in".'
            )
        elif len(found) == 1 or not found[0].question:
            self.session.visit(found[0])
        else:
            self.choose(found)

    def find(self, rest: str) -> None:
        """The steps and questions with some words in them, to go to by number."""
        found = self.session.matches(rest) if rest else ()
        if not found:
            echo(f"You typed: find {one_line(rest)}. No step and no question says so.")
            return
        self.choose(found)

    def open(self, _: str) -> None:
        """The questions that are open, unknown, or to be looked at again."""
        found = [place for place in self.session.matches() if place.state and not place.aside]
        if not found:
            echo("No question is open.")
            return
        self.choose(found)

    def choose(self, places: Sequence[Destination]) -> None:
        """Say places numbered, and go where a number says."""

        def line(place: Destination) -> str:
            state = f" ({place.state})" if place.state else ""
            return f"{spoken(place.words)}{state}"

        at = self.pick([line(place) for place in places])
        if at is not None:
            self.session.visit(places[at])

    def findings(self, _: str) -> None:
        """What the review says, to go to what it is about."""
        found = plain_shown.findings(self.session.design)
        if not found:
            echo("The review finds nothing to complain about.")
            return
        at = self.pick([plain_shown.finding(each) for each in found])
        if at is not None:
            self.session.go("review")
            if not self.session.walk_row(found[at].subject):
                echo("No single question settles this: see what it says.")

    def fix(self, rest: str) -> None:
        """Give the answers that settle a finding."""
        from tui.plain.settling import fix

        fix(self, rest)

    def accept(self, rest: str) -> None:
        """Accept a finding for a reason."""
        from tui.plain.settling import accept

        accept(self, rest)

    def pick(self, lines: Sequence[str]) -> int | None:
        """Say lines numbered, and hear which one; None when it is none of them."""
        self.pager.show([f"{i}. {line}" for i, line in enumerate(lines, 1)])
        numbers = f"1 to {len(lines)}" if len(lines) > 1 else "1"
        while True:
            said = self.ask(f"{numbers} goes there, Enter stays: ").strip()
            if said in ("", "back"):
                return None
            if said.isdecimal() and 1 <= int(said) <= len(lines):
                return int(said) - 1
            if said in ("more", "all", "leave", "quit", "exit"):
                self.obey(said)
            else:
                echo(f"You typed: {one_line(said)}. That is none of the numbers.")

    def write(self, _: str) -> None:
        """Go to the plan."""
        self.session.go("write")

    # Changing

    def because(self, rest: str) -> None:
        """Keep a reason for the answer given last, or the one at hand."""
        session = self.session
        asked = session.question
        at_hand = asked.id if asked and asked.answer is not None else ""
        question_id = at_hand if at_hand == session.last_answered else session.last_answered
        question_id = question_id or at_hand or (asked.id if asked else "")
        about = session.facts.found(question_id)
        if about is None:
            echo('No answer was given yet: give one, then say "because" and your reason.')
            return
        session.explain(question_id, rest)
        session.notice = f"{sentence(session.notice)} About: {spoken(about.prompt)}"

    def add(self, rest: str) -> None:
        """Add what the documents do not name, by the questions that ask for it."""
        from tui.plain.own import add_own

        add_own(self, rest)

    def edit(self, _: str) -> None:
        """Write the answer in one's own editor."""
        from tui.plain.own import edit_answer

        edit_answer(self)

    def way(self, taught: bool) -> None:
        """Be on the taught way, or on the quick one."""
        if self.session.taught != taught:
            self.session.toggle_taught()
        else:
            echo("That is the way you are on.")

    def reread(self, _: str) -> None:
        """Read the documents again; answers stay."""
        from schemawalk.reading.text import ReadingError

        try:
            self.session.read_documents()
        except ReadingError as error:
            echo(sentence(str(error)))


WORDS: Final[dict[str, Word]] = {
    "back": Word(lambda w, _: w.session.back(), "the question before, the list, the step before"),
    "undo": Word(lambda w, _: w.session.undo(), "take the last change back"),
    "redo": Word(lambda w, _: w.session.redo(), "make it again"),
    "again": Word(Words.again, "hear the list or question once more"),
    "more": Word(lambda w, _: w.pager.more(), "hear the next lines of a long list"),
    "all": Word(lambda w, _: w.pager.more(everything=True), "hear all that is left of it"),
    "why": Word(Words.why, "why the question matters, with an example"),
    "because": Word(Words.because, "keep your reason for the last answer", "TEXT"),
    "steps": Word(Words.steps, "all steps, and how they stand"),
    "go": Word(Words.go, "go to a step or a question", "NUMBER or WORDS"),
    "find": Word(Words.find, "list the questions with these words in them", "WORDS"),
    "open": Word(Words.open, "list what is open, unknown, or to be looked at again"),
    "findings": Word(Words.findings, "what the review says, to go there"),
    "fix": Word(Words.fix, "fix that finding of the review", "NUMBER"),
    "accept": Word(Words.accept, "accept that finding, for your reason", "NUMBER because TEXT"),
    "summary": Word(Words.summary, "the tables so far"),
    "diagram": Word(Words.diagram, 'how they belong together; "drawn": as a picture', "drawn"),
    "sql": Word(Words.sql, "the SQL so far"),
    "trail": Word(Words.trail, "the answers that led to something", "NAME"),
    "changes": Word(Words.changes, "what Enter, or option N, changes in the tables", "N"),
    "add": Word(Words.add, "add your own thing, fact, relationship or question asked", "NAME"),
    "edit": Word(Words.edit, "write the answer in your editor"),
    "teach": Word(lambda w, _: w.way(True), "be asked one question after the other"),
    "quick": Word(lambda w, _: w.way(False), "take whole lists again"),
    "reread": Word(Words.reread, "read the documents again"),
    "write": Word(Words.write, "go to the plan of what is written"),
    "leave": Word(Words.leave, "end the walk; everything is saved already"),
    "help": Word(Words.help, "this"),
    "list": Word(Words.again, ""),
    "quit": Word(Words.leave, ""),
    "exit": Word(Words.leave, ""),
    "?": Word(Words.help, ""),
}  # fmt: skip
"""In the order of the help; those without words there are other names of the same."""


def say_why(asked: Question, reason: str) -> None:
    """Why a question matters, the example, and the reason that somebody gave."""
    echo(f"Why it matters: {sentence(asked.why)}")
    if asked.example:
        echo(f"For example: {sentence(asked.example)}")
    if asked.called:
        echo(f"It is asked because {sentence(asked.called)}")
    if reason:
        echo(f"Your reason: {sentence(reason)}")
