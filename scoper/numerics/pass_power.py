"""pass^k: the chance that a task is solved in all of k independent trials, from a pilot of several trials per task.

Tasks differ in difficulty, so the mean rate to the power of k is too low a number for some and too high for others:
by Jensen E[p^k] >= E[p]^k. For k up to the trials of a task it is estimated without bias (Yao et al. 2024, tau-bench);
beyond them a beta law of the tasks' rates is fitted (beta-binomial, Skellam 1948) and extrapolates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_ROUNDS, _GRID = 5, 25


@dataclass(frozen=True)
class BetaLaw:
    """The tasks' rates as a beta law of this mean; correlation 1 / (a + b + 1) of two trials of one task."""

    mean: float
    correlation: float

    def power(self, k: int) -> float:
        """E[p^k] = prod over i < k of (a + i) / (a + b + i)."""
        if self.correlation <= 0.0:
            return self.mean**k
        if self.correlation >= 1.0:
            return self.mean if k else 1.0
        total = 1.0 / self.correlation - 1.0
        a = self.mean * total
        return math.exp(math.fsum(math.log((a + i) / (total + i)) for i in range(k))) if a > 0.0 else float(k == 0)


def unbiased(passes: Ints, trials: Ints, k: int) -> Floats:
    """(T,) per task C(passes, k) / C(trials, k): without bias for p^k where k <= trials."""
    return np.array([math.comb(int(c), k) / math.comb(int(n), k) for c, n in zip(passes, trials, strict=True)])


def log_likelihood(passes: Ints, trials: Ints, mean: Floats, correlation: Floats) -> Floats:
    """Of a beta-binomial law, for arrays (...) of parameters within (0, 1); without the constant binomials."""
    total = 1.0 / correlation - 1.0
    a, b = mean * total, (1.0 - mean) * total
    found = np.zeros(np.broadcast(mean, correlation).shape)
    pairs, counts = np.unique(np.stack([passes, trials]), axis=1, return_counts=True)
    for c, n, many in zip(pairs[0], pairs[1], counts, strict=True):
        term = np.zeros_like(found)
        for i in range(int(c)):
            term += np.log(a + i)
        for i in range(int(n - c)):
            term += np.log(b + i)
        for i in range(int(n)):
            term -= np.log(total + i)
        found += many * term
    return found


def fit(passes: Ints, trials: Ints) -> BetaLaw:
    """The beta law of greatest likelihood, by a grid that narrows five times around its best point.

    Where every trial passed, or none did, the law is that one rate. The correlation is held within (1e-6, 1 - 1e-6).
    """
    if passes.sum() in (0, trials.sum()):
        return BetaLaw(float(passes.sum() > 0), 0.0)
    low, high = np.array([-7.0, -14.0]), np.array([7.0, 14.0])  # logits of mean and correlation
    best = 0.5 * (low + high)
    for _ in range(_ROUNDS):
        axes = [np.linspace(low[i], high[i], _GRID) for i in range(2)]
        logits = np.meshgrid(*axes, indexing="ij")
        mean, correlation = (1.0 / (1.0 + np.exp(-logit)) for logit in logits)
        at = np.unravel_index(int(np.argmax(log_likelihood(passes, trials, mean, correlation))), mean.shape)
        best = np.array([axes[0][at[0]], axes[1][at[1]]])
        step = 1.5 * (high - low) / (_GRID - 1)
        low, high = best - step, best + step
    mean_at, correlation_at = 1.0 / (1.0 + np.exp(-best))
    return BetaLaw(float(mean_at), 0.0 if correlation_at < 2e-6 else float(correlation_at))
