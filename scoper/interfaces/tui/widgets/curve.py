"""The live learning curve: draws what `plot` computes, in the theme's colours."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from scoper.interfaces.tui.widgets.plot import Cell, Curves, plot


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
            self._rows = [self._strip(row) for row in plot(self._curves, width, height)]
        return self._rows[y] if y < len(self._rows) else Strip.blank(width, self.rich_style)

    def _strip(self, row: list[Cell]) -> Strip:
        return Strip([Segment(cell.glyph, self._style(cell)) for cell in row]).simplify()

    def _style(self, cell: Cell) -> Style:
        ink = self.get_component_rich_style(f"curve--{cell.ink}", partial=True) if cell.ink else Style.null()
        band = self.get_component_rich_style("curve--band", partial=True) if cell.band else Style.null()
        return self.rich_style + ink + band
