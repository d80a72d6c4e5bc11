"""Rollouts for the batched PPO: lanes are stepped, observations and rewards scaled where asked, truncation valued.

A truncated episode is worth going on: the discounted value of its last observation is added to its last reward, as in
stable-baselines3 (after Pardo et al. 2018).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scoper.baselines._lanes import Lanes, Moved, Numbers
from scoper.numerics.ppo.layout import Singles
from scoper.numerics.ppo.learner import Learner
from scoper.numerics.ppo.moments import Normaliser, Scale
from scoper.numerics.ppo.rollout import Rollout


class Collector:
    """Fills rollouts of `learner` from `lanes`; the learner's seeds and the lanes' are the same, in the same order."""

    def __init__(self, learner: Learner, lanes: Lanes, normaliser: Normaliser | None) -> None:
        self._learner, self._lanes, self._normaliser = learner, lanes, normaliser
        self._next = self._observed(lanes.reset())
        self._over = np.ones(self._next.shape[:2], dtype=np.bool_)
        self.steps = 0
        self._allocate()

    def _allocate(self) -> None:
        settings, layout = self._learner.settings, self._learner.layout
        shape = (self._learner.n_seeds, settings.n_envs, settings.n_steps)
        self._rollout = Rollout.empty(*shape, layout.n_inputs, layout.n_numbers)

    def scale(self) -> Scale | None:
        """How observations are scaled now."""
        return None if self._normaliser is None else self._normaliser.scale()

    def update(self, progress: float) -> None:
        """Let the learner learn from the rollout; `progress` (0 to 1) is the share of the planned timesteps taken."""
        self._learner.update(self._rollout, self._learner.values(self._next), self._over, progress)

    def collect(self, is_over: Callable[[], bool]) -> bool:
        """Fill a rollout; False, and the rollout is none, when `is_over` after some timestep."""
        rollout, settings = self._rollout, self._learner.settings
        self._learner.streams.begin_rollout()
        for step in range(settings.n_steps):
            decision = self._learner.act(self._next, self._learner.streams.noise(step))
            rollout.observations[:, :, step] = self._next
            rollout.starts[:, :, step] = self._over
            rollout.actions[:, :, step] = decision.actions
            rollout.values[:, :, step] = decision.values
            rollout.log_probs[:, :, step] = decision.log_probs
            moved = self._lanes.step(decision.actions)
            self._next, self._over = self._observed(moved.observations), moved.over.copy()
            rollout.rewards[:, :, step] = self._rewards(moved)
            self.steps += settings.n_envs
            if is_over():
                return False
        return True

    def _observed(self, observations: Numbers) -> Singles:
        if self._normaliser is None:
            return observations.astype(np.float32)
        return self._normaliser.observe(observations)

    def _rewards(self, moved: Moved) -> Singles:
        rewards = moved.rewards
        if self._normaliser is not None:
            rewards = self._normaliser.reward(rewards, moved.over)
        if moved.truncated:
            values = self._learner.values(self._ends(moved))
            for seed, lane, _ in moved.truncated:
                rewards[seed, lane] += np.float32(self._learner.settings.gamma) * values[seed, lane]
        return rewards

    def _ends(self, moved: Moved) -> Singles:
        """(S, N, D) what truncated episodes ended in, as the learner sees it; the other lanes' numbers mean nothing."""
        ends = moved.observations.copy()
        for seed, lane, observation in moved.truncated:
            ends[seed, lane] = observation
        return ends.astype(np.float32) if self._normaliser is None else self._normaliser.scaled(ends)

    def keep(self, seeds: list[int]) -> None:
        """Go on with these seeds only, by their present positions."""
        self._learner.keep(seeds)
        self._lanes.keep(seeds)
        if self._normaliser is not None:
            self._normaliser.keep(seeds)
        self._next, self._over = self._next[seeds], self._over[seeds]
        self._allocate()
