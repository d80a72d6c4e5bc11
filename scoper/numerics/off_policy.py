"""What another policy would have earned, from decisions that were logged with their chances.

w = target chance / logged chance of the action that was taken. IPS is the mean of w r (Horvitz and Thompson 1952),
without bias where every action that the target takes was possible; SNIPS divides by the mean of w (Swaminathan and
Joachims 2015); DR adds a model of the outcome and corrects it by w times its error (Dudik, Langford, Li 2011).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.statistics import student_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A mean with the ends of its interval."""

    value: float
    low: float
    high: float


def normal_interval(terms: Floats, level: float = 0.95) -> Estimate:
    """The mean of n terms with Student's interval: asymptotic where weights are skewed."""
    n = terms.size
    mean = float(terms.mean())
    if n < 2:
        return Estimate(mean, -math.inf, math.inf)
    half = student_quantile(0.5 + 0.5 * level, n - 1) * float(terms.std(ddof=1)) / math.sqrt(n)
    return Estimate(mean, mean - half, mean + half)


def ips(weights: Floats, outcome: Floats) -> Estimate:
    """Inverse propensity scoring: the mean of w r."""
    return normal_interval(weights * outcome)


def snips(weights: Floats, outcome: Floats) -> Estimate | None:
    """Self-normalised: sum w r / sum w, interval by the delta method; None where all weights are zero."""
    total = float(weights.mean())
    if total <= 0.0:
        return None
    value = float((weights * outcome).mean()) / total
    around = normal_interval(weights * (outcome - value) / total)
    return Estimate(value, value + around.low, value + around.high)


def doubly_robust(weights: Floats, outcome: Floats, of_taken: Floats, of_target: Floats) -> Estimate:
    """The mean of of_target + w (r - of_taken): without bias if either the chances or the model are right.

    of_taken (n,): the model's outcome of the action taken; of_target (n,): that of the target policy.
    """
    return normal_interval(of_target + weights * (outcome - of_taken))


def effective_size(weights: Floats) -> float:
    """(sum w)^2 / sum w^2 (Kish 1965): how many evenly weighted decisions say as much."""
    square = float((weights**2).sum())
    return float(weights.sum()) ** 2 / square if square > 0.0 else 0.0


def fitted(cells: Ints, actions: Ints, outcome: Floats, fold: Ints, n_actions: int) -> Floats:
    """(n, A) the mean outcome of each action in the cell of a decision, from the other folds.

    Shrunk by one decision of the action's mean, which is shrunk by one of the whole mean.
    """
    found = np.zeros((outcome.size, n_actions))
    n_cells = int(cells.max(initial=0)) + 1
    for part in np.unique(fold):
        kept = fold != part
        whole = float(outcome[kept].mean()) if kept.any() else 0.0
        n_a = np.bincount(actions[kept], minlength=n_actions)
        mean_a = (np.bincount(actions[kept], weights=outcome[kept], minlength=n_actions) + whole) / (n_a + 1.0)
        key = cells[kept] * n_actions + actions[kept]
        n = np.bincount(key, minlength=n_cells * n_actions).reshape(n_cells, n_actions)
        total = np.bincount(key, weights=outcome[kept], minlength=n_cells * n_actions).reshape(n_cells, n_actions)
        table = (total + mean_a) / (n + 1.0)
        found[fold == part] = table[cells[fold == part]]
    return found
