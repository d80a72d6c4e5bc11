"""Shares of yes-or-no trials, exactly: binomial tails, one-sided bounds, how many trials a claim needs, two groups.

Everything is summed or solved from the binomial law itself; no normal approximation, but in `per_arm`, which says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

from scoper.numerics.statistics import share_interval

MOST_TRIALS = 10_000_000


def at_most(k: int, n: int, p: float) -> float:
    """P(X <= k) for X binomial with n trials of chance p, summed from the nearer end."""
    if k < 0:
        return 0.0
    if k >= n:
        return 1.0
    if p <= 0.0 or p >= 1.0:
        return 1.0 if p <= 0.0 else 0.0
    if k > n * p:
        return max(0.0, 1.0 - math.fsum(_mass(i, n, p) for i in _upper(k + 1, n, p)))
    return min(1.0, math.fsum(_mass(i, n, p) for i in _lower(k, n, p)))


def _mass(k: int, n: int, p: float) -> float:
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(log + k * math.log(p) + (n - k) * math.log1p(-p))


def _reach(n: int, p: float) -> int:
    """Terms farther than this from the nearest counted one are below 1e-20 of it or of the whole."""
    return int(12.0 * math.sqrt(n * p * (1.0 - p)) + 60.0)


def _lower(k: int, n: int, p: float) -> range:
    return range(max(0, k - _reach(n, p)), k + 1)


def _upper(k: int, n: int, p: float) -> range:
    return range(k, min(n, k + _reach(n, p)) + 1)


def lower_share(successes: int, trials: int, confidence: float) -> float:
    """The one-sided lower bound of Clopper and Pearson (1934): below the true share with at least this confidence."""
    return 0.0 if trials == 0 else share_interval(successes, trials, level=2.0 * confidence - 1.0)[1]


def upper_share(successes: int, trials: int, confidence: float) -> float:
    """The one-sided upper bound, the mirror image of `lower_share`."""
    return 1.0 if trials == 0 else 1.0 - lower_share(trials - successes, trials, confidence)


def trials_needed(target: float, confidence: float, failures: int = 0) -> int:
    """Fewest trials of which all but `failures` pass that show a pass rate of at least `target`.

    The smallest n with P(X <= failures) <= 1 - confidence for X binomial with n trials of chance 1 - target (Clopper
    and Pearson 1934; without failures ln(1 - confidence) / ln(target), Wilks 1941). Raises ValueError beyond ten
    million trials.
    """
    enough = 1.0 - confidence

    def shows(n: int) -> bool:
        return at_most(failures, n, 1.0 - target) <= enough * (1.0 + 1e-12)

    return smallest(shows, failures + 1)


def smallest(holds: Callable[[int], bool], low: int = 1) -> int:
    """The smallest whole number from `low` on for which a condition holds that stays true once it is true."""
    high = low
    while not holds(high):
        if high > MOST_TRIALS:
            raise ValueError("more than ten million trials would be needed")
        low, high = high + 1, 2 * high + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def per_arm(base: float, other: float, *, error: float, power: float, comparisons: int = 1) -> int:
    """Trials per arm to tell two shares apart, two-sided, in the normal approximation (Fleiss et al. 2003, eq. 4.14).

    (z_a sqrt(2 m (1 - m)) + z_b sqrt(p (1 - p) + q (1 - q)))^2 / (p - q)^2 with m the mean of both shares, without
    continuity correction; the error is shared among `comparisons` (Bonferroni).
    """
    normal = NormalDist()
    z_a = normal.inv_cdf(1.0 - error / (2.0 * comparisons))
    z_b = normal.inv_cdf(power)
    mean = 0.5 * (base + other)
    spread = z_a * math.sqrt(2.0 * mean * (1.0 - mean)) + z_b * math.sqrt(base * (1 - base) + other * (1 - other))
    return math.ceil((spread / (base - other)) ** 2 - 1e-9)


def per_arm_of_means(difference: float, sd: float, *, error: float, power: float, comparisons: int = 1) -> int:
    """Trials per arm to tell two means of one spread apart: 2 ((z_a + z_b) sd / difference)^2 (normal law)."""
    normal = NormalDist()
    z = normal.inv_cdf(1.0 - error / (2.0 * comparisons)) + normal.inv_cdf(power)
    return math.ceil(2.0 * (z * sd / difference) ** 2 - 1e-9)
