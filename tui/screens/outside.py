"""What leads out of the screen and back: the clipboard, the user's editor, the scrollback."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from textual.app import SuspendNotSupported
from textual.widgets import Static

from tui.screens.shown import ShownScreen

if TYPE_CHECKING:
    from schemawalk.design.model import Design
    from tui.session import Session
    from tui.views import Line, View
    from wizard_steps.asking.question import Question


JOINED: Final = "The lines become one, joined by blanks."


class OutsideScreen(ShownScreen):
    """Copies what is shown, opens a field in an editor, and says at the end what was done."""

    _begun: Design | None = None
    """The design as it was when the screen opened."""
    _written: tuple[str, ...] = ()
    """Paths of the files that were written."""

    def show(self) -> None:
        """Show where the session is; the first time also what is wrong with a theme."""
        super().show()
        session, writing = self.session, self.writing
        if session is None:
            return
        if self._begun is None:
            self._begun = session.design
            if self.app.theme_problem:
                self.say(self.app.theme_problem, complaint=True)
        if writing and writing.delivery and writing.phase in ("written", "proven"):
            new = {"create", "update", "beside"}
            entries = writing.delivery.plan.entries
            self._written = tuple(e.path for e in entries if e.action in new) or self._written

    # The clipboard

    def action_copy(self) -> None:
        """Copy what the open panel shows, or else the line or the text at hand."""
        from tui.terminal import clipboard

        session = self.session
        if session is None or self.view is None:
            return
        what, text = self._at_hand(session, self.view)
        text = clipboard.copyable(text)
        if not text.strip():
            self.say("There is nothing to copy here")
            return
        self.say(clipboard.notice(what, text), complaint=clipboard.too_long(text))
        if not clipboard.too_long(text):
            self.app.copy_to_clipboard(text)

    def _at_hand(self, session: Session, view: View) -> tuple[str, str]:
        """What would be copied: what it is called, and its text."""
        from schemawalk.delivery import work_for
        from tui.side.panel import TITLES

        if self.tab:
            tables = self.tab not in ("erd", "sql") or work_for(session.shown_design).schema.tables
            if not tables:
                return "", ""
            shown = self.desk.panel.query_one("#side-text", Static).content
            return TITLES.get(self.tab, self.tab), getattr(shown, "plain", str(shown))
        if self.desk.field.has_focus and self.desk.field.value:
            return "your text", self.desk.field.value
        if self.desk.line is None:
            return "the question" if view.question_id else "the headline", view.prompt
        if view.question_id:
            return "the answer", _about(self.desk.line, before=view.prompt)
        return "the row", _about(self.desk.line)

    # The editor

    def action_edit(self) -> None:
        """Open the text of the field in the user's own editor, and take it back from there."""
        session, view = self.session, self.view
        asked = session.question if session else None
        if session is None or view is None or self._busy:
            return
        if self._asked == "reason":
            self._edit_reason()
            return
        if asked is None or view.typed is None or self._asked:
            self.say("There is no text to edit here, only in a question's field")
            return
        edited = self._edited(self._lines(view, asked), _help(asked))
        if edited is not None:
            session.keep_draft(asked.id, _draft(asked, edited))
            self.show()
            self.say("Taken from the editor; enter answers with it")

    def _edit_reason(self) -> None:
        field = self.desk.asking.field
        edited = self._edited(field.value, ("", "Why you answer so.", JOINED))
        if edited is not None:
            field.value = _one_line(edited)
            field.cursor_position = len(field.value)

    def _edited(self, text: str, told: tuple[str, ...]) -> str | None:
        """The text as the editor leaves it; None, and a sentence, when it left it as it was."""
        from tui.editor import Edited, EditorError, Page, command, edit

        environment = {**os.environ, **({"NO_COLOR": "1"} if self.app.no_color else {})}
        try:
            argv = command(environment)
            with self.app.suspend():
                edited = edit(Page(text, told), argv, environment)
        except EditorError as error:
            edited = Edited(text, str(error))
        except SuspendNotSupported:
            edited = Edited(text, "The terminal cannot be given to an editor here")
        if edited.problem:
            self.say(edited.problem, complaint=True)
            return None
        if edited.text == text:
            self.say("Nothing was changed in the editor")
            return None
        return edited.text

    def _lines(self, view: View, asked: Question) -> str:
        """What the editor opens with: the text, or one answer a line."""
        typed = self.desk.field.value
        if asked.form != "several":
            return typed
        chosen = [asked.label(value) for value in view.chosen]
        return "\n".join((*chosen, typed) if typed.strip() else chosen)

    # The scrollback

    def last_words(self) -> list[str]:
        """What to say when the screen is gone: what was answered, and how to go on."""
        from tui.transcript import parting, transcript

        session = self.session
        if session is None or self._begun is None:
            return []
        width = self.app.size.width
        said = transcript(self._begun, session.design, width)
        folder = str(self._folder)
        return said + parting(folder, session.facts.progress, self._written, width)


def _about(line: Line, before: str = "") -> str:
    """A line with all that its card says."""
    return "\n".join(filter(None, (before, line.title, line.detail, line.because)))


def _help(asked: Question) -> tuple[str, ...]:
    """What to read in the editor: the question, what it takes, and an example."""
    several = asked.form == "several"
    takes = "One answer a line." if several else JOINED
    options = tuple(f"  {option.label}: {option.leads_to}" for option in asked.options)
    return (
        "", f"{asked.about}. {asked.prompt}", takes,
        *(("", "Options:", *options) if options else ()),
        *(("", f"Example: {asked.example}") if asked.example else ()),
        "", f"Why it matters: {asked.why}",
    )  # fmt: skip


def _draft(asked: Question, text: str) -> str:
    """What was edited as the session keeps it: values, one a line, or a text on one line."""
    if asked.form != "several":
        return _one_line(text)
    lines = (line.strip() for line in text.splitlines() if line.strip())
    values = {option.label.casefold(): option.value for option in asked.options}
    return "\n".join(dict.fromkeys(values.get(line.casefold(), line) for line in lines))


def _one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines() if line.strip())
