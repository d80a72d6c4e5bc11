"""A heat map as lines of text: shades of blocks where the terminal can show them, digits where it cannot.

Digits are tenths of the range, so they say the same as the shades; choices are letters in both.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scoper.services.heat_maps import HeatMap
from scoper.services.heat_svg import LETTERS, thinned
from scoper.services.numbers import number

_SHADES = " ░▒▓█"


def heat_lines(picture: HeatMap, *, width: int, height: int, blocks: bool) -> Iterator[str]:
    """The picture within `width` columns and about `height` rows; values are thinned out where there are too many."""
    gutter = min(12, max([len(picture.y_name), *map(len, picture.y_labels)])) + 2
    columns = thinned(len(picture.x_labels), max(8, width - gutter))
    rows = thinned(len(picture.y_labels), max(6, height))
    digits = _digits(picture)
    plain = bool(digits) and (digits + 1) * len(columns) <= width - gutter
    across = digits + 1 if plain else 2 if 2 * len(columns) <= width - gutter else 1
    yield picture.title
    if picture.held:
        yield f"  held at {picture.held}"
    if picture.y_name:
        yield f"{picture.y_name[: gutter - 2]:>{gutter - 1}}"
    low, high = _range(picture)
    for row in reversed(rows):
        cells = [float(picture.cells[row, column]) for column in columns]
        line = "".join(f"{c:{across}.0f}" if plain else _mark(picture, c, low, high, blocks) * across for c in cells)
        yield f"{picture.y_labels[row][: gutter - 2]:>{gutter - 1}}|{line}|"
    first, last = picture.x_labels[columns[0]], picture.x_labels[columns[-1]]
    room = across * len(columns) - len(first) - len(last)
    middle = picture.x_name.center(room) if room > len(picture.x_name) else " "
    yield " " * gutter + (f"{first}{middle}{last}" if len(columns) > 1 else f"{picture.x_name} {first}")
    yield "  " + ("every number is the action" if plain else legend(picture, blocks))
    if len(columns) < len(picture.x_labels) or len(rows) < len(picture.y_labels):
        yield "  not every value is shown: there are more than there is room for"


def legend(picture: HeatMap, blocks: bool) -> str:
    """What the marks mean."""
    known = picture.cells[~np.isnan(picture.cells)]
    if picture.words:
        used = [k for k in range(len(picture.words)) if (known == k).any()]
        return ", ".join(f"{LETTERS[k % len(LETTERS)]} {picture.words[k]}" for k in used)
    low, high = _range(picture)
    if low == high:
        return f"{number(low)} everywhere"
    if blocks:
        steps = [number(low + (high - low) * k / len(_SHADES)) for k in range(1, len(_SHADES))]
        marks = [f"'{_SHADES[k]}' from {steps[k - 1]}" for k in range(1, len(_SHADES))]
        return f"' ' from {number(low)}, {', '.join(marks)} to {number(high)}"
    return f"0 is {number(low)}, 9 is {number(high)}, in steps of a tenth of the range; '-' is no value"


def _digits(picture: HeatMap) -> int:
    """How wide the cells are when they are written out, 0 where they are no whole numbers of an action."""
    cells = picture.cells
    whole = not np.isnan(cells).any() and bool((cells == np.rint(cells)).all())
    if not (picture.is_action and not picture.words and whole):
        return 0
    return max(len(f"{value:.0f}") for value in (cells.min(), cells.max()))


def _range(picture: HeatMap) -> tuple[float, float]:
    known = picture.cells[~np.isnan(picture.cells)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def _mark(picture: HeatMap, cell: float, low: float, high: float, blocks: bool) -> str:
    if np.isnan(cell):
        return "-"
    if picture.words:
        return LETTERS[int(cell) % len(LETTERS)]
    share = (cell - low) / (high - low) if high > low else 0.0
    marks = _SHADES if blocks else "0123456789"
    return marks[min(len(marks) - 1, int(share * len(marks)))]
