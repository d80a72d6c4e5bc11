"""A few deterministic SVG pieces: a canvas, fixed number formats, nice ticks, labels that keep their distance.

Same input, same bytes: no ids drawn at random, no clock, every coordinate with one decimal. Text is escaped here and
nowhere else. What is drawn is `scoper.services.figures`' business.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from scoper.domain.text import one_line

INK, MUTED, GRID, PAPER = "#1f2328", "#59636e", "#e4e8ec", "#ffffff"
# After Okabe and Ito (2008), told apart under every common colour blindness; darkened to 4.5:1 on white, as they also
# colour text.
COLOURS: tuple[str, ...] = ("#0072b2", "#b84f00", "#007a59", "#a34f7f", "#7a5f00")
DASHES: tuple[str, ...] = ("", "7 3", "2 3", "9 3 2 3", "4 2")
FONT = "font-family=\"system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif\""


def fixed(number: float) -> str:
    """A coordinate: one decimal, never minus zero."""
    text = f"{number:.1f}"
    return "0.0" if text == "-0.0" else text


def text_width(text: str, size: float) -> float:
    """A generous estimate of the drawn width in pixels; wide (East Asian) characters count double."""
    return sum(1.05 if ord(char) > 0x1100 else 0.58 for char in text) * size


def shorten(text: str, limit: int) -> str:
    """`text` on one line, cut with an ellipsis after `limit` characters."""
    line = one_line(text)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


@dataclass
class Canvas:
    """SVG elements in drawing order; `render` closes them into one accessible picture on its own light ground.

    `key` begins every id, so that several pictures can stand in one page. `kind` is the picture's class: the colours of
    a `chart` may be changed for dark pages, those of a `heat` map carry numbers and stay.
    """

    width: int
    height: int
    title: str
    description: str
    parts: list[str] = field(default_factory=list)
    key: str = "figure"
    kind: str = "chart"

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, **style: object) -> None:
        """A straight stroke; `width`, `dash` and `opacity` may be given."""
        ends = f'x1="{fixed(start[0])}" y1="{fixed(start[1])}" x2="{fixed(end[0])}" y2="{fixed(end[1])}"'
        self.parts.append(f'<line {ends} stroke="{colour}"{_stroke(style)}/>')

    def path(self, points: Sequence[tuple[float, float]], colour: str, **style: object) -> None:
        """A polyline through `points`."""
        trail = " ".join(f"{fixed(x)},{fixed(y)}" for x, y in points)
        self.parts.append(f'<polyline points="{trail}" fill="none" stroke="{colour}"{_stroke(style)}/>')

    def area(self, points: Sequence[tuple[float, float]], colour: str, opacity: float) -> None:
        """A filled polygon without an outline."""
        trail = " ".join(f"{fixed(x)},{fixed(y)}" for x, y in points)
        self.parts.append(f'<polygon points="{trail}" fill="{colour}" fill-opacity="{opacity:.2f}"/>')

    def shape(self, markup: str) -> None:
        """An element made by the caller from numbers and constants only."""
        self.parts.append(markup)

    def text(self, x: float, y: float, text: str, **style: object) -> None:
        """One line of text; `size`, `anchor`, `colour`, `weight` may be given."""
        size, anchor = style.get("size", 12), style.get("anchor", "start")
        colour, weight = style.get("colour", INK), style.get("weight", "normal")
        where = f'x="{fixed(x)}" y="{fixed(y)}" font-size="{size}" text-anchor="{anchor}"'
        bold = "" if weight == "normal" else f' font-weight="{weight}"'
        self.parts.append(f'<text {where} fill="{colour}"{bold}>{escape(one_line(text))}</text>')

    def render(self) -> str:
        """The whole file, ending in a newline."""
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        named = f'class="{self.kind}" role="img" aria-labelledby="{self.key}-title {self.key}-desc"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {named} {FONT}>'
        words = f'<title id="{self.key}-title">{escape(one_line(self.title))}</title>\n'
        words += f'<desc id="{self.key}-desc">{escape(one_line(self.description))}</desc>'
        frame = f'width="{self.width - 1}" height="{self.height - 1}" rx="8" fill="{PAPER}" stroke="{GRID}"'
        ground = f'<rect x="0.5" y="0.5" {frame}/>'
        return "\n".join([head, words, ground, *self.parts, "</svg>", ""])


def _stroke(style: dict[str, object]) -> str:
    width, dash, opacity = style.get("width", 1.0), style.get("dash", ""), style.get("opacity", 1.0)
    text = f' stroke-width="{float(str(width)):.1f}"'
    text += f' stroke-dasharray="{dash}"' if dash else ""
    return text + (f' stroke-opacity="{float(str(opacity)):.2f}"' if opacity != 1.0 else "")


@dataclass(frozen=True)
class Scale:
    """A linear map from data [low, high] to pixels [start, end], with its ticks."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of `value`; values outside the data range lie outside the pixels."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, about: int = 5) -> tuple[tuple[float, str], ...]:
        """Multiples of 1, 2, 2.5 or 5 times a power of ten inside the range, with their labels."""
        step = nice_step(self.high - self.low, about)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return tuple((k * step, tick_label(k * step, step)) for k in range(first, last + 1))


def nice_step(span: float, about: int) -> float:
    """The step of 1, 2, 2.5 or 5 times a power of ten that cuts `span` into about `about` pieces."""
    raw = span / max(about, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= raw * (1 - 1e-9))


def tick_label(value: float, step: float) -> str:
    """`value` with just the decimals that `step` needs; thousands as k, millions as M."""
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if step >= size / 10 and abs(value) >= size:
            return tick_label(value / size, step / size) + suffix
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if round(step * 10**decimals, 6) % 1 > 1e-6:  # steps of 2.5
        decimals += 1
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−") if float(text) != 0 else text.lstrip("-")


def padded(low: float, high: float, share: float = 0.06) -> tuple[float, float]:
    """The range widened on both sides; a single value gets a range around it."""
    if high - low <= 1e-12 * max(1.0, abs(low), abs(high)):
        room = max(abs(low) * 0.1, 1.0)
        return low - room, high + room
    room = (high - low) * share
    return low - room, high + room


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near the `wanted` ones, in the same order of size, at least `gap` apart and within [low, high].

    Clusters of neighbours are placed around the mean of what they want (isotonic regression by pooling); when there
    is no room for all, they are spread evenly.
    """
    if not wanted:
        return []
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    if gap * (len(wanted) - 1) >= high - low:
        gap = (high - low) / max(len(wanted) - 1, 1)
    pools: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        mean, count = wanted[index] - rank * gap, 1
        while pools and pools[-1][0] > mean:
            before, size = pools.pop()
            mean, count = (mean * count + before * size) / (count + size), count + size
        pools.append((mean, count))
    flat = [mean for mean, count in pools for _ in range(count)]
    ceiling = high - gap * (len(wanted) - 1)
    result = [0.0] * len(wanted)
    for rank, index in enumerate(order):
        result[index] = min(max(flat[rank], low), ceiling) + rank * gap
    return result
