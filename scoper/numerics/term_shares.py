"""Which reward term rules: its share of what is paid, of what makes returns differ, and which terms say the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints
from scoper.numerics.kernel import tally

ALIKE = 0.99
"""Absolute correlation from which on two terms pay for the same thing."""


@dataclass(frozen=True)
class TermShares:
    """Of K reward terms over n steps and E episodes.

    size (K,): share of the sum of absolute amounts. variance (K,): covariance of the term's return with the whole
    return over the variance of that: sums to one, negative for a term that works against the others; nan where the
    return does not vary. step_variance (K,): the same for single rewards. offset (K,): share of the term's sum of
    squares that its mean holds: near 1 for a constant. alike: pairs of terms that vary together, by number, with their
    correlation per step; opposite ones have a negative one.
    """

    size: Floats
    variance: Floats
    step_variance: Floats
    offset: Floats
    alike: tuple[tuple[int, int, float], ...]

    @property
    def dominant(self) -> int:
        """The term with the largest share of the size."""
        return int(np.argmax(self.size))


def term_shares(terms: Floats, episode: Ints, *, discount: float = 1.0, timestep: Ints | None = None) -> TermShares:
    """The shares of `terms` (n, K) whose sum is the reward; `timestep` (n,) is needed for a discount below 1."""
    if discount < 1.0 and timestep is None:
        raise ValueError("discounted returns need the timesteps")
    weight = np.ones(terms.shape[0]) if timestep is None else discount ** timestep.astype(np.float64)
    _, number = np.unique(episode, return_inverse=True)
    returns = np.stack([tally(number, weight * term, int(number.max(initial=0)) + 1) for term in terms.T], axis=1)
    total = np.abs(terms).sum(axis=0)
    squares = (terms**2).sum(axis=0)
    offset = np.divide(terms.shape[0] * terms.mean(axis=0) ** 2, squares, out=np.zeros(total.size), where=squares > 0)
    return TermShares(
        size=total / total.sum() if total.sum() > 0.0 else np.zeros(total.size),
        variance=_shares(returns),
        step_variance=_shares(terms),
        offset=offset,
        alike=_alike(terms),
    )


def _shares(columns: Floats) -> Floats:
    """(K,) cov(column, sum of all) / var(sum of all)."""
    centred = columns - columns.mean(axis=0)
    whole = centred.sum(axis=1)
    variance = float(whole @ whole)
    scale = float((columns**2).sum())
    if variance <= 1e-18 * scale or scale == 0.0:
        return np.full(columns.shape[1], np.nan)
    return np.asarray(centred.T @ whole / variance, dtype=np.float64)


def _alike(terms: Floats) -> tuple[tuple[int, int, float], ...]:
    centred = terms - terms.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    varies = np.flatnonzero(size > 1e-9 * np.maximum(1e-300, np.sqrt((terms**2).sum(axis=0))))
    found = []
    for at, one in enumerate(varies):
        for other in varies[at + 1 :]:
            r = float(centred[:, one] @ centred[:, other] / (size[one] * size[other]))
            if abs(r) >= ALIKE:
                found.append((int(one), int(other), r))
    return tuple(found)
