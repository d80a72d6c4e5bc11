"""Rare and large rewards: heavy tails, outliers, and jumps of reward or state that the other does not explain."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints

OUTLIER = 10.0
"""Interquartile ranges beyond the quartiles from which on a number is an outlier."""
STILL, LEAP = 1.5, 10.0
"""Typical changes of the observation up to which it stays about where it is, and from which on it jumps."""
LEAST_TAIL = 20


@dataclass(frozen=True)
class Tail:
    """hill: the tail index, the mean absolute reward being infinite for 1 and below; nan for too few or equal numbers.

    standard_error: hill / sqrt(k). k: numbers that the estimate rests on. largest_share: of the sum of absolute rewards
    that the largest one has. outliers: indices of the outliers, the largest first.
    """

    hill: float
    standard_error: float
    k: int
    largest_share: float
    outliers: tuple[int, ...]


@dataclass(frozen=True)
class Jumps:
    """reward: steps with an outlying reward while the observation hardly moved; state: steps on which it jumped.

    paid: of the latter those whose reward is not an ordinary one either. Indices, the largest first.
    """

    reward: tuple[int, ...]
    state: tuple[int, ...]
    paid: tuple[int, ...]


def tail_of(values: Floats, *, share: float = 0.05) -> Tail:
    """The tail of |values| (n,) by the estimator of Hill (1975) over the largest `share` of those that are not zero."""
    size = np.sort(np.abs(values[np.isfinite(values) & (values != 0.0)]))[::-1]
    k = min(int(share * size.size), size.size - 1)
    largest = float(size[0] / size.sum()) if size.size else 0.0
    far = outliers_of(values)
    if k < LEAST_TAIL or size[0] <= size[k] * (1.0 + 1e-12):
        return Tail(math.nan, math.nan, max(0, k), largest, far)
    hill = 1.0 / float(np.mean(np.log(size[:k] / size[k])))
    return Tail(hill, hill / math.sqrt(k), k, largest, far)


def outliers_of(values: Floats, *, times: float = OUTLIER) -> tuple[int, ...]:
    """Indices of numbers more than `times` interquartile ranges beyond the quartiles, the farthest first.

    Where more than half are one number, the range is that of the others: a goal that is rarely reached is no outlier
    among rewards of the same kind.
    """
    known = np.flatnonzero(np.isfinite(values))
    if known.size < LEAST_TAIL:
        return ()
    distinct, count = np.unique(values[known], return_counts=True)
    base = values[known]
    if 2 * int(count.max()) > known.size:
        base = base[base != distinct[int(np.argmax(count))]]
        if base.size < 3:
            return ()
        base = np.append(base, distinct[int(np.argmax(count))])
    low, high = np.quantile(base, [0.25, 0.75])
    reach = times * max(float(high - low), 1e-9 * max(1.0, float(np.abs(base).max())))
    away = np.maximum(values[known] - high, low - values[known])
    far = known[away > reach]
    return tuple(int(i) for i in far[np.argsort(-away[away > reach], kind="stable")])


def jumps_of(before: Floats, after: Floats, reward: Floats) -> Jumps:
    """Steps (n,) on which reward and observation (n, d) do not go together.

    The observation's change is its largest component's, each in units of that component's typical change: the median
    of its absolute changes that are not zero.
    """
    moved = np.abs(after - before)
    typical = np.array([_typical(column) for column in moved.T])
    change = (moved / typical).max(axis=1, initial=0.0) if moved.shape[1] else np.zeros(moved.shape[0])
    odd = np.zeros(reward.size, dtype=np.bool_)
    far = outliers_of(reward)
    odd[list(far)] = True
    leaps: Ints = np.flatnonzero(change >= LEAP)
    leaps = leaps[np.argsort(-change[leaps], kind="stable")]
    return Jumps(
        reward=tuple(i for i in far if change[i] <= STILL),
        state=tuple(int(i) for i in leaps),
        paid=tuple(int(i) for i in leaps if odd[i]),
    )


def _typical(moved: Floats) -> float:
    positive = moved[np.isfinite(moved) & (moved > 0.0)]
    return float(np.median(positive)) if positive.size else math.inf
