"""What can be done about a finding of the review: fix it with a key, or accept it for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.asking import AskingScreen, draft_of

if TYPE_CHECKING:
    from tui.session import Session


class ReviewingScreen(AskingScreen):
    """Fixes and accepts the finding at hand."""

    _accepting = ""
    """Id of the row for whose acceptance a reason is asked."""

    def action_fix(self) -> None:
        """Give the answers that settle the finding at hand, or go to its questions."""
        session, row = self.session, self._row_at_hand()
        if session and row:
            self.attempt(lambda: session.fix(row))

    def action_accept(self) -> None:
        """Ask why the finding at hand is accepted; one that is accepted stands again."""
        session, row = self.session, self._row_at_hand()
        if session is None or not row:
            return
        if session.is_accepted(row):
            self.attempt(lambda: session.accept(row, ""))
        elif session.can_be_accepted(row):
            self._accepting = row
            self._ask("reason", "Accepted, because: ", session.draft(self._draft()) or "")
        else:
            self.say("An error cannot be accepted: fix it, or walk its questions", complaint=True)

    def _row_at_hand(self) -> str:
        """Id of the finding's row; empty elsewhere, and while something else goes on."""
        here = self.view is not None and self.view.kind == "proposal" and not self._asked
        if not here or self._busy or self.session is None or self.uncover():
            return ""
        line = self.desk.line
        return line.id if line and self.session.place.step == "review" else ""

    def _draft(self) -> str:
        return draft_of(f"{self._accepting}.reason")

    def _explained(self, session: Session) -> str:
        return f"{self._accepting}.reason" if self._accepting else super()._explained(session)

    def keep_reason(self) -> None:
        """Keep the reason that was typed: of what is accepted, or of an answer."""
        session, row = self.session, self._accepting
        if session is None or not row:
            super().keep_reason()
            return
        text = self.desk.asking.field.value.strip()
        session.forget_draft(self._draft())
        self.end_asking()
        if text:
            self.attempt(lambda: session.accept(row, text))

    def end_asking(self) -> None:
        """The line at the bottom is gone, and the finding still at hand."""
        at = self.desk.at if self._accepting else None
        super().end_asking()
        if at is not None:
            self.desk.to_line(at)
        self._accepting = ""
