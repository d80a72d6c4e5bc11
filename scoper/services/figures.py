"""The report's figures from a probe result: learning curves between floor and ceiling, and all returns on one axis.

Every figure is an SVG text, a sentence that says the same (its alt text) and, unless a table beside it does already,
its numbers as a table. Nothing is computed but where ink goes: means, intervals and roles come from the result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scoper.domain.probe import LearningCurve, ProbeResult, ReturnSummary
from scoper.services.numbers import count, number
from scoper.services.roles import ROLE_WORDS, Entry, entries, policy_words
from scoper.services.svg import COLOURS, DASHES, GRID, INK, MUTED, PAPER, Canvas, Scale, fixed, padded, shorten, spread
from scoper.services.svg import text_width as width_of

CURVES_FILE, RETURNS_FILE = "learning_curves.svg", "returns.svg"
_LEFT, _TOP, _BOTTOM, _WIDTH = 76, 62, 58, 780
_TOLD = 8


@dataclass(frozen=True)
class Figure:
    """A picture: file name, caption, the words for who cannot see it, the SVG text.

    header and rows: the same as a table; empty where the report has such a table right beside the picture.
    """

    name: str
    caption: str
    alt: str
    svg: str
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class _Band:
    """One learner's seeds on a common grid of timesteps: mean, lowest and highest return; whether some ended early."""

    learner: str
    steps: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    n_seeds: int
    uneven: bool


def result_figures(result: ProbeResult) -> tuple[Figure, ...]:
    """The figures that `result` has numbers for, in the order of the report."""
    drawn = (_curves_figure(result), _returns_figure(result))
    return tuple(figure for figure in drawn if figure is not None)


def _curves_figure(result: ProbeResult) -> Figure | None:
    bands = [band for learner in _learners(result.curves) if (band := _band(learner, result.curves))]
    if not bands:
        return None
    lines = _reference_lines(result)
    alt = _curves_alt(bands, lines)
    canvas = Canvas(_WIDTH, 400, "Learning curves between floor and ceiling", alt, key="learning-curves")
    labels = [_label(band.learner, band.mean[-1]) for band in bands]
    labels += [_label(entry.policy, entry.summary.mean) for entry in lines]
    right = _WIDTH - 34 - 1.06 * max(width_of(text, 12) for text in labels)
    y_low, y_high, cut = _value_range(bands, lines)
    x = Scale(0.0, max(band.steps[-1] for band in bands) or 1.0, _LEFT, right)
    y = Scale(y_low, y_high, canvas.height - _BOTTOM, _TOP)
    _axes(canvas, x, y, "timesteps of training", "mean return of an evaluation", cut)
    ends = _draw_lines(canvas, lines, x, y) + _draw_bands(canvas, bands, x, y)
    _draw_labels(canvas, ends, right, y)
    early = " A seed that stopped early keeps its last value." if any(band.uneven for band in bands) else ""
    caption = f"Mean return while learning; the band spans all seeds.{early} {_caption_lines(lines)}"
    header = ("Learner", "After timesteps", "Mean return", "Lowest seed", "Highest seed")
    return Figure(CURVES_FILE, caption, alt, canvas.render(), header, _curve_rows(bands))


def _curve_rows(bands: Sequence[_Band]) -> tuple[tuple[str, ...], ...]:
    """At most eight points of every curve, the first and the last among them."""
    rows = []
    for band in bands:
        last = len(band.steps) - 1
        for place in sorted({round(k * last / (_TOLD - 1)) for k in range(_TOLD)}):
            told = [number(known[place]) for known in (band.mean, band.low, band.high)]
            rows.append((policy_words(band.learner), count(band.steps[place]), *told))
    return tuple(rows)


def _learners(curves: Sequence[LearningCurve]) -> list[str]:
    return list(dict.fromkeys(curve.learner for curve in curves))


def _band(learner: str, curves: Sequence[LearningCurve]) -> _Band | None:
    """The seeds of `learner` on the timesteps of all of them; None without two finite points.

    A seed that stopped before the others (solved, or out of time) keeps its last value: that is its final policy.
    """
    seeds = [_finite(curve) for curve in curves if curve.learner == learner]
    seeds = [points for points in seeds if points]
    if not seeds:
        return None
    first = max(points[0][0] for points in seeds)
    grid = sorted({float(step) for points in seeds for step, _ in points if first <= step})
    if len(grid) < 2:
        return None
    columns = [[_interpolate(points, step) for points in seeds] for step in grid]
    mean = tuple(math.fsum(column) / len(column) for column in columns)
    low, high = tuple(min(column) for column in columns), tuple(max(column) for column in columns)
    uneven = len({points[-1][0] for points in seeds}) > 1
    return _Band(learner, tuple(grid), mean, low, high, len(seeds), uneven)


def _finite(curve: LearningCurve) -> list[tuple[float, float]]:
    points = {float(step): value for step, value in zip(curve.steps, curve.returns, strict=False)}
    return sorted((step, value) for step, value in points.items() if math.isfinite(value))


