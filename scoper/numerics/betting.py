"""Bounds for the mean of a bounded variable that hold after every sample at once, whatever its law.

A gambler bets on "the mean is above the bar" and never risks more than there is: if the bar is true, the wealth is a
non-negative martingale of mean one at most, and it ever reaches 1/error with probability `error` at most (Ville 1939).
Bars that are ruled out so form a confidence sequence (Waudby-Smith and Ramdas 2024, "Estimating means of bounded
random variables by betting", theorem 3). Only the limit on the far side of the bar is used: samples above all of a low
floor decide after two or three. The stakes are spread as by Cover (1991): half a unit of Dirichlet's law on each side.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.statistics import Samples

Floats = NDArray[np.float64]
_N_STAKES = 32
# Gauss-Chebyshev nodes of the arcsine law on (0, 1), all of one weight: the mixture is exact up to 63 samples, and a
# valid one beyond.
STAKES: Floats = 0.5 + 0.5 * np.cos((2.0 * np.arange(1, _N_STAKES + 1) - 1.0) * math.pi / (2.0 * _N_STAKES))
_HALVINGS = 40


def log_wealth_above(samples: Samples, bar: float, low: float) -> Floats:
    """(n,) logarithm of the evidence after every sample that the mean is above `bar`; samples are at least `low`.

    While the mean is at most `bar`, the chance that the evidence ever reaches log(1/error) is `error` at most. A bar
    at `low` or below is left behind by the first sample above it; without a limit (-inf) there is no evidence. Raises
    ValueError for samples below `low`.
    """
    values = _within(samples, low)
    if low == -math.inf:
        return np.zeros(values.size)
    if bar <= low:
        above = np.maximum.accumulate(values > bar)
        return np.where(above, math.inf, 0.0)
    return _mixed(np.cumsum(np.log1p(STAKES[:, None] * _surplus(values, bar, low)), axis=1))


def running_lower_bound(samples: Samples, low: float, error: float) -> float:
    """The highest bar that the samples rule out after any of them; -inf without a limit `low`.

    Looked at after every sample, it is below the mean all the time with probability 1 - error at least.
    """
    return _highest_ruled_out(_within(samples, low), low, error, at_any_time=True)


def lower_bound(samples: Samples, low: float, error: float) -> float:
    """The highest bar that all samples together rule out: below the mean with probability 1 - error at least."""
    return _highest_ruled_out(_within(samples, low), low, error, at_any_time=False)


def running_upper_bound(samples: Samples, high: float, error: float) -> float:
    """The mirror image of `running_lower_bound`, for samples that are at most `high`."""
    return -running_lower_bound(-np.asarray(samples, dtype=np.float64), -high, error)


def upper_bound(samples: Samples, high: float, error: float) -> float:
    """The mirror image of `lower_bound`, for samples that are at most `high`."""
    return -lower_bound(-np.asarray(samples, dtype=np.float64), -high, error)


def typical_log_wealth(samples: Samples, bar: float, low: float, n: int) -> float:
    """Logarithm of the evidence that `n` samples would give if they came as those seen: growth by its mean.

    By the law of large numbers log-wealth of a stake grows by its mean per sample; the stakes are mixed as above.
    """
    values = _within(samples, low)
    if bar <= low:
        return math.inf if bool((values > bar).any()) else 0.0
    growth = np.log1p(STAKES[:, None] * _surplus(values, bar, low)).mean(axis=1)
    return float(_mixed(n * growth[:, None])[0])


def _highest_ruled_out(values: Floats, low: float, error: float, *, at_any_time: bool) -> float:
    """Bisection: evidence falls as the bar rises, and there is none beyond the highest mean so far.

    The evidence never exceeds that of growth by the mean, as the logarithm is concave.
    """
    means = np.cumsum(values) / np.arange(1, values.size + 1)
    outside, inside = low, float(means.max() if at_any_time else means[-1])
    if low == -math.inf:
        return low
    goal = -math.log(error)
    for _ in range(_HALVINGS):
        bar = 0.5 * (outside + inside)
        if not outside < bar < inside:
            break
        growth = np.log1p(STAKES[:, None] * _surplus(values, bar, low))
        growth = np.cumsum(growth, axis=1) if at_any_time else growth.sum(axis=1, keepdims=True)
        outside, inside = (bar, inside) if float(_mixed(growth).max()) >= goal else (outside, bar)
    return outside


def _surplus(values: Floats, bar: float, low: float) -> Floats:
    """(n,) >= -1: how much one unit on each sample brings at a fair price."""
    return np.maximum((values - bar) / (bar - low), -1.0)


def _mixed(log_growth: Floats) -> Floats:
    """(n,) logarithm of the mean over the stakes (K, n)."""
    top = log_growth.max(axis=0)
    return np.asarray(top + np.log(np.exp(log_growth - top).mean(axis=0)), dtype=np.float64)


def _within(samples: Samples, low: float) -> Floats:
    values = np.asarray(samples, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all():
        raise ValueError("a bound needs at least one sample, all finite")
    if float(values.min()) < low:
        raise ValueError(f"the sample {float(values.min()):g} lies beyond the limit {low:g}")
    return values
