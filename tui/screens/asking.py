"""The line at the bottom: a filter over the list at hand, the reason for an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.screens.shown import ShownScreen

if TYPE_CHECKING:
    from tui.session import Session
    from tui.views import View


class AskingScreen(ShownScreen):
    """Asks for a few words without leaving the question."""

    def attempt(self, action: Callable[[], object]) -> None:
        """Do something to the session and show the outcome; `WizardScreen` says how."""
        raise NotImplementedError

    def _ask(self, kind: str, label: str, text: str = "") -> None:
        self._asked = kind
        self.desk.ask(label, text)
        self._show_keys()

    def end_asking(self) -> None:
        """The line at the bottom is gone; the list is whole again, with the same line at hand."""
        if not self._asked:
            return
        filtering, at = self._asked == "filter", self.desk.line
        self._asked = self._filter_text = ""
        self.desk.end_asking()
        if filtering and self.view and self._whole:
            self.view = self._whole
            ids = [line.id for line in self.view.lines]
            number = ids.index(at.id) if at and at.id in ids else self.view.at
            self.view = replace(self.view, at=number)
        if self.view:
            self.desk.show_view(self.view, why=self.why)
            self._show_keys()

    # The filter

    _whole: View | None = None
    """The view whose list is narrowed."""
    _filter_text = ""

    def action_filter(self) -> None:
        """Narrow the list at hand by what is typed next."""
        view = self.view
        if view and view.lines and view.kind != "field" and not self._asked:
            self.uncover()
            self._whole = replace(view, at=self.desk.at or 0)
            self._ask("filter", self._filter_label(len(view.lines)))

    def narrow(self, text: str) -> None:
        """Show the lines that hold every word of a text."""
        from tui.views import filtered

        whole, line = self._whole, self.desk.line
        if whole is None:
            return
        self._filter_text = text
        lines = filtered(whole.lines, text)
        ids = [each.id for each in lines]
        at = ids.index(line.id) if line and line.id in ids else 0
        self.view = replace(whole, lines=lines, at=at)
        self.desk.narrow(lines, at)
        self.desk.asking.show(self._filter_label(sum(not each.heading for each in lines)))
        self._line_changed()

    def _filter_label(self, count: int) -> str:
        return f"Filter, {count} left: " if self._filter_text else "Filter: "

    # The reason

    def action_reason(self) -> None:
        """Ask why one answers so: the question at hand, or else the one answered last."""
        session = self.session
        if session is None or self._asked or self._busy:
            return
        wanted = self._explained(session)
        if not wanted:
            self.say("e keeps the reason for an answer: go to a question first")
            return
        draft = session.draft(draft_of(wanted))
        text = draft if draft is not None else session.reason_to_keep(wanted)
        self._ask("reason", "Your reason: ", text)

    def _explained(self, session: Session) -> str:
        """Id of the question that a reason would be for."""
        last = session.last_answered
        return session.place.question or (last if session.facts.found(last) else "")

    def keep_reason(self) -> None:
        """Keep the reason that was typed."""
        session, text = self.session, self.desk.asking.field.value.strip()
        if session is None:
            return
        wanted = self._explained(session)
        self.end_asking()
        session.forget_draft(draft_of(wanted))
        self.attempt(lambda: session.explain(wanted, text))

    def draft_reason(self, text: str) -> None:
        """Keep the reason while it is typed."""
        session = self.session
        if session:
            session.keep_draft(draft_of(self._explained(session)), text)


def draft_of(question_id: str) -> str:
    """The name under which a reason is kept while it is typed."""
    return f"{question_id} why"