def _interpolate(points: Sequence[tuple[float, float]], step: float) -> float:
    before = max((p for p in points if p[0] <= step), key=lambda p: p[0])
    after = min((p for p in points if p[0] >= step), key=lambda p: p[0], default=before)
    if after[0] == before[0]:
        return before[1]
    return before[1] + (after[1] - before[1]) * (step - before[0]) / (after[0] - before[0])


def _reference_lines(result: ProbeResult) -> list[Entry]:
    """The ceiling, the floor that counts, the random policy and the rules to beat (three at most)."""
    known = entries(result)
    floor = result.gap_share.floor if result.gap_share else None
    floors = [e for e in known if e.role == "floor"]
    best = max(floors, key=lambda e: e.summary.mean, default=None)
    wanted = [e for e in floors if e.policy in ("random", floor) or (floor is None and e == best)]
    rules = sorted((e for e in known if e.role == "rule"), key=lambda e: -e.summary.mean)[:3]
    return [e for e in known if e.role == "ceiling"] + rules + wanted


def _value_range(bands: Sequence[_Band], lines: Sequence[Entry]) -> tuple[float, float, bool]:
    """Low and high end of the value axis, and whether curves leave it at the bottom.

    A learner that falls far below every floor would flatten the part that matters: more than one and a half times
    the distance between the lowest and highest line or final return, below the lowest, is cut off, and said so.
    """
    lowest, highest = min(min(b.low) for b in bands), max(max(b.high) for b in bands)
    marks = [e.summary.mean for e in lines]
    if not marks:
        return (*padded(lowest, highest), False)
    goals = marks + [b.mean[-1] for b in bands]
    span = max(goals) - min(goals)
    bottom = min(goals) - 1.5 * span
    cut = span > 0 and lowest < bottom
    return (*padded(bottom if cut else min([lowest, *marks]), max([highest, *marks])), cut)


def _axes(canvas: Canvas, x: Scale, y: Scale, x_name: str, y_name: str, cut: bool) -> None:
    for value, label in y.ticks(6):
        canvas.line((x.start, y(value)), (x.end, y(value)), GRID)
        canvas.text(x.start - 8, y(value) + 4, label, size=12, anchor="end", colour=MUTED)
    for value, label in x.ticks(6):
        canvas.line((x(value), y.start), (x(value), y.start + 5), MUTED)
        canvas.text(x(value), y.start + 20, label, size=12, anchor="middle", colour=MUTED)
    canvas.line((x.start, y.start), (x.end, y.start), MUTED)
    canvas.text((x.start + x.end) / 2, y.start + 42, x_name, size=12, anchor="middle", colour=MUTED)
    canvas.text(16, 28, canvas.title, size=15, weight="600")
    canvas.text(16, 47, y_name + (" (lower values are cut off)" if cut else ""), size=12, colour=MUTED)


_End = tuple[float, str, str, str]  # wanted y, label, colour, weight


def _draw_lines(canvas: Canvas, lines: Sequence[Entry], x: Scale, y: Scale) -> list[_End]:
    ends: list[_End] = []
    for entry in lines:
        colour = INK if entry.role == "ceiling" else MUTED
        dash = {"ceiling": "", "rule": "9 3 2 3", "floor": "5 4"}.get(entry.role, "")
        height = y(entry.summary.mean)
        canvas.line((x.start, height), (x.end, height), colour, width=1.6, dash=dash)
        weight = "600" if entry.role == "ceiling" else "normal"
        ends.append((height, _label(entry.policy, entry.summary.mean), colour, weight))
    return ends


def _label(policy: str, value: float) -> str:
    return f"{shorten(policy_words(policy), 24)}: {number(value)}"


def _draw_bands(canvas: Canvas, bands: Sequence[_Band], x: Scale, y: Scale) -> list[_End]:
    frame = f'x="{fixed(x.start)}" y="{fixed(y.end)}" width="{fixed(x.end - x.start)}"'
    canvas.shape(f'<clipPath id="{canvas.key}-plot"><rect {frame} height="{fixed(y.start - y.end)}"/></clipPath>')
    ends: list[_End] = []
    canvas.shape(f'<g clip-path="url(#{canvas.key}-plot)">')
    for index, band in enumerate(bands):
        colour, dash = COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)]
        upper = [(x(step), y(value)) for step, value in zip(band.steps, band.high, strict=True)]
        lower = [(x(step), y(value)) for step, value in zip(band.steps, band.low, strict=True)]
        canvas.area([*upper, *reversed(lower)], colour, 0.18)
        mean = [(x(step), y(value)) for step, value in zip(band.steps, band.mean, strict=True)]
        canvas.path(mean, colour, width=2.4, dash=dash)
        ends.append((mean[-1][1], _label(band.learner, band.mean[-1]), colour, "600"))
    canvas.shape("</g>")
    return ends


