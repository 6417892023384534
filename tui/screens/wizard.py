"""The one screen of the walk: what each key does to the session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.binding import BindingType

from tui import keys
from tui.screens.shown import ShownScreen

if TYPE_CHECKING:
    from textual.widgets import Input, OptionList

    from tui.session import Session
    from tui.views import View
    from tui.writing import Writing

ALWAYS: Final = frozenset(
    ("back", "side", "scroll_side", "why", "help", "leave", "app.toggle_theme")
)
"""Actions that work while files are written and proven."""


class WizardScreen(ShownScreen):
    """Passes on what was pressed, and shows what it came to."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.BINDINGS]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While work is under way only what does not disturb it."""
        mine = action in {binding.action.partition("(")[0] for binding in keys.BINDINGS}
        return not (self._busy and mine and action not in ALWAYS)

    def on_option_list_option_highlighted(self, _: OptionList.OptionHighlighted) -> None:
        line = self.desk.line
        if self.session and self.view and line:
            if self.view.kind == "proposal" and line.id != self.session.place.row:
                self.session.highlight(line.id)
                if self.tab == "trail":
                    self._show_side()
            self._show_card()

    def on_option_list_option_selected(self, _: OptionList.OptionSelected) -> None:
        self.action_choose()

    def on_input_changed(self, event: Input.Changed) -> None:
        stale = event.value != event.input.value
        if self.session and self.view and self.view.kind == "field" and not stale:
            self.session.keep_draft(self.view.question_id, event.value)

    def attempt(self, action: Callable[[], object]) -> None:
        """Do something to the session and show the outcome, or say what stands in the way."""
        from schemawalk.design.errors import DesignChanged, DesignError
        from wizard_steps.question import AnswerError

        try:
            action()
        except AnswerError as error:
            self.say(str(error), complaint=True)
        except DesignChanged:
            self.changed_elsewhere()
        except DesignError as error:
            self.say(str(error), complaint=True)
        else:
            self.show()

    @work
    async def changed_elsewhere(self) -> None:
        """Ask what to do about a design that somebody else changed."""
        from tui.screens.changed import ChangedScreen

        again = await self.app.push_screen_wait(ChangedScreen())
        if again and self.session:
            self.attempt(self.session.reload)

    def action_choose(self) -> None:
        """Take the proposal, choose the option, accept the field, or go on with the writing."""
        session, view = self.session, self.view
        if session is None or view is None or self._busy:
            return
        match view.kind:
            case "proposal":
                self._take(session)
            case "question":
                line = self.desk.line
                if line:
                    self.attempt(lambda: session.answer((line.id,)))
            case "field":
                self._take_text(session)
            case "several":
                self._take_ticks(session, view)
            case "write":
                self._go_on_writing(session)

    def _take(self, session: Session) -> None:
        if session.place.step == "sources" and not session.design.steps:
            self.attempt(lambda: session.walk_row("product.journey"))
        else:
            self.attempt(session.take)

    def _take_text(self, session: Session) -> None:
        asked, text = session.question, self.desk.field.value.strip()
        if asked is not None:
            values = (text,) if text else asked.recommended or ("",)
            self.attempt(lambda: session.answer(values))

    def _take_ticks(self, session: Session, view: View) -> None:
        field = self.desk.field
        if field.has_focus and field.value.strip():
            self._add_own(session, view, field)
        else:
            self.attempt(lambda: session.answer(view.chosen))

    def _add_own(self, session: Session, view: View, field: Input) -> None:
        own = field.value.strip()
        session.keep_draft(view.question_id, "\n".join(dict.fromkeys((*view.chosen, own))))
        self.show()
        self.desk.to_line(len(self.view.lines) - 1 if self.view else None)
        self.desk.focus_field()
        self._show_keys()

    def action_tick(self) -> None:
        """Leave the row out or in; tick or untick the option."""
        session, view, line = self.session, self.view, self.desk.line
        if session is None or view is None or line is None:
            return
        if view.kind == "proposal":
            if session.leave_out(line.id):
                self.show()
            else:
                self.say("This row cannot be left out; t walks through its questions")
        elif view.kind == "several":
            ticked = dict.fromkeys(view.chosen)
            ticked.pop(line.id) if line.id in ticked else ticked.update({line.id: None})
            session.keep_draft(view.question_id, "\n".join(ticked))
            at = self.desk.at
            self.show()
            self.desk.to_line(at)

    def action_walk(self) -> None:
        """Walk through the questions of the row at hand."""
        session, view, line = self.session, self.view, self.desk.line
        if session is None or view is None or line is None or view.kind != "proposal":
            return
        row_id = line.id

        def walk() -> None:
            if not session.walk_row(row_id):
                session.notice = "Nothing is asked about this row"

        self.attempt(walk)

    def action_back(self) -> None:
        """Back to the question before, to the proposal, to the step before; or stop the work."""
        session = self.session
        if session is None:
            return
        if self._busy and self.writing:
            self.writing.cancel()
            self.say("Stopping …")
        elif self.tab and self.has_class("small"):
            self._tab = ""
            self._show_side()
        elif self.view and self.view.kind == "several" and self._leave_field():
            return
        else:
            session.back()
            self.show()

    def _leave_field(self) -> bool:
        """From the field of own words to the list of options."""
        field = self.desk.field
        if not (field.has_focus and self.view and self.view.lines):
            return False
        self.desk.focus_lines()
        self._show_keys()
        return True

    def action_side(self) -> None:
        """The next panel, or none."""
        from tui import side

        if self.session:
            self._tab = side.after(self.tab)
            self._show_side()

    def action_scroll_side(self, by: int) -> None:
        """Move the panel's text."""
        if self.session:
            self.desk.panel.scroll_by(by)

    def action_undo(self) -> None:
        if self.session:
            self.attempt(self.session.undo)

    def action_redo(self) -> None:
        if self.session:
            self.attempt(self.session.redo)

    def action_why(self) -> None:
        self._why = not self.why
        self._show_card()

    def action_unknown(self) -> None:
        if self.session and self.session.question:
            self.attempt(self.session.do_not_know)

    def action_write(self) -> None:
        session = self.session
        if session:
            self.attempt(lambda: session.go("write"))

    def action_leave(self) -> None:
        self.app.leave()

    def action_help(self) -> None:
        from tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    @work
    async def action_jump(self) -> None:
        """Ask for a step or a question, and go there."""
        from tui.screens.pick import jump

        if self.session:
            await jump(self, self.session)

    @work
    async def action_own(self) -> None:
        """Add a noun, an attribute or a relationship, as the step allows."""
        session, view = self.session, self.view
        if session is None or view is None:
            return
        if view.kind == "several" and view.typed:
            self.desk.focus_field()
            self._show_keys()
        elif view.kind == "proposal":
            from tui.screens.own import add_own

            await add_own(self, session)

    # Writing

    def _go_on_writing(self, session: Session) -> None:
        if self.writing and self.writing.blocked:
            self.attempt(lambda: session.go("review"))
        elif self.writing:
            self.write(self.writing)

    @work(exclusive=True, group="writing")
    async def write(self, writing: Writing) -> None:
        """Plan, or write and prove, in a thread, with a progress bar."""
        self._busy = "working"
        self._show_keys()
        await asyncio.to_thread(writing.run, self._progress_from_thread)
        self._busy = ""
        self.show()
        if writing.problem:
            self.say(writing.problem, complaint=True)

    def _progress_from_thread(self, done: int, total: int, name: str) -> None:
        self.app.call_from_thread(self._show_progress, done, total, name)

    def _show_progress(self, done: int, total: int, name: str) -> None:
        busy = self.writing.busy if self.writing else ""
        self.desk.show_progress(busy, done, total, name)

    def last_words(self) -> list[str]:
        """What to say when the screen is gone: how far it is, and how to go on."""
        if self.session is None:
            return []
        done, total = self.session.facts.progress
        return [
            f"{self.session.step.title}: {done} of {total} questions answered, all saved.",
            f"Go on with: schemawalk {self._folder}",
        ]

    def close(self) -> None:
        """Let go of the folder."""
        if self.writing:
            self.writing.cancel()
        if self.session:
            self.session.close()
