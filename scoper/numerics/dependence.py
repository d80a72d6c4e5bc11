"""Which clue explains what the spec's state and action do not: the strongest candidate for a hidden variable.

Within every state-action pair outcomes and clues are centred at their own means, so that a law that is merely wrong
explains nothing. A sum over pairs of what is left is the statistic of Cochran, Mantel and Haenszel for mean scores
(Landis, Heyman and Koch 1978); beside it the pairs' own dependences are summed, which may differ in sign. It is asked
only where a test that needs no estimate has found a deviation, and an effect below a fifth of a percent is not named:
centring at estimated means biases what depends on the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints
from scoper.numerics.clues import Clue
from scoper.numerics.tail_bounds import chi_square_tail, holm

LEAST_SHARE = 0.002
_VISITS = 4
_PENALTY = 2.0
_NESTED_VISITS = 8
_ONE_STEP = 0.1
"""Share of a stratum's variance that a single step may hold: of fewer events the statistic is far from chi-square."""
_AS_GOOD = 0.95


@dataclass(frozen=True)
class Dependence:
    """share: of the outcome's variance within pairs that the clue explains, less what chance would. n: steps used.

    adjusted: p-value corrected for all clues and outcomes. effects: (value, mean deviation) of the clue's groups.
    """

    outcome: str
    clue: Clue
    share: float
    adjusted: float
    n: int
    effects: tuple[tuple[float, float], ...]


def dependences(
    names: Sequence[str], residuals: Floats, pair: Ints, clues: Sequence[Clue], *, level: float = 1e-3
) -> tuple[Dependence, ...]:
    """For every outcome that depends on a clue, its strongest one; the strongest outcome first.

    residuals (n, J): outcomes minus the spec's means, nan where unknown. pair (n,): the pair of each step.
    """
    found: list[tuple[str, Clue, float, float, int, tuple[tuple[float, float], ...]]] = []
    coded = [(clue, *clue.levels()) for clue in clues if not clue.is_known]
    for number, name in enumerate(names):
        used, strata = _usable(residuals[:, number], pair)
        if not used.any():
            continue
        y, size = _within(residuals[used, number], strata)
        total = float(y @ y)
        if total <= 1e-12 * used.sum():
            continue
        weight = (np.bincount(strata, weights=y * y) / (size - 1.0))[strata]
        for clue, levels, n_levels in coded:
            if n_levels >= 2:
                inside = levels[used]
                p, share = min(
                    _association(y, weight, inside, n_levels, strata),
                    _nested(y, inside, n_levels, strata),
                    key=lambda pair: (pair[0], -pair[1]),
                )
                p = min(1.0, 2.0 * p)
                found.append((name, clue, share, p, int(used.sum()), _effects(y, clue.values[used], levels[used])))
    if not found:
        return ()
    adjusted = holm([row[3] for row in found])
    kept = [
        Dependence(name, clue, share, float(q), n, effects)
        for (name, clue, share, _, n, effects), q in zip(found, adjusted, strict=True)
        if q <= level and share >= LEAST_SHARE
    ]
    best = [_simplest([d for d in kept if d.outcome == name]) for name in names if any(d.outcome == name for d in kept)]
    return tuple(sorted(best, key=lambda d: -d.share))


def _simplest(candidates: Sequence[Dependence]) -> Dependence:
    """The first that explains nearly as much as the one that explains most; clues come from near to far."""
    most = max(d.share for d in candidates)
    return next(d for d in candidates if d.share >= _AS_GOOD * most)


def _usable(outcome: Floats, pair: Ints) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], Ints]:
    """The steps whose pair was visited often enough, and the number of each one's pair.

    Where that is too small a part, all steps are taken together: the spec's own means are then all that is subtracted.
    """
    known = np.isfinite(outcome)
    _, code, counts = np.unique(pair[known], return_inverse=True, return_counts=True)
    often = counts[code] >= _VISITS
    used = np.zeros(outcome.size, dtype=np.bool_)
    if 2 * often.sum() >= known.sum():
        used[np.flatnonzero(known)[often]] = True
        return used, np.unique(code[often], return_inverse=True)[1].astype(np.int64)
    used[known] = True
    return used, np.zeros(int(known.sum()), dtype=np.int64)


def _within(values: Floats, strata: Ints) -> tuple[Floats, Floats]:
    """(n,) minus the mean of its stratum; the sizes (K,) of the strata."""
    size = np.bincount(strata).astype(np.float64)
    return values - (np.bincount(strata, weights=values) / size)[strata], size


def _association(y: Floats, weight: Floats, levels: Ints, n_levels: int, strata: Ints) -> tuple[float, float]:
    """Bound of the p-value, and the share of the variance of `y` that the levels explain."""
    z = np.column_stack([_within((levels == k).astype(np.float64), strata)[0] for k in range(n_levels)])
    pull = z.T @ y
    cover = z.T @ (z * weight[:, None])
    values, vectors = np.linalg.eigh(cover)
    keep = values > 1e-9 * max(float(values[-1]), 1e-300)
    rank = int(keep.sum())
    if rank == 0:
        return 1.0, 0.0
    statistic = float(((vectors[:, keep].T @ pull) ** 2 / values[keep]).sum())
    explained = float(pull @ np.linalg.pinv(z.T @ z, rcond=1e-9, hermitian=True) @ pull)
    return chi_square_tail(statistic, rank), explained / float(y @ y) - _PENALTY * rank / y.size


def _nested(y: Floats, levels: Ints, n_levels: int, strata: Ints) -> tuple[float, float]:
    """The same for effects of the levels that differ from stratum to stratum; only of strata large enough for them.

    The statistic of a stratum with n steps is (n - 1) times the share that its levels explain.
    """
    size = np.bincount(strata)
    large = size[strata] >= _NESTED_VISITS * n_levels
    if not large.any():
        return 1.0, 0.0
    _, code = np.unique(strata[large], return_inverse=True)
    y, cell = y[large], code * n_levels + levels[large]
    n_cell = np.bincount(cell, minlength=(int(code.max()) + 1) * n_levels)
    sums = np.bincount(cell, weights=y, minlength=n_cell.size)
    between = np.where(n_cell > 0, sums**2 / np.maximum(n_cell, 1), 0.0).reshape(-1, n_levels).sum(axis=1)
    whole, n = np.bincount(code, weights=y * y), np.bincount(code)
    freedom = (n_cell.reshape(-1, n_levels) > 0).sum(axis=1) - 1
    largest = np.zeros(whole.size)
    np.maximum.at(largest, code, y * y)
    varies = (whole > 1e-12 * n) & (largest <= _ONE_STEP * whole)
    statistic = float(((n - 1.0) * between / np.where(varies, whole, 1.0))[varies].sum())
    total = int(freedom[varies].sum())
    share = float(between[varies].sum()) / max(float(whole.sum()), 1e-300) - _PENALTY * total / y.size
    return chi_square_tail(statistic, total), share


def _effects(y: Floats, values: Floats, levels: Ints) -> tuple[tuple[float, float], ...]:
    rows = []
    for level in np.unique(levels):
        inside = levels == level
        at = values[inside]
        at = at[np.isfinite(at)]
        if at.size:
            rows.append((float(np.median(at)), float(y[inside].mean())))
    return tuple(rows)
