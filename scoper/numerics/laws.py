"""The laws of the state-action pairs that were visited, and steps matched with their transitions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp

_NO_SPREAD = 1e-9


@dataclass(frozen=True)
class Laws:
    """R laws over outcomes, N outcomes in all, none of probability zero.

    rows (R,): the pairs, ascending. row (N,): the number of the law. outcome (N,): a state. chance (N,). reward (N,)
    and variance (N,): mean and variance of the reward given the outcome. terminates (N,).
    """

    n_states: int
    rows: Ints
    row: Ints
    outcome: Ints
    chance: Floats
    reward: Floats
    variance: Floats
    terminates: Bools
    transition: Ints

    @property
    def n_rows(self) -> int:
        """How many laws there are."""
        return int(self.rows.size)

    @cached_property
    def entropy(self) -> Floats:
        """(R,) of every law, in nats."""
        return self._sum(-self.chance * np.log(self.chance))

    def _sum(self, value: Floats) -> Floats:
        """(R,) the sum of `value` (N,) over every law's outcomes."""
        return np.bincount(self.row, weights=value, minlength=self.n_rows).astype(np.float64)

    def row_of(self, pair: Ints) -> Ints:
        """(n,) the number of each pair's law; requires that there is one."""
        found: Ints = np.searchsorted(self.rows, pair)
        return found

    def match(self, row: Ints, outcome: Ints) -> Ints:
        """(n,) the number of the transition from law to outcome, -1 where there is none."""
        keys = self.row * self.n_states + self.outcome
        order = np.argsort(keys, kind="stable")
        wanted = row * self.n_states + outcome
        place = np.minimum(np.searchsorted(keys[order], wanted), max(keys.size - 1, 0))
        if not keys.size:
            return np.full(wanted.shape, -1, dtype=np.int64)
        found = order[place]
        return np.where((keys[found] == wanted) & (outcome >= 0), found, -1)

    def moments(self, value: Floats) -> tuple[Floats, Floats, Floats]:
        """Mean (R,), variance (R,) and largest deviation (R,) of `value` (N,) under every law."""
        mean = self._sum(self.chance * value)
        away = value - mean[self.row]
        variance = self._sum(self.chance * away * away)
        largest = np.zeros(self.n_rows)
        np.maximum.at(largest, self.row, np.abs(away))
        tiny = _NO_SPREAD * np.maximum(1.0, np.abs(mean))
        settled = largest <= tiny
        return mean, np.where(settled, 0.0, variance), np.where(settled, 0.0, largest)


def visited_laws(table: TabularMdp, squared: Floats, pairs: Ints) -> Laws:
    """The laws of `pairs`, which are distinct and ascending; squared (N,): the expected square of every reward."""
    first, after = table.offsets[pairs], table.offsets[pairs + 1]
    counts = after - first
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    index = np.repeat(first, counts) + within
    row = np.repeat(np.arange(pairs.size), counts)
    happens = table.probability[index] > 0
    index, row = index[happens], row[happens]
    reward = table.reward[index]
    variance = squared[index] - reward * reward
    variance = np.where(variance > _NO_SPREAD * np.maximum(1.0, np.abs(squared[index])), variance, 0.0)
    return Laws(
        table.n_states,
        pairs,
        row,
        table.successor[index],
        table.probability[index],
        reward,
        variance,
        table.terminates[index],
        index,
    )


def start_law(table: TabularMdp) -> Laws:
    """The start distribution as the only law; rewards are zero."""
    states = np.flatnonzero(table.initial > 0)
    zeros, rows = np.zeros(states.size), np.zeros(1, dtype=np.int64)
    row = np.zeros(states.size, dtype=np.int64)
    return Laws(table.n_states, rows, row, states, table.initial[states], zeros, zeros, zeros > 0, states)


def reachable_pairs(table: TabularMdp) -> Bools:
    """(S*A,) the available pairs of states that some policy reaches from the start, terminal ones left out."""
    pairs = table.n_states * table.n_actions
    happens = (table.probability > 0) & table.available.ravel()[table.pair_of_transition]
    reached = table.initial > 0
    frontier = reached.copy()
    origin = table.pair_of_transition // table.n_actions
    goes_on = happens & ~table.terminates
    while frontier.any():
        found = np.zeros(table.n_states, dtype=np.bool_)
        found[table.successor[goes_on & frontier[origin]]] = True
        frontier = found & ~reached
        reached |= found
    return np.asarray(np.repeat(reached, table.n_actions) & table.available.reshape(pairs))


def fit(table: TabularMdp, pair: Ints, successor: Ints) -> tuple[float, float, float]:
    """How badly the laws of `pair` (n,) explain the outcomes (n,): share that is impossible, surprise, and loss.

    The loss is the mean of -log(probability) in nats, an impossible outcome counting as one of probability 1e-6; the
    surprise is what of it lies beyond the entropy of the law. Requires available pairs and outcomes that are states.
    """
    laws = visited_laws(table, np.square(table.reward), np.unique(pair))
    row = laws.row_of(pair)
    index = laws.match(row, successor)
    chance = np.where(index >= 0, laws.chance[index], 1e-6)
    if not pair.size:
        return 0.0, 0.0, 0.0
    loss = float(-np.log(chance).mean())
    return float((index < 0).mean()), loss - float(laws.entropy[row].mean()), loss
