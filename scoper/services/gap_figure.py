"""Gap shares as a picture: how far each policy gets on the way from the floor to the ceiling, with intervals.

Layout only: floor, ceiling and returns come from the result; a share is where a return lies between the two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scoper.domain.probe import ProbeResult
from scoper.services.figures import Figure
from scoper.services.numbers import share
from scoper.services.roles import ROLE_WORDS, Entry, entries, policy_words
from scoper.services.svg import COLOURS, GRID, INK, MUTED, Canvas, Scale, fixed, shorten
from scoper.services.svg import text_width as width_of

GAP_FILE, NO_SPREAD = "gap_share.svg", "no spread"
_TITLE = "Share of the way from floor to ceiling"
_WIDTH, _TOP, _ROW, _LOWEST, _HIGHEST = 780, 84, 34, -0.5, 1.25


@dataclass(frozen=True)
class _Share:
    """One policy's share of the gap with its interval."""

    name: str
    role: str
    mean: float
    low: float
    high: float


def gap_figure(result: ProbeResult) -> Figure | None:
    """The picture; None where nothing was learned, planned or given to put on the way, or there is no gap."""
    ends = gap_ends(result)
    gap = result.gap_share
    if ends is None or gap is None:
        return None
    floor, ceiling = ends
    rows = [_row(e, floor, ceiling) for e in entries(result) if e.role in ("learner", "planner", "rule")]
    rows = [row for row in rows if math.isfinite(row.mean)]
    rows = [
        _Share(row.name, row.role, gap.estimate, gap.low, gap.high) if row.name == policy_words(gap.learner) else row
        for row in rows
    ]
    if not rows:
        return None
    names = f"{policy_words(gap.floor)} (0 %) to {policy_words(gap.ceiling)} (100 %)"
    told = [f"{ROLE_WORDS[row.role]} {row.name}: {_interval(row)}" for row in rows]
    alt = f"On the way from {names}: {'; '.join(told)}."
    canvas = Canvas(_WIDTH, _TOP + _ROW * len(rows) + 62, _TITLE, alt, key="gap-share")
    _draw(canvas, rows, f"from {names}")
    caption = "Where each policy stands between the best floor (0 %) and the ceiling (100 %), with its 95 % interval."
    header = ("Policy", "Role", "Share", "95 % interval")
    table = tuple((row.name, ROLE_WORDS[row.role], share(row.mean), _bounds(row)) for row in rows)
    return Figure(GAP_FILE, caption, alt, canvas.render(), header, table)


def gap_ends(result: ProbeResult) -> tuple[float, float] | None:
    """The returns of floor and ceiling of the gap share; None where there is no such way."""
    gap = result.gap_share
    if gap is None:
        return None
    means = {entry.policy: entry.summary.mean for entry in entries(result)}
    floor = gap.floor_return if gap.floor_return is not None else means.get(gap.floor)
    ceiling = gap.ceiling_return if gap.ceiling_return is not None else means.get(gap.ceiling)
    if floor is None or ceiling is None or not (math.isfinite(floor) and math.isfinite(ceiling) and ceiling > floor):
        return None
    return floor, ceiling


def _row(entry: Entry, floor: float, ceiling: float) -> _Share:
    at = [(value - floor) / (ceiling - floor) for value in (entry.summary.mean, entry.summary.low, entry.summary.high)]
    return _Share(policy_words(entry.policy), entry.role, *at)


def _draw(canvas: Canvas, rows: list[_Share], words: str) -> None:
    canvas.text(16, 28, _TITLE, size=15, weight="600")
    canvas.text(16, 48, shorten(words, 110), size=12, colour=MUTED)
    left = 24 + min(220.0, max(width_of(shorten(row.name, 30), 13) for row in rows))
    right = _WIDTH - 24 - max(width_of(_interval(row), 12) for row in rows)
    known = [value for row in rows for value in (row.mean, row.low, row.high) if math.isfinite(value)]
    low, high = max(_LOWEST, min([-0.05, *known])), min(_HIGHEST, max([1.05, *known]))
    x = Scale(low, high, left, right)
    bottom = float(_TOP + _ROW * len(rows))
    for tick in range(-2, 6):
        value = tick / 4
        if low <= value <= high:
            strong = value in (0.0, 1.0)
            canvas.line(
                (x(value), _TOP - 14), (x(value), bottom), MUTED if strong else GRID, width=1.6 if strong else 1.0
            )
            canvas.text(x(value), bottom + 18, f"{value:.0%}".replace("-", "−"), size=12, anchor="middle", colour=MUTED)
    canvas.text(x(0.0), _TOP - 20, "floor", size=12, anchor="middle", colour=MUTED)
    canvas.text(x(1.0), _TOP - 20, "ceiling", size=12, anchor="middle", colour=MUTED)
    canvas.text((left + right) / 2, bottom + 40, "gap share, 95 % interval", size=12, anchor="middle", colour=MUTED)
    for place, row in enumerate(rows):
        _draw_row(canvas, row, x, _TOP + 6.0 + _ROW * place)


def _draw_row(canvas: Canvas, row: _Share, x: Scale, y: float) -> None:
    colour = {"learner": COLOURS[0], "rule": COLOURS[1], "planner": COLOURS[2]}.get(row.role, INK)
    weight = "600" if row.role == "learner" else "normal"
    canvas.text(x.start - 10, y + 4, shorten(row.name, 30), size=13, anchor="end", weight=weight)
    start, end = (x(min(max(value, x.low), x.high)) for value in (row.low, row.high))
    if end - start > 1:
        canvas.line((start, y), (end, y), colour, width=3.0)
    for value, place in ((row.low, start), (row.high, end)):
        if x.low <= value <= x.high:
            canvas.line((place, y - 6), (place, y + 6), colour, width=2.0)
    if x.low <= row.mean <= x.high:
        canvas.shape(f'<circle cx="{fixed(x(row.mean))}" cy="{fixed(y)}" r="5.5" fill="{colour}"/>')
    else:
        _arrow(canvas, x.start if row.mean < x.low else x.end, y, -1 if row.mean < x.low else 1, colour)
    canvas.text(x.end + 12, y + 4, _interval(row), size=12, colour=MUTED)


def _arrow(canvas: Canvas, x: float, y: float, way: int, colour: str) -> None:
    """A triangle at the edge: the value lies beyond it."""
    points = f"{fixed(x)},{fixed(y)} {fixed(x - 9 * way)},{fixed(y - 6)} {fixed(x - 9 * way)},{fixed(y + 6)}"
    canvas.shape(f'<polygon points="{points}" fill="{colour}"/>')


def _interval(row: _Share) -> str:
    return share(row.mean) if row.low == row.high else f"{share(row.mean)} ({_bounds(row)})"


def _bounds(row: _Share) -> str:
    return NO_SPREAD if row.low == row.high else f"{share(row.low)} to {share(row.high)}"
