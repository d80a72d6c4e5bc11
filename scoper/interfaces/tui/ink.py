"""Colours for terminals on which NO_COLOR is set: none at all; what a ground colour says is said by reverse video.

Textual's own answer to NO_COLOR is shades of grey, in which what is lit may be hard to see.
"""

from __future__ import annotations

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_PLAIN = Style.from_color(RichColor.default(), RichColor.default())
_LIT = _PLAIN + Style(reverse=True)


class NoInk(LineFilter):
    """Takes the colours away; segments on a `lit` ground are reversed, keeping bold, underline and the like."""

    def __init__(self, lit: frozenset[str]) -> None:
        super().__init__()
        self._lit = lit

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without colours."""
        return [Segment(text, self._without(style), control) for text, style, control in segments]

    def _without(self, style: Style | None) -> Style:
        if style is None:
            return _PLAIN
        ground = style.bgcolor.get_truecolor().hex.lower() if style.bgcolor and not style.bgcolor.is_default else ""
        return style + (_LIT if ground in self._lit or style.reverse else _PLAIN)
