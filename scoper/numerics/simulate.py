"""Drawing transitions of a finite MDP for many lanes at once, from uniform numbers that the caller drew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp
from scoper.numerics.kernel import ends_of


@dataclass(frozen=True)
class Simulator:
    """Cumulative tables of an MDP. Transitions of probability zero are left out."""

    offsets: Ints
    cumulative: Floats
    successor: Ints
    reward: Floats
    terminates: Bools
    start_states: Ints
    start_cumulative: Floats

    def step(self, pair: Ints, uniform: Floats) -> Ints:
        """(L,) the transition that every lane takes from its `pair` (L,), given `uniform` (L,) in [0, 1)."""
        first, after = self.offsets[pair], self.offsets[pair + 1]
        below = np.where(first > 0, self.cumulative[first - 1], 0.0)
        point = below + uniform * (self.cumulative[after - 1] - below)
        drawn = np.searchsorted(self.cumulative, point, side="right")
        inside: Ints = np.minimum(np.maximum(drawn, first), after - 1)
        return inside

    def begin(self, uniform: Floats) -> Ints:
        """(L,) start states."""
        if self.start_states.size == 1:
            return np.full(uniform.shape, self.start_states[0], dtype=np.int64)
        drawn = np.searchsorted(self.start_cumulative, uniform * self.start_cumulative[-1], side="right")
        index: Ints = np.minimum(drawn, self.start_states.size - 1)
        return self.start_states[index]


def simulator_of(mdp: TabularMdp, reward: Floats | None = None) -> Simulator:
    """The simulator of `mdp`, paying `reward` (N,) per transition instead of its own if given."""
    happens = mdp.probability > 0
    counts = np.bincount(mdp.pair_of_transition[happens], minlength=mdp.n_states * mdp.n_actions)
    starts = np.flatnonzero(mdp.initial > 0)
    return Simulator(
        offsets=ends_of(counts),
        cumulative=np.cumsum(mdp.probability[happens]),
        successor=mdp.successor[happens],
        reward=(mdp.reward if reward is None else reward)[happens],
        terminates=mdp.terminates[happens],
        start_states=starts,
        start_cumulative=np.cumsum(mdp.initial[starts]),
    )
