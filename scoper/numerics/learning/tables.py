"""A finite MDP laid out for drawing from it: available pairs only, cumulative probabilities within each pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp
from scoper.numerics.kernel import ends_of

FEW = 16
"""So few segments are summed one by one; more of them side by side."""


@dataclass(frozen=True)
class DrawTables:
    """S states, P available pairs, N transitions of positive probability.

    first_pair (S+1,): a state's pairs are consecutive. action (P,): what each pair does. offsets (P+1,), cumulative
    (N,), successor (N,), reward (N,), terminates (N,): the pair's transitions; the last cumulative of a pair is 1.
    starts (K,), start_cumulative (K,): where episodes begin. rows (S, A): the pairs of a state side by side, filled up
    with P. width: most actions of any state.
    """

    n_states: int
    n_actions: int
    first_pair: Ints
    action: Ints
    offsets: Ints
    cumulative: Floats
    successor: Ints
    reward: Floats
    terminates: Bools
    starts: Ints
    start_cumulative: Floats

    @property
    def n_pairs(self) -> int:
        """How many pairs are available."""
        return int(self.action.size)

    @property
    def width(self) -> int:
        """The most actions that any state has."""
        return int(np.diff(self.first_pair).max())

    @property
    def rows(self) -> Ints:
        """(S, width) the pairs of every state, filled up with P."""
        place = self.first_pair[:-1, None] + np.arange(self.width)
        return np.where(place < self.first_pair[1:, None], place, self.n_pairs)

    def spread(self, per_pair: Floats, missing: float) -> Floats:
        """(L, S, A) a table (L, P) by state and action, `missing` where an action is not available."""
        full = np.full((per_pair.shape[0], self.n_states * self.n_actions), missing)
        state = np.repeat(np.arange(self.n_states), np.diff(self.first_pair))
        full[:, state * self.n_actions + self.action] = per_pair
        return full.reshape(-1, self.n_states, self.n_actions)


def draw_tables(mdp: TabularMdp) -> DrawTables:
    """The tables of `mdp`."""
    pair_of = mdp.pair_of_transition
    available = mdp.available.ravel()
    happens = (mdp.probability > 0.0) & available[pair_of]
    lengths = np.bincount(pair_of[happens], minlength=available.size)[available]
    offsets = ends_of(lengths)
    starts = np.flatnonzero(mdp.initial > 0.0)
    return DrawTables(
        n_states=mdp.n_states,
        n_actions=mdp.n_actions,
        first_pair=ends_of(mdp.available.sum(axis=1)),
        action=np.flatnonzero(available) % mdp.n_actions,
        offsets=offsets,
        cumulative=_cumulative(mdp.probability[happens], offsets),
        successor=np.ascontiguousarray(mdp.successor[happens], dtype=np.int64),
        reward=np.ascontiguousarray(mdp.reward[happens], dtype=np.float64),
        terminates=np.ascontiguousarray(mdp.terminates[happens], dtype=np.bool_),
        starts=starts.astype(np.int64),
        start_cumulative=_cumulative(mdp.initial[starts], np.array([0, starts.size])),
    )


def _cumulative(probability: Floats, offsets: Ints) -> Floats:
    """(N,) running sums within every segment, divided by the segment's total; its last one is exactly 1.

    Summed segment by segment, not as differences of one long sum, whose rounding would grow with its length.
    """
    result = np.array(probability, dtype=np.float64)
    lengths = np.diff(offsets)
    place = 1
    going = np.flatnonzero(lengths > place)
    while going.size > FEW:
        at = offsets[going] + place
        result[at] += result[at - 1]
        place += 1
        going = going[lengths[going] > place]
    for segment in going:
        rest = slice(offsets[segment] + place - 1, offsets[segment + 1])
        result[rest] = np.cumsum(result[rest])
    filled = lengths > 0
    last = offsets[1:][filled] - 1
    result /= np.repeat(result[last], lengths[filled])
    result[last] = 1.0
    return result
