"""Numbers between which seen values fall: thresholds on which no value stands, written with few digits.

A value on which a threshold stands is above it or not by the rounding of whoever compares: 0.3 in four bytes is above
0.3 in eight. A cut lies in the middle of a gap between two neighbouring values, away from both.
"""

from __future__ import annotations

import math

import numpy as np

from scoper.domain.tabular import Floats

_SAME, _NOTHING = 1e-6, 1e-9
"""Share of their size, and of the whole span, by which neighbouring values that are not one and the same differ."""
_FLOAT32 = float(np.finfo(np.float32).eps)
_MOST_DIGITS = 20


def gaps_of(column: Floats) -> Floats:
    """(k, 2) the neighbours among the finite values of `column` (n,) that differ by more than rounding, ascending.

    Where none do, those that differ at all; none where all values are the same.
    """
    values = np.unique(column[np.isfinite(column)])
    pairs = np.column_stack([values[:-1], values[1:]])
    if not len(pairs):
        return pairs
    least = np.maximum(_SAME * np.abs(pairs).max(axis=1), _NOTHING * (values[-1] - values[0]))
    clear = np.diff(values) > least
    return pairs[clear] if clear.any() else pairs


def cut_at(gaps: Floats, level: float) -> float:
    """The cut that divides the values of `gaps` (k, 2), k > 0, as "above `level`" does, or as nearly as one can.

    Zero stays zero where it lies in a gap: no rounding changes a sign.
    """
    low, high = gaps[max(0, int(np.searchsorted(gaps[:, 0], level, side="right")) - 1)].tolist()
    return 0.0 if level == 0.0 and low < 0.0 < high else between(low, high)


def between(low: float, high: float) -> float:
    """The number of fewest digits in the middle half between two different ones."""
    middle, room = 0.5 * low + 0.5 * high, 0.25 * high - 0.25 * low
    first = -math.ceil(math.log10(max(abs(low), abs(high))))
    tried = (round(middle, first + more) + 0.0 for more in range(_MOST_DIGITS))
    return next((number for number in tried if abs(number - middle) <= room), middle)


def stands_on(column: Floats, cut: float) -> bool:
    """Whether a finite value of `column` (n,) is the cut itself, or would be in four bytes."""
    values = column[np.isfinite(column)]
    return bool((np.abs(values - cut) <= _FLOAT32 * np.abs(values)).any())