def _draw_labels(canvas: Canvas, ends: Sequence[_End], right: float, y: Scale) -> None:
    places = spread([end[0] for end in ends], 16.0, y.end, y.start)
    for (wanted, label, colour, weight), place in zip(ends, places, strict=True):
        canvas.path([(right, wanted), (right + 6, wanted), (right + 12, place), (right + 16, place)], colour, width=1.0)
        canvas.text(right + 20, place + 4, label, size=12, colour=colour, weight=weight)


def _curves_alt(bands: Sequence[_Band], lines: Sequence[Entry]) -> str:
    told = [
        f"{policy_words(b.learner)} goes from {number(b.mean[0])} to {number(b.mean[-1])} "
        f"within {b.steps[-1]:,.0f} timesteps ({b.n_seeds} seeds)"
        for b in bands
    ]
    marks = [f"{ROLE_WORDS[e.role]} {policy_words(e.policy)} at {number(e.summary.mean)}" for e in lines]
    return "; ".join([*told, *marks]) + "."


def _caption_lines(lines: Sequence[Entry]) -> str:
    roles = list(dict.fromkeys(ROLE_WORDS[entry.role] for entry in lines))
    return f"Horizontal lines: {', '.join(roles)}." if roles else ""


def _returns_figure(result: ProbeResult) -> Figure | None:
    known = [e for e in entries(result) if math.isfinite(e.summary.mean) and e.role != "other"]
    if len(known) < 2:
        return None
    alt = "; ".join(f"{ROLE_WORDS[e.role]} {policy_words(e.policy)}: {_interval(e.summary)}" for e in known) + "."
    canvas = Canvas(_WIDTH, 88 + 30 * len(known) + 52, "Returns of every policy on one axis", alt, key="returns")
    left = 24 + min(220.0, max(width_of(shorten(policy_words(e.policy), 30), 13) for e in known))
    right = _WIDTH - 24 - max(width_of(_interval(e.summary), 12) for e in known)
    ends = [v for e in known for v in (e.summary.low, e.summary.high, e.summary.mean) if math.isfinite(v)]
    x = Scale(*padded(min(ends), max(ends)), left, right)
    bottom = 74.0 + 30 * len(known)
    for value, label in x.ticks(5):
        canvas.line((x(value), 62), (x(value), bottom), GRID)
        canvas.text(x(value), bottom + 18, label, size=12, anchor="middle", colour=MUTED)
    canvas.text((left + right) / 2, bottom + 40, "mean return, 95 % interval", size=12, anchor="middle", colour=MUTED)
    canvas.text(16, 28, canvas.title, size=15, weight="600")
    _legend(canvas, known)
    for row, entry in enumerate(known):
        _returns_row(canvas, entry, x, 80.0 + 30 * row)
    return Figure(
        RETURNS_FILE, "Mean return of every policy that was tried, with its 95 % interval.", alt, canvas.render()
    )


def _returns_row(canvas: Canvas, entry: Entry, x: Scale, y: float) -> None:
    colour = {"ceiling": INK, "learner": COLOURS[0], "rule": COLOURS[1], "planner": COLOURS[2]}.get(entry.role, MUTED)
    weight = "600" if entry.role in ("ceiling", "learner") else "normal"
    canvas.text(x.start - 10, y + 4, shorten(policy_words(entry.policy), 30), size=13, anchor="end", weight=weight)
    low, high = entry.summary.low, entry.summary.high
    if math.isfinite(low) and math.isfinite(high) and x(high) - x(low) > 1:
        canvas.line((x(low), y), (x(high), y), colour, width=2.0)
        for end in (low, high):
            canvas.line((x(end), y - 5), (x(end), y + 5), colour, width=2.0)
    canvas.shape(_mark(entry.role, x(entry.summary.mean), y, colour))
    canvas.text(x.end + 12, y + 4, _interval(entry.summary), size=12, colour=MUTED)


def _mark(role: str, x: float, y: float, colour: str) -> str:
    if role == "ceiling":
        corners = ((x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y))
        return f'<polygon points="{" ".join(f"{fixed(a)},{fixed(b)}" for a, b in corners)}" fill="{colour}"/>'
    if role == "rule":
        return f'<rect x="{fixed(x - 5)}" y="{fixed(y - 5)}" width="10" height="10" fill="{colour}"/>'
    fill = colour if role == "learner" else PAPER
    return f'<circle cx="{fixed(x)}" cy="{fixed(y)}" r="5.5" fill="{fill}" stroke="{colour}" stroke-width="2"/>'


def _legend(canvas: Canvas, known: Sequence[Entry]) -> None:
    x = 22.0
    for role in dict.fromkeys(entry.role for entry in known):
        colour = {"ceiling": INK, "learner": COLOURS[0], "rule": COLOURS[1], "planner": COLOURS[2]}.get(role, MUTED)
        canvas.shape(_mark(role, x, 47, colour))
        canvas.text(x + 12, 51, ROLE_WORDS[role], size=12, colour=MUTED)
        x += 34 + width_of(ROLE_WORDS[role], 12)


def _interval(summary: ReturnSummary) -> str:
    if summary.low == summary.high == summary.mean:
        return number(summary.mean)
    return f"{number(summary.mean)} ({number(summary.low)} to {number(summary.high)})"
