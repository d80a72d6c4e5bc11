"""The live learning curve: draws what `plot` computes, in the theme's colours."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from scoper.interfaces.tui.widgets.plot import Cell, Curves, Ink, plot


class Curve(Widget):
    """A plot of `Curves`; its words stand in a line of text that the screen shows beneath."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "curve--mean",
        "curve--floor",
        "curve--ceiling",
        "curve--axis",
        "curve--band",
    }

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._curves = Curves({}, 1.0)
        self._rows: list[Strip] = []

    def show(self, curves: Curves) -> None:
        """Draw these curves; nothing happens when they are the ones already drawn."""
        if curves != self._curves:
            self._curves = curves
            self._rows = []
            self.refresh()

    def on_resize(self) -> None:
        """Draw anew at the new size."""
        self._rows = []

    def notify_style_update(self) -> None:
        """Draw anew in the new colours."""
        super().notify_style_update()
        self._rows = []

    def render_line(self, y: int) -> Strip:
        """One row of the plot."""
        width, height = self.size
        if not self._rows and width > 12 and height > 2:
            self._rows = self._drawn(plot(self._curves, width, height))
        return self._rows[y] if y < len(self._rows) else Strip.blank(width, self.rich_style)

    def _drawn(self, cells: list[list[Cell]]) -> list[Strip]:
        """The cells in the theme's colours; a style is made once, as each costs a walk over all rules of the sheet."""
        base, styles = self.rich_style, dict[tuple[Ink, bool], Style]()
        rows = []
        for row in cells:
            segments = []
            for look, run in groupby(row, key=lambda cell: (cell.ink, cell.band)):
                if look not in styles:
                    styles[look] = base + self._style(*look)
                segments.append(Segment("".join(cell.glyph for cell in run), styles[look]))
            rows.append(Strip(segments))
        return rows

    def _style(self, ink: Ink, band: bool) -> Style:
        inked = self.get_component_rich_style(f"curve--{ink}", partial=True) if ink else Style.null()
        behind = self.get_component_rich_style("curve--band", partial=True) if band else Style.null()
        return inked + behind
