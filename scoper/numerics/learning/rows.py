"""The choices of `kernels` for many seeds at once, each in a state of its own: the same sums in the same order.

Rows of action values are padded with minus infinity where a state has fewer actions than others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints
from scoper.numerics.learning.kernels import (
    EPSILON_GREEDY,
    LN2,
    LN2_HIGH,
    LN2_LOW,
    LOG_TABLE,
    LOGARITHMS,
    NOTHING,
    PER_LN2,
    POWERS_OF_TWO,
    ROOTS_OF_TWO,
    SOFTMAX,
)
from scoper.numerics.learning.tables import DrawTables


def exp_all(x: Floats) -> Floats:
    """`kernels.exp_of` for an array; minus infinity gives zero."""
    inside = np.maximum(x, NOTHING)
    k = np.floor(inside * PER_LN2 + 0.5)
    r = (inside - k * LN2_HIGH) - k * LN2_LOW
    p = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0)))))
    n = k.astype(np.int64)
    return np.where(x < NOTHING, 0.0, (p * ROOTS_OF_TWO[n & 63]) * POWERS_OF_TWO[(n >> 6) + 1100])


def log_all(count: Ints) -> Floats:
    """`kernels.log_of` for an array."""
    n, shift = count.copy(), np.zeros(count.shape)
    while (large := n >= LOG_TABLE).any():
        n[large] >>= 1
        shift[large] += LN2
    return np.asarray(LOGARITHMS[n] + shift, dtype=np.float64)


def total_of(columns: Floats) -> Floats:
    """(L,) sums of (L, W), from left to right as a loop would add them."""
    return np.asarray(np.cumsum(columns, axis=1)[:, -1], dtype=np.float64)


@dataclass(frozen=True)
class Rows:
    """The present state of each of L seeds: pairs (L, W), value (L, W), visits (L, W), exists (L, W), n (L,)."""

    pairs: Ints
    value: Floats
    visits: Ints
    exists: Bools
    n: Ints

    def best(self) -> Ints:
        """(L,) the place of the first highest value."""
        return np.asarray(self.value.argmax(axis=1), dtype=np.int64)

    def top(self) -> Floats:
        """(L,) the highest value."""
        return np.asarray(self.value.max(axis=1), dtype=np.float64)

    def weights(self, temperature: float) -> tuple[Floats, Floats]:
        """(L, W) weights exp((value - highest) / temperature), and (L,) their sums."""
        weight = exp_all((self.value - self.top()[:, None]) / temperature)
        return weight, total_of(weight)

    def drawn(self, weight: Floats, point: Floats) -> Ints:
        """(L,) the place at which the running sum first exceeds `point` (L,)."""
        passed = (np.cumsum(weight, axis=1) <= point[:, None]) & (np.arange(weight.shape[1]) < self.n[:, None] - 1)
        return np.asarray(passed.sum(axis=1), dtype=np.int64)

    def confident(self, width: float) -> Ints:
        """(L,) the place of the highest upper confidence bound, or of the first untried action."""
        untried = self.exists & (self.visits == 0)
        logarithm = log_all(np.maximum(self.visits.sum(axis=1), 1))
        bound = self.value + width * np.sqrt(logarithm[:, None] / np.maximum(self.visits, 1))
        place = np.where(untried.any(axis=1), untried.argmax(axis=1), bound.argmax(axis=1))
        return np.asarray(place, dtype=np.int64)

    def choose(self, kind: int, level: float, u: Floats) -> Ints:
        """(L,) the place to take next, given uniform numbers (L,)."""
        if kind == EPSILON_GREEDY:
            anything = np.minimum((u / max(level, 1e-300) * self.n).clip(max=self.n).astype(np.int64), self.n - 1)
            return np.where(u < level, anything, self.best()).astype(np.int64)
        if kind == SOFTMAX:
            weight, total = self.weights(level)
            return self.drawn(weight, u * total)
        return self.confident(level)

    def expected(self, kind: int, level: float) -> Floats:
        """(L,) mean value under the rule that `choose` follows."""
        value = np.where(self.exists, self.value, 0.0)
        if kind == EPSILON_GREEDY:
            return level * (total_of(value) / self.n) + (1.0 - level) * self.top()
        if kind == SOFTMAX:
            weight, total = self.weights(level)
            return total_of(weight * value) / total
        return np.asarray(self.value[np.arange(self.n.size), self.confident(level)], dtype=np.float64)


def rows_at(tables: DrawTables, rows: Ints, table: Floats, visits: Ints, state: Ints) -> Rows:
    """The rows of every seed's `state` (L,) out of `table` and `visits` (L, P+1); `rows` are those of the tables."""
    pairs = rows[state]
    lane = np.arange(state.size)[:, None]
    exists = pairs < tables.n_pairs
    return Rows(pairs, table[lane, pairs], visits[lane, pairs], exists, exists.sum(axis=1))


def drawn_transitions(tables: DrawTables, pair: Ints, u: Floats) -> Ints:
    """(L,) the transition that each seed's `pair` (L,) takes, by bisection as in `kernels.drawn`."""
    low, high = tables.offsets[pair].copy(), tables.offsets[pair + 1] - 1
    while (open_ := low < high).any():
        middle = (low + high) >> 1
        beyond = tables.cumulative[middle] <= u
        low = np.where(open_ & beyond, middle + 1, low)
        high = np.where(open_ & ~beyond, middle, high)
    return np.asarray(low, dtype=np.int64)
