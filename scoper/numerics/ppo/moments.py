"""Running mean and variance (Chan, Golub and LeVeque 1979, equation 1.5) of observations and of discounted returns.

What stable-baselines3's VecNormalize does, for S seeds at once: observations are centred and scaled, rewards only
scaled, both cut at ten standard deviations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.ppo.layout import Singles
from scoper.numerics.ppo.rollout import Flags

Numbers = NDArray[Any]
_FIRST_COUNT, _EPSILON, _CUT = 1e-4, 1e-8, 10.0


class Moments:
    """Mean and variance (S, ...) of what was seen, in double precision."""

    def __init__(self, n_seeds: int, *shape: int) -> None:
        self.mean = np.zeros((n_seeds, *shape))
        self.variance = np.ones((n_seeds, *shape))
        self._count = _FIRST_COUNT

    def update(self, seen: Numbers) -> None:
        """Take in `seen` (S, N, ...), N values a seed."""
        mean, variance, n = seen.mean(axis=1), seen.var(axis=1), seen.shape[1]
        distance, total = mean - self.mean, self._count + n
        spread = self.variance * self._count + variance * n + distance**2 * self._count * n / total
        self.mean = self.mean + distance * n / total
        self.variance = spread / total
        self._count = total

    def keep(self, seeds: list[int]) -> None:
        """Go on with these seeds only."""
        self.mean, self.variance = self.mean[seeds], self.variance[seeds]


@dataclass(frozen=True)
class Scale:
    """How observations were centred and scaled when it was taken: mean and variance (S, D)."""

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]

    def __call__(self, observations: Numbers) -> Singles:
        """Observations (S, N, D), scaled and cut."""
        scaled = (observations - self.mean[:, None]) / np.sqrt(self.variance[:, None] + _EPSILON)
        return np.clip(scaled, -_CUT, _CUT).astype(np.float32)

    def of(self, seeds: list[int]) -> Scale:
        """The scales of these seeds."""
        return Scale(self.mean[seeds], self.variance[seeds])


class Normaliser:
    """Observations (S, N, D) and rewards (S, N) on their way to the learner; observations only where asked."""

    def __init__(self, n_seeds: int, n_envs: int, n_inputs: int, gamma: float, *, observations: bool) -> None:
        self._seen = Moments(n_seeds, n_inputs) if observations else None
        self._returns = Moments(n_seeds)
        self._running = np.zeros((n_seeds, n_envs))
        self._gamma = gamma

    def scale(self) -> Scale | None:
        """The present scale of observations."""
        return None if self._seen is None else Scale(self._seen.mean, self._seen.variance)

    def observe(self, observations: Numbers) -> Singles:
        """Take in the next observations and return them scaled."""
        if self._seen is not None:
            self._seen.update(observations)
        return self.scaled(observations)

    def scaled(self, observations: Numbers) -> Singles:
        """Observations by the present scale."""
        scale = self.scale()
        return observations.astype(np.float32) if scale is None else scale(observations)

    def reward(self, rewards: Singles, over: Flags) -> Singles:
        """Rewards by the deviation of the discounted return so far; `over` (S, N): the episode has ended."""
        self._running = self._running * self._gamma + rewards
        self._returns.update(self._running)
        self._running[over] = 0.0
        scaled = rewards / np.sqrt(self._returns.variance[:, None] + _EPSILON)
        return np.clip(scaled, -_CUT, _CUT).astype(np.float32)

    def keep(self, seeds: list[int]) -> None:
        """Go on with these seeds only."""
        if self._seen is not None:
            self._seen.keep(seeds)
        self._returns.keep(seeds)
        self._running = self._running[seeds]
