"""What can be done about a finding of the review: fix it with a key, or accept it for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.asking import AskingScreen, draft_of

if TYPE_CHECKING:
    from tui.session import Session


class ReviewingScreen(AskingScreen):
    """Fixes and waives the finding at hand."""

    _waiving = ""
    """Id of the row whose waiver's reason is asked for."""

    def action_fix(self) -> None:
        """Give the answers that settle the finding at hand, or go to its questions."""
        session, row = self.session, self._row_at_hand()
        if session and row:
            self.attempt(lambda: session.fix(row))

    def action_waive(self) -> None:
        """Ask why the finding at hand is accepted; one that is accepted stands again."""
        session, row = self.session, self._row_at_hand()
        if session is None or not row:
            return
        if session.is_waived(row):
            self.attempt(lambda: session.waive(row, ""))
        elif session.can_be_waived(row):
            self._waiving = row
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
        return draft_of(f"{self._waiving}.reason")

    def _explained(self, session: Session) -> str:
        return f"{self._waiving}.reason" if self._waiving else super()._explained(session)

    def keep_reason(self) -> None:
        """Keep the reason that was typed: of a waiver, or of an answer."""
        session, row = self.session, self._waiving
        if session is None or not row:
            super().keep_reason()
            return
        text = self.desk.asking.field.value.strip()
        session.forget_draft(self._draft())
        self.end_asking()
        if text:
            self.attempt(lambda: session.waive(row, text))

    def end_asking(self) -> None:
        """The line at the bottom is gone, and the finding still at hand."""
        at = self.desk.at if self._waiving else None
        super().end_asking()
        if at is not None:
            self.desk.to_line(at)
        self._waiving = ""
