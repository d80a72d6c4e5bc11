"""Widgets for text that users or rules wrote: never markup, never a terminal escape."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from scoper.interfaces.tui.words import Part, line

POINTER = "▸"
_UNDER_CURSOR = ("option-list--option", "option-list--option-highlighted")


class Words(Static):
    """Text without markup."""

    def __init__(self, *parts: Part, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(line(*parts), id=id, classes=classes, markup=False)

    def say(self, *parts: Part) -> None:
        """Show these parts instead; nothing happens when they stand there."""
        self.show(line(*parts))

    def show(self, content: Content) -> None:
        """Show this instead; nothing happens when it is what stands there."""
        if not (isinstance(self.visual, Content) and self.visual.is_same(content)):
            self.put(content)

    def put(self, content: Content) -> None:
        """Show this instead, whatever stands there."""
        self.update(content)


class LiveWords(Words):
    """Text that changes often, as wide as its container: the screen is laid out anew only when its height changes."""

    def put(self, content: Content) -> None:
        """Show this instead, whatever stands there."""
        before, width = self.visual, self.content_size.width
        same = isinstance(before, Content) and width and before.get_height({}, width) == content.get_height({}, width)
        self.update(content, layout=not same)


class Choices(OptionList):
    """A list of options without markup that keeps its place when it is filled again.

    The row under the cursor also carries a sign in its first cell, so that it stands out without colours; there all
    words take the one colour that can be read on the cursor's ground.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "choose", key_display="Enter")]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)

    def render_line(self, y: int) -> Strip:
        """A row of the list; those under the cursor in its colour, the first of them with its sign."""
        strip = super().render_line(y)
        number, row = self.highlighted, self.scroll_offset.y + y
        if number is None or not self.has_focus or row >= len(self._lines) or self._lines[row][0] != number:
            return strip
        ink = Style(color=self.get_visual_style(*_UNDER_CURSOR).rich_style.color)
        strip = Strip([Segment(text, style + ink if style else ink) for text, style, _ in strip], strip.cell_length)
        first = next(iter(strip.crop(0, 1)), None)
        if first is None or first.text != " " or self._lines[row][1]:
            return strip
        return Strip.join([Strip([Segment(POINTER, first.style)], 1), strip.crop(1)])

    def action_page_down(self) -> None:
        """A page on; a list of which no row can be seen has no pages."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]

    def action_page_up(self) -> None:
        """A page back; a list of which no row can be seen has no pages."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def fill(self, options: list[tuple[str, Content]], highlight: str | None = None) -> None:
        """Show `(id, prompt)` options and put the cursor on `highlight`, else where it was."""
        before = self.highlighted or 0
        self.set_options(Option(prompt, id=key or None, disabled=not key) for key, prompt in options)
        keys = [key for key, _ in options]
        place = keys.index(highlight) if highlight in keys else min(before, len(keys) - 1)
        self.highlighted = next((at for at in (*range(place, len(keys)), *range(place)) if keys[at]), None)


def __getattr__(name: str) -> object:
    """`Line` and `Sheet`, loaded when they are asked for."""
    if name in ("Line", "Sheet"):
        from scoper.interfaces.tui.widgets import typed

        return getattr(typed, name)
    raise AttributeError(name)
