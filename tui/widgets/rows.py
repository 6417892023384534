"""The list in the middle: aligned lines with marks, rebuilt in place for any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        self.when_moved: Callable[[], object] = lambda: None
        """Called at once when somebody moves to another line: both are drawn in one update."""
        self._put = False

    @property
    def line(self) -> Line | None:
        """The line at hand."""
        at = self.at
        return self._shown[at] if at is not None and at < len(self._shown) else None

    @property
    def at(self) -> int | None:
        """The number of the line at hand."""
        return self._wished if self.highlighted is None else self.highlighted

    def put(self, at: int | None) -> None:
        """Put another line at hand, without a call of `when_moved`."""
        self._put = True
        with self.prevent(OptionList.OptionHighlighted):
            self.highlighted = at
        self._put = False

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Bring the line at hand into view, and tell of it."""
        super().watch_highlighted(highlighted)
        if highlighted is not None and not self._put:
            self.when_moved()

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
        self.put(self._wished)
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
            self.put(at)
            self.call_after_refresh(self.scroll_to_highlight)

    def scroll_to_highlight(self, top: bool = False) -> None:
        """Bring the line at hand into view, by all that is seen but the line one comes from.

        To a terminal a scroll by one line is as many bytes as one by a page.
        """
        before = self.scroll_y
        super().scroll_to_highlight(top)
        by = self.scroll_y - before
        page = self.scrollable_content_region.height - (4 if self._form[2] else 2)
        if 0 < abs(by) < page and not top:
            rest = page - abs(by)
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
