"""How small a deviation the tests of `scoper.numerics.conformance` would have shown."""

from __future__ import annotations

import math

import numpy as np

from scoper.domain.tabular import Floats, Ints
from scoper.numerics.laws import Laws


def resolution(laws: Laws, visits: Ints, level: float, pooled_below: float) -> Floats:
    """(R,) the observed total-variation distance at which the test of a law rejects for certain at `level`.

    Its log evidence is n KL minus at most (K - 1)/2 log n + log K (Krichevsky and Trofimov 1981), and KL is at least
    twice the squared distance (Pinsker). 1 where there are too few visits (R,).
    """
    large = np.bincount(laws.row, weights=laws.chance >= pooled_below, minlength=laws.n_rows)
    cells, n = large + 1.0, np.maximum(visits, 1)
    needed = math.log(2.0 / level) + 0.5 * large * np.log(n) + np.log(cells)
    distance: Floats = np.sqrt(needed / (2.0 * n))
    return np.minimum(1.0, distance)


def shift(laws: Laws, row: Ints, values: Floats, level: float) -> float:
    """The mean deviation of `values` (S,) per step that passes Freedman's bound at `level` in five cases of six.

    row (n,): the law of every step. It is where the bound is passed, plus one standard error.
    """
    _, variance, largest = laws.moments(values[laws.outcome])
    total, most, need = float(variance[row].sum()), float(largest.max(initial=0.0)), math.log(2.0 / level)
    bound = need * most / 3.0 + math.sqrt((need * most / 3.0) ** 2 + 2.0 * need * total)
    return (bound + math.sqrt(total)) / max(1, row.size)
