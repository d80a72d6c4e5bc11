"""Learning curves as character cells: the mean over seeds between the floor and the ceiling, the seeds' range behind.

Pure: numbers in, rows of cells out. Dots are braille (2 x 4 a cell). Colours are named, not chosen, here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Ink = Literal["", "mean", "floor", "ceiling", "axis"]
Point = tuple[float, float]
_ROOMY = 8
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


@dataclass(frozen=True)
class Cell:
    """One character, the ink it is written in, and whether the seeds' range covers it."""

    glyph: str = " "
    ink: Ink = ""
    band: bool = False


@dataclass(frozen=True)
class Curves:
    """Points (timesteps, return) of each seed, with the levels to compare with; `of_steps` is the planned total."""

    seeds: Mapping[int, tuple[Point, ...]]
    of_steps: float
    floor: float | None = None
    ceiling: float | None = None

    def across(self, step: float) -> list[float]:
        """The return of every seed that has got as far as `step`, interpolated."""
        return [value for points in self.seeds.values() if (value := _at(points, step)) is not None]


def plot(curves: Curves, width: int, height: int) -> list[list[Cell]]:
    """Rows of `width` cells: an axis of returns at the left, of timesteps at the bottom."""
    tall = max(1, height - 1)
    low, high = _range(curves, tall)
    labels = _ticks(low, high, tall)
    gutter = max((len(label) for label in labels.values()), default=0) + 1
    wide = max(1, width - gutter - 1)
    field = _field(curves, wide, tall, low, high)
    rows = []
    for row in range(tall):
        label = labels.get(row, "")
        head = [Cell(glyph, "axis") for glyph in label.rjust(gutter)]
        rows.append([*head, Cell("┤" if label else "│", "axis"), *field[row]])
    return [*rows, _bottom(curves.of_steps, gutter, wide)]


def _ticks(low: float, high: float, tall: int) -> dict[int, str]:
    """Row to label at round values (1, 2 or 5 times a power of ten), some three rows apart."""
    rough = (high - low) / max(1, tall / 3)
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(power * factor for factor in (1, 2, 5, 10) if power * factor <= rough * 1.6)
    first, last = math.ceil(low / step), math.floor(high / step)
    values = [index * step for index in range(first, last + 1)]
    return {min(tall - 1, int((high - value) / (high - low) * tall)): number(value) for value in values}


def number(value: float) -> str:
    """A number in at most six characters, as an axis shows it."""
    size = abs(value)
    if size >= 1e9 or 0 < size < 1e-3:
        return f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-")
    if size >= 1e6:
        return f"{value / 1e6:.3g}M"
    if size >= 1e4:
        return f"{value / 1000:.0f}k"
    return f"{value:.0f}" if size >= 100 else f"{value:.3g}"


def _at(points: Sequence[Point], step: float) -> float | None:
    if not points or step < points[0][0] or step > points[-1][0]:
        return None
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= step <= x1:
            return y0 if x1 == x0 else y0 + (y1 - y0) * (step - x0) / (x1 - x0)
    return points[-1][1]


def _range(curves: Curves, tall: int) -> tuple[float, float]:
    """The lowest and highest return drawn; room for the levels' names is left outside of what is plotted."""
    values = [y for points in curves.seeds.values() for _, y in points if math.isfinite(y)]
    values += [level for level in (curves.floor, curves.ceiling) if level is not None and math.isfinite(level)]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if low == high:
        low, high = low - max(1.0, abs(low) * 0.1), high + max(1.0, abs(high) * 0.1)
    margin = (high - low) * (1.6 / (tall - 3.2) if tall >= _ROOMY else 0.06)
    return low - margin, high + margin


def _field(curves: Curves, wide: int, tall: int, low: float, high: float) -> list[list[Cell]]:
    cells = [[Cell() for _ in range(wide)] for _ in range(tall)]
    levels: tuple[tuple[Ink, float | None], ...] = (("ceiling", curves.ceiling), ("floor", curves.floor))
    known = [(ink, value) for ink, value in levels if value is not None and math.isfinite(value)]
    rows = {ink: min(tall - 1, max(0, int((high - value) / (high - low) * tall))) for ink, value in known}
    for ink, row in rows.items():
        cells[row] = [Cell("╌", ink)] * wide
    _band(cells, curves, low, high)
    for (row, column), dots in _mean_dots(curves, wide, tall, low, high).items():
        cells[row][column] = Cell(chr(0x2800 + dots), "mean", cells[row][column].band)
    taken: dict[int, int] = {}
    for ink, value in known:
        _name(cells, ink, f" {ink} {number(value)} ", rows[ink], taken)
    return cells


def _name(cells: list[list[Cell]], ink: Ink, text: str, row: int, taken: dict[int, int]) -> None:
    """Write a level's name beside its line, outwards where there is room, else into the line.

    `taken` counts the cells at the right end of each row in which a name stands already: the next name goes to a free
    row nearby, or to the left of it.
    """
    tall, wide = len(cells), len(cells[0])
    outside = row - 1 if ink == "ceiling" else row + 1
    near = [outside, row, 2 * row - outside] if tall >= _ROOMY else [row, outside, 2 * row - outside]
    within = [at for at in near if 0 <= at < tall]
    at = next((at for at in within if at not in taken), within[0])
    end = wide - taken.get(at, 0)
    start = max(0, end - len(text))
    for column, glyph in enumerate(text[: end - start], start=start):
        cells[at][column] = Cell(glyph, ink, cells[at][column].band)
    taken[at] = wide - start


def _band(cells: list[list[Cell]], curves: Curves, low: float, high: float) -> None:
    tall, wide = len(cells), len(cells[0])
    for column in range(wide):
        values = [v for v in curves.across(curves.of_steps * (column + 0.5) / wide) if math.isfinite(v)]
        if len(values) < 2:
            continue
        top = int((high - max(values)) / (high - low) * tall)
        bottom = int((high - min(values)) / (high - low) * tall)
        for row in range(max(0, top), min(tall - 1, bottom) + 1):
            cell = cells[row][column]
            cells[row][column] = Cell(cell.glyph, cell.ink, True)


def _mean_dots(curves: Curves, wide: int, tall: int, low: float, high: float) -> dict[tuple[int, int], int]:
    dots: dict[tuple[int, int], int] = {}
    before: int | None = None
    for x in range(wide * 2):
        values = [v for v in curves.across(curves.of_steps * x / max(1, wide * 2 - 1)) if math.isfinite(v)]
        if not values:
            before = None
            continue
        mean = sum(values) / len(values)
        y = min(tall * 4 - 1, max(0, round((high - mean) / (high - low) * (tall * 4 - 1))))
        start = y if before is None else before + (before < y) - (before > y)
        for dot in range(min(start, y), max(start, y) + 1):
            place = (dot // 4, x // 2)
            dots[place] = dots.get(place, 0) | _DOTS[x % 2][dot % 4]
        before = y
    return dots


def _bottom(of_steps: float, gutter: int, wide: int) -> list[Cell]:
    half, end = number(of_steps / 2), f"{number(of_steps)} timesteps"
    text = "0".ljust(max(1, wide // 2 - len(half) // 2)) + half
    text = text.ljust(max(0, wide - len(end)))[: max(0, wide - len(end) - 1)].ljust(max(0, wide - len(end))) + end
    return [Cell(glyph, "axis") for glyph in (" " * (gutter + 1) + text)[: gutter + 1 + wide]]
