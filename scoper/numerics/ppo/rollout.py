"""What was seen between two updates, and how much better than expected it was.

Generalised advantage estimation: Schulman et al. 2016, equations 11 to 16. Arrays are single precision, S seeds by
N environments by T timesteps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.ppo.layout import Singles

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rollout:
    """observations (S, N, T, D), actions (S, N, T, A); the rest (S, N, T). Written in place, timestep after timestep.

    rewards: where an episode was truncated, the caller has added the discounted value of the state it ended in.
    starts: 1 where the observation is the first one of an episode.
    """

    observations: Singles
    actions: Singles
    rewards: Singles
    starts: Singles
    values: Singles
    log_probs: Singles

    @classmethod
    def empty(cls, n_seeds: int, n_envs: int, n_steps: int, n_inputs: int, n_numbers: int) -> Rollout:
        """Room for a rollout of `n_steps` timesteps; `n_numbers` is the length of an action."""
        shape = (n_seeds, n_envs, n_steps)
        observations = np.empty((*shape, n_inputs), dtype=np.float32)
        actions = np.empty((*shape, n_numbers), dtype=np.float32)
        return cls(observations, actions, *(np.empty(shape, dtype=np.float32) for _ in range(4)))


def advantages(rollout: Rollout, last_values: Singles, over: Flags, gamma: float, gae_lambda: float) -> Singles:
    """(S, N, T) advantages; last_values (S, N): of the observation after the rollout; over (S, N): an episode ended."""
    found = np.empty_like(rollout.values)
    n_steps = found.shape[2]
    going_on = np.float32(1.0) - over.astype(np.float32)
    ahead, running = last_values, np.zeros_like(last_values)
    for step in range(n_steps - 1, -1, -1):
        value = rollout.values[:, :, step]
        surprise = rollout.rewards[:, :, step] + np.float32(gamma) * ahead * going_on - value
        running = surprise + np.float32(gamma * gae_lambda) * going_on * running
        found[:, :, step] = running
        ahead, going_on = value, np.float32(1.0) - rollout.starts[:, :, step]
    return found
