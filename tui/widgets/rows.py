"""The list in the middle: aligned lines with marks, rebuilt in place for any size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui import paint
from tui.widgets.paged import PagedList

if TYPE_CHECKING:
    from tui.views import Line

Form = tuple[int, int, bool]
"""How the lines are drawn: cells in all, cells of the titles, whether on two rows each."""


class Rows(PagedList):
    """Lines to move through; enter is the screen's action `choose`, before any key after it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.choose", show=False)]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self._shown: tuple[Line, ...] = ()
        self._form: Form = (0, 0, False)
        self._height = 0
        """Rows that the list has, or is going to have."""
        self._wished: int | None = None
        """The line to be at hand as soon as there is room to draw."""

    @property
    def line(self) -> Line | None:
        """The line at hand."""
        at = self.at
        return self._shown[at] if at is not None and at < len(self._shown) else None

    @property
    def at(self) -> int | None:
        """The number of the line at hand."""
        return self._wished if self.highlighted is None else self.highlighted

    def show(self, lines: Sequence[Line], at: int, height: int) -> None:
        """Show other lines, with one of them at hand; those that stay the same are not drawn.

        `height` is how many rows the list is going to have.
        """
        before, self._shown = self._shown, tuple(lines)
        self._height = height
        same = [line.id for line in before] == [line.id for line in lines]
        if same and self._wanted() == self._form and self.option_count == len(lines):
            self._exchange(before)
        else:
            self._rebuild()
        self._wished = self._from(at)
        with self.prevent(OptionList.OptionHighlighted):
            self.highlighted = self._wished
        self.call_after_refresh(self.scroll_to_highlight)

    def _from(self, at: int) -> int | None:
        """The first line from `at` on that is no heading."""
        rest = range(at, len(self._shown))
        return next((i for i in rest if not self._shown[i].heading), None)

    def on_resize(self, _: Resize) -> None:
        self._height = self.scrollable_content_region.height
        if self._wanted() != self._form:
            at = self.at
            self._rebuild()
            with self.prevent(OptionList.OptionHighlighted):
                self.highlighted = at
            self.call_after_refresh(self.scroll_to_highlight)

    def scroll_to_highlight(self, top: bool = False) -> None:
        """Bring the line at hand into view, by at least half of what is seen.

        To a terminal a scroll by one line is as many bytes as one by half a page.
        """
        before = self.scroll_y
        super().scroll_to_highlight(top)
        by, half = self.scroll_y - before, self.scrollable_content_region.height // 2
        if 0 < abs(by) < half and not top:
            rest = half - abs(by)
            self.scroll_relative(y=rest if by > 0 else -rest, animate=False, immediate=True)

    def _wanted(self) -> Form:
        width = self.scrollable_content_region.width - 1  # a gap before the scrollbar
        fits = len(self._shown) * 2 <= self._height and paint.is_cut(self._shown, width)
        two = fits or paint.titles_are_cut(self._shown, width)
        return width, paint.title_width(self._shown, width), two

    def _prompt(self, line: Line) -> Content:
        width, titles, two = self._form
        return paint.stacked_line(line, width) if two else paint.list_line(line, width, titles)

    def _exchange(self, before: Sequence[Line]) -> None:
        for at, (old, new) in enumerate(zip(before, self._shown, strict=True)):
            if old != new:
                self.replace_option_prompt_at_index(at, self._prompt(new))

    def _rebuild(self) -> None:
        self._form = self._wanted()
        if self._form[0] > 0:
            with self.prevent(OptionList.OptionHighlighted):
                self.set_options(
                    [Option(self._prompt(line), disabled=line.heading) for line in self._shown]
                )
