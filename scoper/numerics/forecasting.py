"""Four plain forecasts of a series from every origin on, each from the values up to that origin only.

Naive, seasonal naive, moving average, and simple exponential smoothing whose weight is the one with the least squared
one-step errors so far (Hyndman and Athanasopoulos 2021, Forecasting: principles and practice, 3.1, 5.2, 8.1). What the
errors mean for a rule is judged elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NAIVE, SEASONAL, AVERAGE, SMOOTHED = "naive", "seasonal naive", "moving average", "exponential smoothing"
_WEIGHTS = np.arange(1, 21) / 20.0
_ROUNDS = 1_000


@dataclass(frozen=True)
class Backtest:
    """Forecasts from K origins.

    targets (K,): what came `horizon` steps after each origin; forecasts: method to (K,) what was forecast. scale: the
    mean absolute one-step change before the first origin, by which errors are divided.
    """

    targets: Floats
    forecasts: dict[str, Floats]
    scale: float

    def errors(self, method: str) -> Floats:
        """(K,) absolute errors of a method."""
        return np.abs(self.targets - self.forecasts[method])


def backtest(values: Floats, first: int, horizon: int, season: int, window: int) -> Backtest:
    """Forecasts `horizon` steps ahead from every origin on, the first of which has `first` values behind it.

    values (N,); season 0 or 1 leaves the seasonal forecast out. Requires 2 <= first <= N - horizon, window <= first and
    season <= first.
    """
    last = np.arange(first - 1, values.size - horizon)  # the position of the last value known at each origin
    sums = np.concatenate([[0.0], np.cumsum(values - values[0])])
    found = {NAIVE: values[last]}
    if season > 1:
        found[SEASONAL] = values[last + horizon - season * -(-horizon // season)]
    found[AVERAGE] = (sums[last + 1] - sums[last + 1 - window]) / window + values[0]
    found[SMOOTHED] = _smoothed(values)[last]
    return Backtest(values[last + horizon], found, float(np.abs(np.diff(values[:first])).mean()))


def _smoothed(values: Floats) -> Floats:
    """(N,) level after every value under the weight that forecast all values up to it best."""
    level = np.full(_WEIGHTS.size, values[0])
    squares = np.zeros(_WEIGHTS.size)
    levels = np.empty(values.size)
    levels[0] = values[0]
    for i in range(1, values.size):
        error = values[i] - level
        squares += error * error
        level = level + _WEIGHTS * error
        levels[i] = level[int(np.argmin(squares))]
    return levels


def mean_of_blocks(samples: Floats, block: int, rng: np.random.Generator) -> tuple[float, float, float]:
    """Mean and 95 % interval of neighbouring samples: circular block bootstrap (Politis and Romano 1992).

    samples (K,) in order; block: how many neighbours are drawn together, at most K.
    """
    n = samples.size
    around = np.concatenate([samples, samples])
    sums = np.concatenate([[0.0], np.cumsum(around)])
    whole, rest = divmod(n, block)
    starts = rng.integers(0, n, (_ROUNDS, whole))
    totals = (sums[starts + block] - sums[starts]).sum(axis=1)
    if rest:
        ends = rng.integers(0, n, _ROUNDS)
        totals = totals + sums[ends + rest] - sums[ends]
    low, high = np.quantile(totals / n, [0.025, 0.975])
    return float(samples.mean()), float(low), float(high)
