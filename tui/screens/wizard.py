"""The one screen of the walk: what each key does to the session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.binding import BindingType

from tui import keys
from tui.screens.outside import OutsideScreen
from tui.screens.reviewing import ReviewingScreen

if TYPE_CHECKING:
    from textual.app import SystemCommand
    from textual.widgets import Input, OptionList

    from tui.session import Session
    from tui.views import View
    from tui.widgets.drawn import Drawn
    from tui.writing import Writing

ALWAYS: Final = frozenset(
    ("back", "side", "scroll_side", "why", "help", "leave", "copy",
     "app.toggle_theme", "app.paint_anew")
)  # fmt: skip
"""Actions that work while files are written and proven."""


class WizardScreen(OutsideScreen, ReviewingScreen):
    """Passes on what was pressed, and shows what it came to."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.BINDINGS]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While work is under way only what does not disturb it."""
        mine = action in {binding.action.partition("(")[0] for binding in keys.BINDINGS}
        return not (self._busy and mine and action not in ALWAYS)

    def _line_changed(self) -> None:
        line = self.desk.line
        if self.session and self.view and line:
            if self.view.kind == "proposal" and line.id != self.session.place.row:
                self.session.highlight(line.id)
            self._show_card()
            if self.tab in ("tree", "change"):
                self._show_side()

    def on_option_list_option_selected(self, _: OptionList.OptionSelected) -> None:
        self.action_choose()

    def on_input_changed(self, event: Input.Changed) -> None:
        session, view = self.session, self.view
        if session is None or view is None or event.value != event.input.value:
            return
        if event.input.id == "asking-field":
            self.narrow(event.value) if self._asked == "filter" else self.draft_reason(event.value)
        elif view.kind == "field":
            session.keep_draft(view.question_id, event.value)
            if self.tab == "change":
                self._show_side()

    def on_drawn_clicked(self, event: Drawn.Clicked) -> None:
        """Be where somebody clicks: a step of the rail, a question of the tree, a panel."""
        from tui.side import panel as side
        from wizard_steps import walk

        session, name = self.session, event.drawn.id
        if session is None or self._busy:
            return
        if name == "rail" and event.y < len(walk.WALK):
            self.attempt(lambda: session.enter(walk.WALK[event.y].id))
        elif name == "upper" and (question_id := self.desk.question_at(event.y)):
            self.attempt(lambda: session.go(session.place.step, question_id))
        elif name == "side-title":
            self._tab = side.tab_at(event.x, self.tab, event.drawn.content_region.width)
            self._show_side()

    def attempt(self, action: Callable[[], object]) -> None:
        """Do something to the session and show the outcome, or say what stands in the way."""
        from schemawalk.design.errors import DesignChanged, DesignError
        from schemawalk.reading.text import ReadingError
        from wizard_steps.asking.question import AnswerError

        try:
            action()
        except AnswerError as error:
            self.say(str(error), complaint=True)
        except DesignChanged:
            self.changed_elsewhere()
        except (DesignError, ReadingError) as error:
            self.say(str(error), complaint=True)
        else:
            self.end_asking()
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
        if self._asked:
            self._act(view)
            return
        if self.uncover():
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

    def _act(self, view: View) -> None:
        """Do with the words at the bottom what they are for."""
        if self._asked == "reason":
            self.keep_reason()
            return
        found = self.desk.line is not None
        if not found:
            return
        acts = {"proposal": self.action_walk, "several": self.action_tick}
        self.end_asking()
        acts.get(view.kind, self.action_choose if view.kind == "question" else self._show_card)()

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
        if self.focused is field and field.value.strip():
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
        if self.uncover():
            return
        session, view, line = self.session, self.view, self.desk.line
        if session is None or view is None or line is None:
            return
        if view.kind == "proposal":
            if session.leave_out(line.id):
                self.show()
            else:
                self.say("This row cannot be left out; t walks through its questions")
        elif view.kind == "write":
            self._choose_database(line.id)
        elif view.kind == "several":
            ticked = dict.fromkeys(view.chosen)
            ticked.pop(line.id) if line.id in ticked else ticked.update({line.id: None})
            session.keep_draft(view.question_id, "\n".join(ticked))
            at = self.desk.at
            self.show()
            self.desk.to_line(at)

    def action_walk(self) -> None:
        """Walk through the questions of the row at hand."""
        if self.uncover():
            return
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
        if self._asked:
            self.end_asking()
        elif self._busy and self.writing:
            self.writing.cancel()
            self.say("Stopping …")
        elif not (self.uncover() or self._leave_field()):
            session.back()
            self.show()

    def _leave_field(self) -> bool:
        """From the field of own words to the list of options."""
        view = self.view
        several = view is not None and view.kind == "several" and bool(view.lines)
        if self.focused is not self.desk.field or not several:
            return False
        self.desk.focus_lines()
        self._show_keys()
        return True

    def action_side(self) -> None:
        """The next panel, or none."""
        from tui.side import panel as side

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
        self._share_rows()

    def action_way(self) -> None:
        """The quick way, or the taught way; the question and the text stay."""
        if self.session:
            self._why = None
            self.attempt(self.session.toggle_taught)

    def action_documents(self) -> None:
        """Read the documents again."""
        if self.session:
            self.attempt(self.session.read_documents)

    def action_move(self, by: int) -> None:
        """Another line at hand while one types, or reads what it changes; or the panel's text."""
        if self.covered and not self._asked and self.tab != "change":
            self.desk.panel.scroll_by(by)
        elif self.covered or self._asked == "filter" or (self.view and self.view.kind == "several"):
            self.desk.move(by)

    def action_unknown(self) -> None:
        if self.session and self.session.question and not self.uncover():
            self.attempt(self.session.do_not_know)

    def action_write(self) -> None:
        session = self.session
        if session:
            self.uncover()
            self.attempt(lambda: session.go("write"))

    def action_leave(self) -> None:
        self.app.leave()

    def commands(self) -> Iterable[SystemCommand]:
        """What can be done here, for the command palette: every key by what it does."""
        from textual.app import SystemCommand

        useless = self.view.useless if self.view else frozenset()
        for binding in keys.sensible(self.kind, useless):
            shown, does = keys.row(binding)
            run = partial(self.run_action, binding.action)
            yield SystemCommand(does[:1].upper() + does[1:], shown, run)

    def action_help(self) -> None:
        from tui.screens.help import HelpScreen

        if self.session and self.view:
            self.app.push_screen(HelpScreen(self.session.step, self.view))

    @work
    async def action_jump(self) -> None:
        """Ask for a step or a question, and go there."""
        from tui.screens.pick import jump

        if self.session:
            self.uncover()
            await jump(self, self.session)

    @work
    async def action_own(self) -> None:
        """Add a noun, an attribute or a relationship, as the step allows."""
        session, view = self.session, self.view
        if session is None or view is None:
            return
        self.uncover()
        if view.kind == "several" and view.typed:
            self.desk.focus_field()
            self._show_keys()
        elif view.kind == "proposal":
            from tui.screens.own import add_own

            await add_own(self, session)

    # Writing

    def _choose_database(self, line_id: str) -> None:
        """Prove on the database of a line, or not any more."""
        if self.writing and self.writing.toggle(line_id):
            self._proven_on, at = self.writing.chosen, self.desk.at
            self.show()
            self.desk.to_line(at)
        else:
            self.say("Space chooses among the databases at the end of the list")

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
        await asyncio.to_thread(writing.run, self._progress_from_thread, self._show_from_thread)
        self._busy = ""
        self.show()
        if writing.problem:
            self.say(writing.problem, complaint=True)

    def _show_from_thread(self) -> None:
        self.app.call_from_thread(self.show)

    def _progress_from_thread(self, done: int, total: int, name: str) -> None:
        self.app.call_from_thread(self._show_progress, done, total, name)

    def _show_progress(self, done: int, total: int, name: str) -> None:
        busy = self.writing.busy if self.writing else ""
        title = self.view.title if self.view else ""
        self.desk.show_progress(title, busy, done, total, name)

    def close(self) -> None:
        """Let go of the folder."""
        if self.writing:
            self.writing.cancel()
        if self.session:
            self.session.close()
            self.session = None  # keys that were typed ahead find nobody
