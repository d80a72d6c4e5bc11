"""Widgets for text that users or rules wrote: never markup, never a terminal escape, also while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option
from textual.widgets.text_area import Edit, EditResult

from scoper.domain.text import clean, one_line
from scoper.interfaces.tui.words import Part, fit, line

POINTER, FAULT = "▸", "✗"
_LEAST_ROOM = 14
_KEY = r"^\s*[\w.-]+(?=:)"
_COMMENT = r"(^|\s)#.*$"


class Words(Static):
    """Text without markup."""

    def __init__(self, *parts: Part, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(line(*parts), id=id, classes=classes, markup=False)

    def say(self, *parts: Part) -> None:
        """Show these parts instead."""
        self.update(line(*parts))


class LiveWords(Words):
    """Text that changes often, as wide as its container: the screen is laid out anew only when its height changes."""

    def show(self, content: Content) -> None:
        """Show this instead; nothing happens when it is what stands there."""
        before, width = self.visual, self.content_size.width
        if isinstance(before, Content) and before.is_same(content):
            return
        same = isinstance(before, Content) and width and before.get_height({}, width) == content.get_height({}, width)
        self.update(content, layout=not same)


class Choices(OptionList):
    """A list of options without markup that keeps its place when it is filled again.

    The row under the cursor also carries a sign in its first cell, so that it stands out without colours.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "choose", key_display="Enter")]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)

    def render_line(self, y: int) -> Strip:
        """A row of the list, the first one under the cursor with its sign."""
        strip = super().render_line(y)
        number, row = self.highlighted, self.scroll_offset.y + y
        if number is None or not self.has_focus or row >= len(self._lines) or self._lines[row] != (number, 0):
            return strip
        first = next(iter(strip.crop(0, 1)), None)
        if first is None or first.text != " ":
            return strip
        return Strip.join([Strip([Segment(POINTER, first.style)], 1), strip.crop(1)])

    def fill(self, options: list[tuple[str, Content]], highlight: str | None = None) -> None:
        """Show `(id, prompt)` options and put the cursor on `highlight`, else where it was."""
        before = self.highlighted or 0
        self.set_options(Option(prompt, id=key or None, disabled=not key) for key, prompt in options)
        keys = [key for key, _ in options]
        place = keys.index(highlight) if highlight in keys else min(before, len(keys) - 1)
        self.highlighted = next((at for at in (*range(place, len(keys)), *range(place)) if keys[at]), None)


class Line(Input):
    """One line of typed text."""

    def __init__(self, value: str = "", *, id: str | None = None, max_length: int = 2000) -> None:
        super().__init__(one_line(value), id=id, max_length=max_length, select_on_focus=False)

    def validate_value(self, value: str) -> str:
        """What is typed or pasted, without escapes and line ends."""
        return value if value.isprintable() else one_line(value)

    def on_paste(self, event: events.Paste) -> None:
        """Put all of it on the one line; the base class would keep the first line only."""
        event.prevent_default()
        event.stop()
        self.replace(one_line(event.text), *self.selection)


class Sheet(TextArea):
    """Several lines of typed text; lines that hold `marked` words stand out, and so do the numbered `faults`."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(clean(text), id=id, read_only=True, show_line_numbers=True, soft_wrap=True)
        self.highlight_cursor_line = self.match_cursor_bracket = False
        self.marked = "TODO"
        self.faults: Mapping[int, str] = {}

    def edit(self, edit: Edit) -> EditResult:
        """Apply an edit whose text has been cleaned."""
        return super().edit(replace(edit, text=clean(edit.text)))

    def mark(self, faults: Mapping[int, str]) -> None:
        """Mark these lines (counted from 1) as faulty, each with what is wrong there."""
        if faults != self.faults:
            self.faults = faults
            self._line_cache.clear()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """A row of the text; a faulty line has a cross in the gutter and says at its end what is wrong."""
        strip = super().render_line(y)
        place = self._place_of(y)
        if place is None or place[0] + 1 not in self.faults:
            return strip
        number, first, last = place
        style = self.rich_style + Style(color=self.app.theme_variables["text-error"], bold=True)
        if first and self.gutter_width >= len(FAULT) + 1:
            at = self.gutter_width - 2
            strip = Strip.join([strip.crop(0, at), Strip([Segment(FAULT, style)], 1), strip.crop(at + 1)])
        return self._with_message(strip, self.faults[number + 1], style) if last else strip

    def _place_of(self, y: int) -> tuple[int, bool, bool] | None:
        """The line (from 0) that stands in row `y`, whether that is its first row and whether its last."""
        rows, row = self.wrapped_document._offset_to_line_info, self.scroll_offset.y + y
        if not 0 <= row < len(rows):
            return None
        number, section = rows[row]
        return number, section == 0, row + 1 >= len(rows) or rows[row + 1][0] != number

    def _with_message(self, strip: Strip, said: str, style: Style) -> Strip:
        used = cell_len(strip.text.rstrip())
        room = strip.cell_length - used - 3
        if room < _LEAST_ROOM:
            return strip
        text = fit(said, room)
        shown = Strip([Segment(f"  {text}", style)])
        return Strip.join([strip.crop(0, used), shown, strip.crop(used + shown.cell_length)])

    def get_line(self, line_index: int) -> Text:
        """A line of the text, coloured when something is to be done there."""
        text = super().get_line(line_index)
        colours = self.app.theme_variables
        if line_index + 1 in self.faults:
            text.stylize(f"bold {colours['text-warning' if self.marked in text.plain else 'text-error']}")
        else:
            text.highlight_regex(_KEY, f"bold {colours['primary']}")
            text.highlight_regex(_COMMENT, colours["text-muted"])
        return text
