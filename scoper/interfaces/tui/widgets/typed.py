"""Widgets for text that is typed: what reaches them is cleaned of escapes, also what is pasted.

Apart from `safe`, as they load an editor that the first screens do not need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.strip import Strip
from textual.widgets import Input, TextArea
from textual.widgets.text_area import Edit, EditResult

from scoper.domain.text import clean, one_line
from scoper.interfaces.tui.words import fit

FAULT = "✗"
_LEAST_ROOM = 14
_KEY = r"^\s*[\w.-]+(?=:)"
_COMMENT = r"(^|\s)#.*$"


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
