"""How levels respond to amounts: the least-squares slope of a level's change on an amount, soon or later.

What an order-up-to rule needs to know: which number rises with the amount, by how much per unit, and how fast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints

LONGEST_LAG = 8
_LEAST_PAIRS = 30
_SIGNIFICANT = 6.0
_SNAP = 0.15
_EVENLY = 9
_MULTIPLES = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0)


@dataclass(frozen=True)
class Response:
    """A level grows by `slope` per unit of the amount, `lag` timesteps after the step; strength: its t statistic."""

    slope: float
    lag: int
    strength: float


def response(change: Floats, amount: Floats, episode: Ints) -> Response | None:
    """The clearest response of the `change` (n,) of a level in every timestep to the `amount` (n,) taken there.

    None where no lag shows one. Slopes near one are one: what is counted in the same units rises by as much.
    """
    best: Response | None = None
    for lag in range(LONGEST_LAG + 1):
        within = episode[lag:] == episode[: episode.size - lag]
        found = _slope(change[lag:][within], amount[: amount.size - lag][within], lag)
        if found is not None and (best is None or found.strength > best.strength):
            best = found
    return best


def _slope(change: Floats, amount: Floats, lag: int) -> Response | None:
    if change.size < _LEAST_PAIRS:
        return None
    x, y = amount - amount.mean(), change - change.mean()
    spread = float(x @ x)
    if spread <= 0.0:
        return None
    slope = float(x @ y) / spread
    rest = y - slope * x
    error = math.sqrt(float(rest @ rest) / (change.size - 2) / spread)
    strength = abs(slope) / error if error > 0.0 else math.inf
    if slope == 0.0 or strength < _SIGNIFICANT:
        return None
    return Response(math.copysign(1.0, slope) if abs(abs(slope) - 1.0) < _SNAP else slope, lag, strength)


def levels_of(vectors: Floats, responding: list[int]) -> list[tuple[int, ...]]:
    """Sums of components (n, d) that may be the level: each responding one, all of them, and everything."""
    d = vectors.shape[1]
    sums: list[tuple[int, ...]] = [(j,) for j in responding]
    if len(responding) > 1:
        sums.append(tuple(responding))
    if 1 < d != len(responding):
        sums.append(tuple(range(d)))
    return list(dict.fromkeys(sums))


def targets_for(level: Floats, reach: float, unit: float) -> Floats:
    """(n,) levels worth aiming at, ascending: multiples of `unit` from zero on, and even shares of what is possible.

    Possible is what was seen of the `level` (n,) and `reach` more; from the lowest on where zero was never near.
    """
    low, high = float(level.min()), float(level.max()) + reach
    base = 0.0 if low <= 0.0 <= high else low
    found = np.concatenate([np.linspace(low, high, _EVENLY), base + unit * np.array(_MULTIPLES)])
    found = found[(found >= low) & (found <= high)]
    return np.unique(np.rint(found)) if bool(np.all(level == np.rint(level))) else np.unique(found)
