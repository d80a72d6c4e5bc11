"""Exogenous laws as finite lists of values with probabilities.

Laws without end are cut where at most 1e-15 of the probability is lost, half of it on each side, and what is left is
scaled to one; where all combinations of the draws would be too many, they are cut at 1e-9. A normal law gives every
whole number the probability of the unit interval around it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from scoper.domain.mdp import Distribution
from scoper.domain.tabular import Floats

LOST_MASS, COARSE_LOST_MASS = 1e-15, 1e-9
Points = tuple[Floats, Floats, float]


def points_of(laws: Mapping[str, Distribution], room: float) -> dict[str, Points]:
    """The points of every law; cut coarsely where the combinations of fine ones would be more than `room`."""
    fine = {name: points(law) for name, law in laws.items()}
    if math.prod(values.size for values, _, _ in fine.values()) <= room:
        return fine
    return {name: points(law, COARSE_LOST_MASS) for name, law in laws.items()}


def points(law: Distribution, lost: float = LOST_MASS) -> Points:
    """Values (K,) ascending, their probabilities (K,) summing to one, and the probability that was cut off.

    At most `lost` is cut off.
    """
    parameters = law.parameters
    match law.kind:
        case "values":
            return _merged(parameters["values"], parameters["probabilities"])
        case "empirical":
            values = parameters["values"]
            return _merged(values, [1.0 / len(values)] * len(values))
        case "uniform":
            values = np.arange(parameters["from"], parameters["to"] + 1, dtype=np.float64)
            return values, np.full(values.size, 1.0 / values.size), 0.0
        case "binomial":
            return _binomial(int(parameters["n"]), float(parameters["p"]), lost)
        case "poisson":
            return _poisson(float(parameters["mean"]), lost)
        case "geometric":
            return _geometric(float(parameters["p"]), lost)
        case "normal":
            return _normal(float(parameters["mean"]), float(parameters["sd"]), lost)


def _merged(values: list[float], shares: list[float]) -> Points:
    distinct, inverse = np.unique(np.asarray(values, dtype=np.float64), return_inverse=True)
    mass = np.bincount(inverse, weights=np.asarray(shares, dtype=np.float64), minlength=distinct.size)
    kept = mass > 0
    return distinct[kept], mass[kept] / mass.sum(), 0.0


def _cut(first: int, log_mass: Floats, at_most: float, beyond: float = 0.0) -> Points:
    """Trim both tails of the probabilities of first, first + 1, ...; `beyond` is what the list itself leaves out.

    The list is scaled first: rounding of large logarithms must not pass for lost probability.
    """
    mass = np.exp(log_mass)
    mass = mass / mass.sum()
    low = int(np.searchsorted(np.cumsum(mass), 0.5 * at_most, side="right"))
    above = np.cumsum(mass[::-1])[::-1]
    high = int(np.flatnonzero(above > 0.5 * at_most)[-1])
    kept = mass[low : high + 1]
    lost = float(mass[:low].sum() + mass[high + 1 :].sum()) + beyond
    return np.arange(first + low, first + high + 1, dtype=np.float64), kept / kept.sum(), lost


def _log_factorials(highest: int) -> Floats:
    return np.array([math.lgamma(k + 1.0) for k in range(highest + 1)])


def _poisson(mean: float, at_most: float) -> Points:
    if mean == 0.0:
        return np.zeros(1), np.ones(1), 0.0
    highest = int(mean + 12.0 * math.sqrt(mean) + 40.0)
    counts = np.arange(highest + 1.0)
    return _cut(0, counts * math.log(mean) - mean - _log_factorials(highest), at_most)


def _binomial(n: int, p: float, at_most: float) -> Points:
    if p in (0.0, 1.0) or n == 0:
        return np.array([n * p]), np.ones(1), 0.0
    counts, logs = np.arange(n + 1.0), _log_factorials(n)
    chances: Floats = logs[n] - logs - logs[::-1] + counts * math.log(p) + (n - counts) * math.log1p(-p)
    return _cut(0, chances, at_most)


def _geometric(p: float, at_most: float) -> Points:
    if p == 1.0:
        return np.ones(1), np.ones(1), 0.0
    highest = math.ceil(math.log(0.1 * at_most) / math.log1p(-p)) + 1
    failures = np.arange(highest, dtype=np.float64)
    return _cut(1, math.log(p) + failures * math.log1p(-p), at_most, beyond=(1.0 - p) ** highest)


def _normal(mean: float, sd: float, at_most: float) -> Points:
    first, last = math.floor(mean - 9.0 * sd - 1.0), math.ceil(mean + 9.0 * sd + 1.0)
    mass = [_between((k - 0.5 - mean) / sd, (k + 0.5 - mean) / sd) for k in range(first, last + 1)]
    with np.errstate(divide="ignore"):
        return _cut(first, np.log(np.asarray(mass, dtype=np.float64)), at_most)


def _between(low: float, high: float) -> float:
    """The standard normal probability of [low, high]; computed in the lower tail, where nothing cancels."""
    if low > 0.0:
        low, high = -high, -low
    return 0.5 * (math.erfc(-high / math.sqrt(2.0)) - math.erfc(-low / math.sqrt(2.0)))
