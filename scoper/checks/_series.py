"""A column of values in order of time, as the check of a forecast sees it: spacing, season, gaps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scoper.checks import Given
from scoper.checks._cases import in_time_order, moment_of
from scoper.domain.checks import Fault
from scoper.domain.records import Records, refuse
from scoper.domain.text import shown
from scoper.errors import InputError, Problem

LEAST = 20
_SEASONS = (
    (0.9 / 24, 1.1 / 24, 24, "hour"),
    (0.9, 1.1, 7, "day"),
    (6.9, 7.1, 52, "week"),
    (28.0, 31.0, 12, "month"),
    (89.0, 92.0, 4, "quarter"),
)
"""Days between two values, from and to; how many of such steps repeat; what a step is."""


@dataclass(frozen=True)
class Series:
    """values (N,) in order of time; season in steps as the spacing suggests, 0 where it suggests none."""

    records: Records
    name: str
    time: str | None
    values: NDArray[np.float64]
    season: int
    step: str
    faults: tuple[Fault, ...]


def looks_like_time(records: Records, name: str) -> bool:
    """Whether every cell of a column is an ISO date, or a different, rising number."""
    cells = records.column(name)
    if all(moment_of(cell) is not None for cell in cells):
        return True
    numbers = [records.number_of(cell) for cell in cells]
    known = [n for n in numbers if n is not None]
    return len(known) == len(cells) and all(a < b for a, b in pairwise(known)) and len(known) > 1


def time_column(records: Records) -> str | None:
    """The first column that looks like time."""
    return next((name for name in records.names if looks_like_time(records, name)), None)


def value_column(records: Records, time: str | None) -> str | None:
    """The last column of numbers beside the time."""
    return next((n for n in reversed(records.names) if n != time and records.is_numeric(n)), None)


def series_of(given: Given) -> Series:
    """The values of the input `series` in order of time.

    Raises InputError for columns that do not exist, cells that are no number or no date, two values at one time, and
    fewer than twenty values.
    """
    records = given.records("series")
    time = given.get("time") or time_column(records)
    name = given.get("value") or value_column(records, time)
    if name is None:
        message, remedy = "no column holds numbers only", "name the column of values with --value"
        raise InputError(Problem("series-file", message, records.source, 1, 1, remedy))
    records.require([name] if time is None else [time, name])
    if name == time:
        message = f"'{shown(name, 40)}' is both the time and the value"
        raise InputError(Problem("series-file", message, records.source, 1, 1, "name them with --time and --value"))
    values = records.numbers(name)
    order = in_time_order(records, time)
    if len(records) < LEAST:
        message, remedy = f"{len(records)} values are too few, {LEAST} are the least", "export a longer period"
        raise InputError(Problem("series-short", message, records.source, records.lines[0], 1, remedy))
    if time is None:
        claim = "the order of the lines was taken for the order in time"
        fault = Fault(code="order_assumed", severity="info", claim=claim, source=records.source, remedy="--time COLUMN")
        return Series(records, name, None, values, 0, "step", (fault,))
    moments = _moments(records, time)
    _refuse_twice(records, time, moments, order)
    steps = np.diff(moments[order])
    season, step = _season(float(np.median(steps)), moment_of(records.column(time)[0]) is not None)
    return Series(records, name, time, values[order], season, step, _gaps(records, time, steps))


def _moments(records: Records, time: str) -> NDArray[np.float64]:
    """(N,) days (or plain numbers) of the column of times, which `in_time_order` has looked at."""
    found = [moment_of(cell) for cell in records.column(time)]
    if all(moment is not None for moment in found):
        return np.array(found, dtype=np.float64)
    return records.numbers(time)


def _refuse_twice(records: Records, time: str, moments: NDArray[np.float64], order: NDArray[np.int64]) -> None:
    same = np.flatnonzero(np.diff(moments[order]) == 0.0) + 1
    remedy = "give one value a time: sum or average them, or name another --time"
    problems = [
        records.problem(
            int(order[i]), time, f"a second value at {shown(records.column(time)[int(order[i])], 40)}", remedy
        )
        for i in same
    ]
    refuse(problems, records.source)


def _season(step: float, dates: bool) -> tuple[int, str]:
    if dates:
        for low, high, season, word in _SEASONS:
            if low <= step <= high:
                return season, word
    return 0, "step"


def _gaps(records: Records, time: str, steps: NDArray[np.float64]) -> tuple[Fault, ...]:
    """A remark when values are missing: a step longer than one and a half of the usual one."""
    usual = Counter(np.round(steps, 6).tolist()).most_common(1)[0][0]
    missing = int((steps > 1.5 * max(usual, float(np.median(steps)))).sum())
    if not missing:
        return ()
    several = "steps in {} are" if missing != 1 else "step in {} is"
    what = f"{several.format(time)} longer than the others"
    claim = f"{missing} {what}: values are counted, not dates, so seasons shift there"
    remedy = "fill the gaps (a zero, or the value of that day), or check the longest stretch without one"
    return (Fault(code="gaps", severity="caution", claim=claim, source=records.source, line=1, remedy=remedy),)
