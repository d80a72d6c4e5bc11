"""Tests of many clues against many outcomes at once, given what is known already: residuals, products, sign flips.

Given the known, residuals of a clue times any function of the known have mean zero with an outcome's residuals if the
two are independent (Shah and Peters 2020). The outcome's residuals then keep their law when their signs are flipped,
roughly; the largest statistic of every flip corrects for all tests (Westfall and Young 1993, single-step maxT).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.domain.tabular import Floats

FLIPS = 199
MOST_MODIFIERS, MOST_CELLS = 6, 32
_WIDEST = 3.0
_ONE_ROW = 0.1
"""Share of a statistic's variance that one row may hold: of fewer events its law is far from normal."""


def modifiers(known: Floats) -> Floats:
    """(n, M) numbers of what is `known` (n, p) that effects may depend on.

    Where few different rows are known, an indicator of each; else up to six columns that vary, standardised, clipped.
    """
    distinct, cell = np.unique(known, axis=0, return_inverse=True)
    if 1 < distinct.shape[0] <= MOST_CELLS:
        return np.asarray(cell.ravel()[:, None] == np.arange(distinct.shape[0]), dtype=np.float64)
    spread = known.std(axis=0)
    columns = np.flatnonzero(spread > 1e-12)[:MOST_MODIFIERS]
    scaled = (known[:, columns] - known[:, columns].mean(axis=0)) / spread[columns]
    return np.asarray(np.clip(scaled, -_WIDEST, _WIDEST), dtype=np.float64)


def crossed(left: Floats, wide: Floats) -> Floats:
    """(n, F (1 + M)) a clue's residuals (n, F), and each of them times every modifier (n, M)."""
    products = (left[:, :, None] * wide[:, None, :]).reshape(left.shape[0], -1)
    return np.concatenate([left, products], axis=1)


def flipped(outcomes: Floats, designs: Sequence[Floats], rng: np.random.Generator, flips: int = FLIPS) -> Floats:
    """(J, C) the p-value of every outcome's residuals (n, J) with every design (n, F), corrected for all of them."""
    own, largest = np.zeros((outcomes.shape[1], len(designs))), np.zeros(flips)
    if not own.size:
        return np.ones(own.shape)
    signs = (2.0 * rng.integers(0, 2, size=(flips, outcomes.shape[0])) - 1.0).astype(np.float32)
    for j in range(outcomes.shape[1]):
        for number, design in enumerate(designs):
            pulled = outcomes[:, [j]] * design
            squares = (pulled**2).sum(axis=0)
            good = (squares > 0.0) & ((pulled**2).max(axis=0, initial=0.0) <= _ONE_ROW * squares)
            if good.any():
                scaled = (pulled[:, good] / np.sqrt(squares[good])).astype(np.float32)
                own[j, number] = float(np.abs(scaled.sum(axis=0)).max())
                largest = np.maximum(largest, np.abs(signs @ scaled).max(axis=1))
    beaten = (largest[:, None, None] >= own[None, :, :] - 1e-6).sum(axis=0)
    return np.asarray((1.0 + beaten) / (1.0 + flips), dtype=np.float64)
