"""A heat map as an SVG picture with a legend and a sentence for who cannot see it.

The colours run from light to dark, so the order survives a grey print; choices are told apart by letters as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import product

import numpy as np

from scoper.services.heat_maps import HeatMap
from scoper.services.numbers import number
from scoper.services.svg import COLOURS, GRID, INK, MUTED, Canvas, fixed, shorten

_RAMP = ((255, 247, 236), (253, 212, 158), (252, 141, 89), (215, 48, 31), (127, 0, 0))
_MOST_CELLS, _MOST_LABELS = 120, 14
_LEFT, _TOP = 110.0, 70.0
_PLAIN = re.compile(r"[^A-Za-z0-9]+")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def heat_svg(picture: HeatMap) -> str:
    """The picture; rows or columns beyond 120 are thinned out, and the text says so."""
    rows, columns = thinned(len(picture.y_labels), _MOST_CELLS), thinned(len(picture.x_labels), _MOST_CELLS)
    wide, high = _cell(len(columns), 640.0), _cell(len(rows), 420.0)
    legend = _legend_lines(picture)
    width, bottom = max(560.0, _LEFT + wide * len(columns) + 24), _TOP + high * len(rows)
    canvas = Canvas(int(width), int(bottom + 74 + 18 * len(legend)), picture.title, description(picture))
    canvas.key, canvas.kind = f"map-{_PLAIN.sub('-', picture.name)}", "heat"
    canvas.text(16, 28, picture.title, size=15, weight="600")
    if picture.held:
        canvas.text(16, 47, shorten(f"held at {picture.held}", 90), size=12, colour=MUTED)
    _cells(canvas, picture, rows, columns, (wide, high))
    _scales(canvas, picture, rows, columns, (wide, high))
    for line, text in enumerate(legend):
        canvas.text(16, bottom + 58 + 18 * line, text, size=12, colour=INK)
    return canvas.render()


def _cells(
    canvas: Canvas, picture: HeatMap, rows: Sequence[int], columns: Sequence[int], size: tuple[float, float]
) -> None:
    low, span = _range(picture.cells)
    box = f'width="{fixed(size[0])}" height="{fixed(size[1])}"'
    for row, column in product(range(len(rows)), range(len(columns))):
        cell = float(picture.cells[rows[row], columns[column]])
        if math.isnan(cell):
            continue
        x, y = _LEFT + size[0] * column, _TOP + size[1] * (len(rows) - 1 - row)
        fill = COLOURS[int(cell) % len(COLOURS)] if picture.words else _colour((cell - low) / span)
        place = f'x="{fixed(x)}" y="{fixed(y)}" {box}'
        canvas.shape(f'<rect {place} fill="{fill}" stroke="{GRID}" stroke-width="0.3"/>')
        if picture.words and min(size) >= 12:
            letter = LETTERS[int(cell) % len(LETTERS)]
            canvas.text(x + size[0] / 2, y + size[1] / 2 + 4, letter, size=11, anchor="middle", colour="#ffffff")


def _scales(
    canvas: Canvas, picture: HeatMap, rows: Sequence[int], columns: Sequence[int], size: tuple[float, float]
) -> None:
    bottom = _TOP + size[1] * len(rows)
    for place in thinned(len(columns), _MOST_LABELS):
        text = shorten(picture.x_labels[columns[place]], 10)
        canvas.text(_LEFT + size[0] * (place + 0.5), bottom + 16, text, size=11, anchor="middle", colour=MUTED)
    canvas.text(_LEFT + size[0] * len(columns) / 2, bottom + 36, picture.x_name, size=12, anchor="middle")
    if not picture.y_name:
        return
    for place in thinned(len(rows), max(1, min(_MOST_LABELS, int(size[1] * len(rows) / 13)))):
        text = shorten(picture.y_labels[rows[place]], 12)
        middle = bottom - size[1] * (place + 0.5) + 4
        canvas.text(_LEFT - 8, middle, text, size=11, anchor="end", colour=MUTED)
    canvas.text(16, _TOP - 8, picture.y_name, size=12)


def description(picture: HeatMap) -> str:
    """The picture in one or two sentences."""
    over = picture.x_name + (f" and {picture.y_name}" if picture.y_name else "")
    known = picture.cells[~np.isnan(picture.cells)]
    if known.size == 0:
        return f"{picture.title}, over {over}: nothing to show."
    if picture.words:
        names = ", ".join(
            f"{picture.words[k]} in {np.mean(known == k):.0%}" for k in range(len(picture.words)) if (known == k).any()
        )
        return f"{picture.title}, over {over}: {names} of the states shown."
    low, high = float(known.min()), float(known.max())
    if low == high:
        return f"{picture.title}, over {over}: {number(low)} everywhere."
    ends = [f"{number(value)} at {_where(picture, value)}" for value in (low, high)]
    return f"{picture.title}, over {over}: from {ends[0]} to {ends[1]}."


def thinned(length: int, most: int) -> list[int]:
    """At most about `most` of the numbers 0 to length - 1, evenly spaced, the first among them."""
    return list(range(0, length, max(1, math.ceil(length / most))))


def _where(picture: HeatMap, value: float) -> str:
    row, column = (int(place[0]) for place in np.nonzero(picture.cells == value))
    text = f"{picture.x_name} {picture.x_labels[column]}"
    return text + (f", {picture.y_name} {picture.y_labels[row]}" if picture.y_name else "")


def _cell(count: int, room: float) -> float:
    return min(34.0, max(3.0, room / max(1, count)))


def _range(cells: Sequence[float] | np.ndarray) -> tuple[float, float]:
    known = np.asarray(cells)[~np.isnan(cells)]
    if known.size == 0:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    return low, (high - low) or 1.0


def _colour(share: float) -> str:
    """A colour of the ramp; its lightness falls with `share` from 0 to 1."""
    place = min(max(share, 0.0), 1.0) * (len(_RAMP) - 1)
    below = min(int(place), len(_RAMP) - 2)
    mixed = (round(a + (place - below) * (b - a)) for a, b in zip(_RAMP[below], _RAMP[below + 1], strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _legend_lines(picture: HeatMap) -> list[str]:
    known = picture.cells[~np.isnan(picture.cells)]
    lines = []
    if picture.words:
        used = [k for k in range(len(picture.words)) if (known == k).any()]
        lines.append(", ".join(f"{LETTERS[k % len(LETTERS)]} {shorten(picture.words[k], 24)}" for k in used))
    elif known.size:
        lines.append(f"lightest {number(float(known.min()))}, darkest {number(float(known.max()))}")
    if max(len(picture.x_labels), len(picture.y_labels)) > _MOST_CELLS:
        lines.append("not every value is drawn: there are more than there is room for")
    return lines
