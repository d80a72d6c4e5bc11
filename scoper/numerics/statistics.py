"""Intervals for few samples: Student's t, the percentile bootstrap, the interquartile mean, shares of trials.

Student's quantile comes from the regularised incomplete beta function (Press et al. 2007, section 6.4), so that no
further package is needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Samples = Sequence[float] | NDArray[np.float64]


def mean_interval(samples: Samples, *, level: float = 0.95) -> tuple[float, float, float]:
    """Mean, low and high of Student's interval for the mean of independent samples.

    A single sample says nothing about spread: low and high are then -inf and inf.
    """
    values = _finite_vector(samples)
    mean = float(values.mean())
    if values.size == 1:
        return mean, -math.inf, math.inf
    spread = float(values.std(ddof=1)) / math.sqrt(values.size)
    half = student_quantile(0.5 + 0.5 * level, values.size - 1) * spread
    return mean, mean - half, mean + half


def interquartile_mean(samples: Samples) -> float:
    """The mean without the lowest and the highest quarter, rounded down (Agarwal et al. 2021)."""
    values = np.sort(_finite_vector(samples))
    cut = values.size // 4
    return float(values[cut : values.size - cut].mean())


def bootstrap_interval(
    samples: Samples,
    rng: np.random.Generator,
    *,
    statistic: Callable[[NDArray[np.float64]], float] | None = None,
    level: float = 0.95,
    resamples: int = 2_000,
) -> tuple[float, float, float]:
    """Statistic (the mean by default), low and high of its percentile bootstrap interval (Efron 1979)."""
    values = _finite_vector(samples)
    measure = statistic or (lambda sample: float(sample.mean()))
    drawn = rng.integers(values.size, size=(resamples, values.size))
    estimates = np.array([measure(values[row]) for row in drawn])
    low, high = np.quantile(estimates, [0.5 - 0.5 * level, 0.5 + 0.5 * level])
    return measure(values), float(low), float(high)


def share_interval(successes: int, trials: int, *, level: float = 0.95) -> tuple[float, float, float]:
    """Share of successes, low and high of its interval, which covers at least as often as said (Clopper, Pearson 1934).

    Each side is missed with probability (1 - level)/2 at most.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"there are no {successes} successes in {trials} trials")
    error = 0.5 - 0.5 * level
    low = 0.0 if successes == 0 else _beta_quantile(error, successes, trials - successes + 1)
    high = 1.0 if successes == trials else _beta_quantile(1.0 - error, successes + 1, trials - successes)
    return successes / trials, low, high


def log_evidence_against(counts: Samples, chances: Samples) -> float:
    """Logarithm of how much better a mixture of all laws explains the `counts` (K,) than the `chances` (K,) > 0 do.

    The mixture is Dirichlet's with all parameters 1/2 (Krichevsky and Trofimov 1981). If the chances are true, the
    ratio is a martingale of mean one as observations come in: it ever reaches 1/e with probability e at most (Ville
    1939), whenever and for whatever reason counting stops. So are the mean and the product of several such ratios.
    """
    seen, law = np.asarray(counts, dtype=np.float64), np.asarray(chances, dtype=np.float64)
    half = 0.5 * seen.size
    mixture = math.lgamma(half) - math.lgamma(float(seen.sum()) + half)
    mixture += math.fsum(math.lgamma(n + 0.5) - math.lgamma(0.5) for n in seen)
    return mixture - float(seen @ np.log(law / law.sum()))


@lru_cache(maxsize=4096)
def student_quantile(probability: float, freedom: float) -> float:
    """The quantile of Student's t with `freedom` degrees of freedom, by bisection to float precision."""
    if not 0.0 < probability < 1.0 or freedom <= 0:
        raise ValueError("a quantile needs a probability within 0 and 1 and positive degrees of freedom")
    if probability < 0.5:
        return -student_quantile(1.0 - probability, freedom)
    low, high = 0.0, 1.0
    while _student_cdf(high, freedom) < probability:
        low, high = high, 2.0 * high
    while high - low > 4e-16 * high and low < (middle := 0.5 * (low + high)) < high:
        low, high = (middle, high) if _student_cdf(middle, freedom) < probability else (low, middle)
    return 0.5 * (low + high)


def _student_cdf(t: float, freedom: float) -> float:
    tail = 0.5 * _incomplete_beta(freedom / (freedom + t * t), 0.5 * freedom, 0.5)
    return 1.0 - tail


def _beta_quantile(probability: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    while low < (middle := 0.5 * (low + high)) < high:
        low, high = (middle, high) if _incomplete_beta(middle, a, b) < probability else (low, middle)
    return 0.5 * (low + high)


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1.0) / (a + b + 2.0):
        return math.exp(log_front) * _beta_fraction(x, a, b) / a
    return 1.0 - math.exp(log_front) * _beta_fraction(1.0 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Lentz's continued fraction of the incomplete beta function."""
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 1000):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        for term in (even, odd):
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + term / c
            c = c if abs(c) > tiny else tiny
            result *= d * c
        if abs(d * c - 1.0) < 1e-16:
            break
    return result


def _finite_vector(samples: Samples) -> NDArray[np.float64]:
    values = np.asarray(samples, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all():
        raise ValueError("a summary needs at least one sample, all finite")
    return values
