"""Upper bounds of p-values that hold for every number of samples, and their correction for multiplicity.

Bounds instead of approximations: thousands of tests at once ask for tails of 1e-7 and less, where the chi-square
approximation to a multinomial says far too little. What they cost is some power, never a false alarm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scoper.domain.tabular import Floats, Ints


def martingale_tail(total: Floats, variance: Floats, largest: Floats) -> Floats:
    """Bound of P(|sum| >= |total|) for a sum of increments of mean zero given the past (Freedman 1975, theorem 1.6).

    variance: the sum of the increments' variances given the past. largest: the largest absolute increment. Where
    variance and largest are zero, nothing but zero is possible.
    """
    size = np.abs(total)
    below = 2.0 * (variance + largest * size / 3.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.where(size > 0, size * size / below, 0.0)
    bound: Floats = 2.0 * np.exp(-np.nan_to_num(exponent, posinf=1e6))
    return np.minimum(1.0, bound)


def binomial_tail(count: Ints, trials: Ints, chance: Floats) -> Floats:
    """Bound of the two-sided p-value of `count` successes: 2 exp(-trials KL(count/trials, chance)) (Chernoff 1952)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = count / trials
        up = np.where(share > 0, share * np.log(share / chance), 0.0)
        down = np.where(share < 1, (1.0 - share) * np.log((1.0 - share) / (1.0 - chance)), 0.0)
        distance = np.where(trials > 0, up + down, 0.0)
    return np.minimum(1.0, 2.0 * np.exp(-trials * np.maximum(distance, 0.0)))


def chi_square_tail(value: float, freedom: int) -> float:
    """Bound of P(X >= value) for a chi-square variable X: (x/d e^(1 - x/d))^(d/2) beyond its mean (Chernoff 1952)."""
    if freedom < 1 or value <= freedom:
        return 1.0
    ratio = value / freedom
    return math.exp(max(-745.0, 0.5 * freedom * (math.log(ratio) + 1.0 - ratio)))


def log_mixture_evidence(count: Ints, chance: Floats, group: Ints, n_groups: int) -> Floats:
    """(G,) per group of cells the logarithm of how much better a mixture of all laws explains the counts (N,).

    As `scoper.numerics.statistics.log_evidence_against`, for many laws at once: under the chances (N,), which sum to
    one in a group, the ratio has mean one at most, so that 1/ratio is a p-value.
    """
    most = int(count.max(initial=0))
    half = np.concatenate([[0.0], np.cumsum(np.log(np.arange(most) + 0.5))])
    gained = np.bincount(group, weights=half[count] - count * np.log(chance), minlength=n_groups)
    cells = np.bincount(group, minlength=n_groups)
    trials = np.bincount(group, weights=count, minlength=n_groups)
    whole = [math.lgamma(0.5 * k) - math.lgamma(0.5 * k + n) if k else 0.0 for k, n in zip(cells, trials, strict=True)]
    return np.asarray(gained + np.array(whole), dtype=np.float64)


def holm(p_values: Sequence[float] | Floats) -> Floats:
    """(m,) adjusted p-values: rejecting those up to a level bounds the chance of any false one by it (Holm 1979)."""
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * (p.size - np.arange(p.size)))
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(1.0, steps)
    return adjusted
