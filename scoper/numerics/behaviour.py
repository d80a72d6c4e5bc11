"""What a policy does within a time limit: how often every transition happens, when and how episodes end.

The forward recursion of the state distribution (Puterman 2005, section 4.1): exact for the arrays it is given. With
the expected times of every transition the total of any amount per transition is one product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoper.domain.numbers import settled
from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.numerics.evaluate import Policy
from scoper.numerics.kernel import segments, tally


@dataclass(frozen=True)
class Behaviour:
    """How often things happen in an episode, on average.

    times (N,): expected number of times of every transition, discounted where a discount was given. alive (H+1,): the
    chance that the episode goes on after so many timesteps. policy: (S,), (S, A) or (H, S) as in `evaluate`.
    """

    mdp: TabularMdp
    policy: Policy
    times: Floats
    alive: Floats

    def total(self, amounts: Floats) -> float:
        """The expected (discounted) total of `amounts` (N,) per transition over an episode."""
        return settled(float(self.times @ amounts), float(self.times @ np.abs(amounts)))

    @cached_property
    def pairs(self) -> Floats:
        """(S, A) expected number of times that an action is taken in a state."""
        counted = tally(self.mdp.pair_of_transition, self.times, self.mdp.n_states * self.mdp.n_actions)
        return counted.reshape(self.mdp.n_states, self.mdp.n_actions)

    @cached_property
    def length(self) -> float:
        """Expected timesteps of an episode, never discounted."""
        return float(self.alive[:-1].sum())

    @cached_property
    def terminated(self) -> float:
        """The chance that the episode terminates within the time limit."""
        return settled(float(1.0 - self.alive[-1]), 1.0)

    @cached_property
    def action_shares(self) -> Floats:
        """(A,) the share of the timesteps in which each action is taken."""
        return np.asarray(self.pairs.sum(axis=0) / max(float(self.times.sum()), 1e-300), dtype=np.float64)

    @cached_property
    def visited(self) -> Floats:
        """(S,) expected timesteps spent in every state."""
        return np.asarray(self.pairs.sum(axis=1), dtype=np.float64)


def behaviour(mdp: TabularMdp, policy: Policy, horizon: int, *, discount: float = 1.0) -> Behaviour:
    """What `policy` does within `horizon` timesteps from the start distribution.

    policy: (S,) action numbers, (S, A) action probabilities (floats), or (H, S) action numbers by timestep with
    H >= horizon. Raises ValueError for another shape.
    """
    size, n_actions = mdp.n_states, mdp.n_actions
    timed = policy.ndim == 2 and policy.dtype.kind in "iu"
    fits = policy.shape in ((size,), (size, n_actions))
    if not (fits or (timed and policy.shape[1] == size and len(policy) >= horizon)):
        raise ValueError(f"a policy of {size} states and {n_actions} actions cannot have shape {policy.shape}")
    pair_of, source = mdp.pair_of_transition, mdp.pair_of_transition // n_actions
    goes_on, here = ~mdp.terminates, mdp.initial.astype(np.float64)
    begins, lengths, rows = mdp.offsets[:-1], np.diff(mdp.offsets), np.arange(size) * n_actions
    times, alive, weight = np.zeros(mdp.successor.size), np.ones(horizon + 1), 1.0
    chance = None if timed else mdp.probability * _shares(mdp, policy, pair_of)
    kept = None if chance is None else np.flatnonzero(chance > 0.0)
    for timestep in range(horizon):
        if kept is None or chance is None:
            chosen = segments(begins[taken := rows + policy[timestep]], lengths[taken])
            flow = mdp.probability[chosen] * here[source[chosen]]
        else:
            chosen, flow = kept, chance[kept] * here[source[kept]]
        times[chosen] += weight * flow
        weight *= discount
        on = goes_on[chosen]
        here = tally(mdp.successor[chosen[on]], flow[on], size)
        alive[timestep + 1] = here.sum()
        if alive[timestep + 1] <= 0.0:
            alive[timestep + 1 :] = 0.0
            break
    return Behaviour(mdp, policy, times, alive)


def _shares(mdp: TabularMdp, policy: Policy, pair_of: Ints) -> Floats:
    """(N,) the chance that a transition's action is taken in its state."""
    if policy.ndim == 2:
        return np.asarray(policy, dtype=np.float64).ravel()[pair_of]
    return np.asarray(policy[pair_of // mdp.n_actions] == pair_of % mdp.n_actions, dtype=np.float64)
