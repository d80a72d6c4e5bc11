"""Exogenous laws as finite lists of values with probabilities.

Laws without end are cut where at most 1e-15 of the probability is lost, half of it on each side, and what is left is
scaled to one; where all combinations of the draws would be too many, they are cut at 1e-9. A law that states its own
`truncate` is cut there. A normal law gives every whole number, or multiple of its step, the probability of the interval
around it; an interval of real numbers is stood for by the middles of equal cells.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from scoper.domain.mdp import Distribution
from scoper.domain.tabular import Floats

LOST_MASS, COARSE_LOST_MASS = 1e-15, 1e-9
MAX_VALUES = 200_000
"""As many values as one law may have."""
Points = tuple[Floats, Floats, float]


def points_of(laws: Mapping[str, Distribution], room: float) -> dict[str, Points]:
    """The points of every law; cut coarsely where the combinations of fine ones would be more than `room`."""
    fine = {name: points(law) for name, law in laws.items()}
    if math.prod(values.size for values, _, _ in fine.values()) <= room:
        return fine
    return {name: points(law, COARSE_LOST_MASS) for name, law in laws.items()}


def points(law: Distribution, lost: float = LOST_MASS) -> Points:
    """Values (K,) ascending, their probabilities (K,) summing to one, and the probability that was cut off.

    At most `lost` is cut off, or what the law itself states. Requires `most_values` within `MAX_VALUES`.
    """
    parameters, lost = law.parameters, lost if law.truncate is None else law.truncate
    match law.kind:
        case "values":
            return _merged(parameters["values"], parameters["probabilities"])
        case "empirical":
            values = parameters["values"]
            return _merged(values, parameters.get("probabilities", [1.0 / len(values)] * len(values)))
        case "uniform" if "points" in parameters:
            return _cells(float(parameters["low"]), float(parameters["high"]), int(parameters["points"]))
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
            step = float(parameters.get("step", 1.0))
            values, share, cut = _normal(parameters["mean"] / step, parameters["sd"] / step, lost)
            return (values if step == 1.0 else values * step), share, cut


def most_values(law: Distribution) -> float:
    """As many values as `points` has at most, without making them."""
    parameters = law.parameters
    lost = LOST_MASS if law.truncate is None else law.truncate
    match law.kind:
        case "values" | "empirical":
            return len(parameters["values"])
        case "uniform":
            return float(parameters["points"] if "points" in parameters else parameters["to"] - parameters["from"] + 1)
        case "binomial":
            n, p = parameters["n"], parameters["p"]
            return float(min(n + 1, 2 * _reach(n * p * (1 - p), n * min(p, 1 - p)) + 1))
        case "poisson":
            return 2.0 * _reach(parameters["mean"], parameters["mean"]) + 1
        case "geometric":
            p = parameters["p"]
            return 1.0 if p == 1.0 else math.log(0.1 * lost) / math.log1p(-p) + 2
        case "normal":
            return 18.0 * float(parameters["sd"]) / float(parameters.get("step", 1.0)) + 4


def _merged(values: list[float], shares: list[float]) -> Points:
    distinct, inverse = np.unique(np.asarray(values, dtype=np.float64), return_inverse=True)
    mass = np.bincount(inverse, weights=np.asarray(shares, dtype=np.float64), minlength=distinct.size)
    kept = mass > 0
    return distinct[kept], mass[kept] / mass.sum(), 0.0


def _cells(low: float, high: float, count: int) -> Points:
    width = (high - low) / count
    middles = np.asarray(low + (np.arange(count) + 0.5) * width, dtype=np.float64)
    return middles, np.full(count, 1.0 / count), 0.0


def _cut(first: int, log_mass: Floats, at_most: float, beyond: float = 0.0) -> Points:
    """Trim both tails of the probabilities of first, first + 1, ...; `beyond` is what the list itself leaves out.

    The list is scaled first: rounding of large logarithms must not pass for lost probability.
    """
    mass = np.exp(log_mass - log_mass.max())
    mass = mass / mass.sum()
    low = int(np.searchsorted(np.cumsum(mass), 0.5 * at_most, side="right"))
    above = np.cumsum(mass[::-1])[::-1]
    high = int(np.flatnonzero(above > 0.5 * at_most)[-1])
    kept = mass[low : high + 1]
    lost = float(mass[:low].sum() + mass[high + 1 :].sum()) * (1.0 - beyond) + beyond
    return np.arange(first + low, first + high + 1, dtype=np.float64), kept / kept.sum(), lost


def _reach(variance: float, mean: float) -> float:
    """As far from its mean as a law of counts can be with more than 1e-30 of its probability (Bernstein's bound)."""
    return 12.0 * math.sqrt(variance) + 50.0 if mean > 0 else 0.0


def _poisson(mean: float, at_most: float) -> Points:
    """From the ratio mean/k of neighbouring probabilities: sums of small logarithms, where nothing cancels."""
    if mean == 0.0:
        return np.zeros(1), np.ones(1), 0.0
    reach = _reach(mean, mean)
    first, last = max(0, math.floor(mean - reach)), math.ceil(mean + reach)
    ratios = np.log(mean / np.arange(first + 1.0, last + 1.0))
    return _cut(first, np.concatenate([[0.0], np.cumsum(ratios)]), at_most)


def _binomial(n: int, p: float, at_most: float) -> Points:
    if p in (0.0, 1.0) or n == 0:
        return np.array([n * p]), np.ones(1), 0.0
    reach = _reach(n * p * (1.0 - p), n * p)
    first, last = max(0, math.floor(n * p - reach)), min(n, math.ceil(n * p + reach))
    counts = np.arange(first + 1.0, last + 1.0)
    ratios = np.log((n - counts + 1.0) / counts) + (math.log(p) - math.log1p(-p))
    return _cut(first, np.concatenate([[0.0], np.cumsum(ratios)]), at_most)


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
