"""A list whose page keys wait until it is laid out."""

from __future__ import annotations

from contextlib import suppress

from textual.widgets import OptionList


class PagedList(OptionList):
    """An OptionList that lets a page key pass which comes before its first layout.

    Textual 8.2.8 looks the lines of its options up in a table that the layout fills, and ends the
    program with a KeyError when somebody types ahead of it.
    """

    def action_page_down(self) -> None:
        """One page down."""
        with suppress(KeyError):
            super().action_page_down()  # type: ignore[no-untyped-call]

    def action_page_up(self) -> None:
        """One page up."""
        with suppress(KeyError):
            super().action_page_up()  # type: ignore[no-untyped-call]
