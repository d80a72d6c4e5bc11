"""How far an episode's return strays from its mean under one policy: exact for the arrays it is given.

The variance of the return by backward recursion (Sobel 1982, theorem 1): what a timestep adds, and what comes after it.
"""

from __future__ import annotations

import numpy as np

from scoper.domain.tabular import TabularMdp
from scoper.numerics.evaluate import Policy
from scoper.numerics.kernel import tally

_MOST_WORK = 20_000_000


def return_deviation(mdp: TabularMdp, policy: Policy, horizon: int, *, discount: float = 1.0) -> float:
    """The standard deviation of the (discounted) return over `horizon` timesteps from the start distribution.

    policy: (S,) action numbers or (S, A) action probabilities. Raises ValueError for another shape.
    """
    size, n_actions = mdp.n_states, mdp.n_actions
    pair = mdp.pair_of_transition
    source, action = pair // n_actions, pair % n_actions
    if policy.shape == (size,):
        chance = mdp.probability * (policy[source] == action)
    elif policy.shape == (size, n_actions):
        chance = mdp.probability * np.asarray(policy, dtype=np.float64).ravel()[pair]
    else:
        raise ValueError(f"a policy of {size} states and {n_actions} actions cannot have shape {policy.shape}")
    kept = np.flatnonzero(chance > 0.0)
    chance, source, reward, after = chance[kept], source[kept], mdp.reward[kept], mdp.successor[kept]
    later = discount * ~mdp.terminates[kept]
    value, variance = np.zeros(size), np.zeros(size)
    for _ in range(horizon):
        total = reward + later * value[after]
        value = tally(source, chance * total, size)
        variance = tally(source, chance * ((total - value[source]) ** 2 + later**2 * variance[after]), size)
    return float(np.sqrt(mdp.initial @ (variance + (value - mdp.initial @ value) ** 2)))


def is_cheap(mdp: TabularMdp, horizon: int) -> bool:
    """Whether the recursion takes no more than about a second."""
    return mdp.successor.size * horizon <= _MOST_WORK
