"""Adam (Kingma and Ba 2015, algorithm 1) on one row of parameters per seed, after clipping each seed's gradient norm.

The order of operations is torch's, so that single precision rounds alike.
"""

from __future__ import annotations

import math

import numpy as np

from scoper.numerics.ppo.layout import Singles

BETA_1, BETA_2 = 0.9, 0.999
EPSILON = 1e-5
"""Larger than the usual 1e-8; stable-baselines3's PPO takes this one, after OpenAI's baselines."""


class Adam:
    """Moments of S seeds; all of them have taken the same number of steps."""

    def __init__(self, n_seeds: int, size: int) -> None:
        self._mean = np.zeros((n_seeds, size), dtype=np.float32)
        self._square = np.zeros((n_seeds, size), dtype=np.float32)
        self._scratch = np.empty((n_seeds, size), dtype=np.float32)
        self._steps = 0

    def step(self, parameters: Singles, gradient: Singles, learning_rate: float, max_norm: float) -> None:
        """Change `parameters` (S, P) in place; `gradient` (S, P) is cut in place to the norm `max_norm` per seed."""
        scratch = self._scratch
        np.multiply(gradient, gradient, out=scratch)
        norms = np.sqrt(scratch.sum(axis=1, keepdims=True))
        gradient *= np.minimum(np.float32(max_norm) / (norms + np.float32(1e-6)), np.float32(1.0))
        self._steps += 1
        np.subtract(gradient, self._mean, out=scratch)
        scratch *= np.float32(1.0 - BETA_1)
        self._mean += scratch
        self._square *= np.float32(BETA_2)
        np.multiply(gradient, gradient, out=scratch)
        scratch *= np.float32(1.0 - BETA_2)
        self._square += scratch
        np.sqrt(self._square, out=scratch)
        scratch /= np.float32(math.sqrt(1.0 - BETA_2**self._steps))
        scratch += np.float32(EPSILON)
        np.divide(self._mean, scratch, out=scratch)
        scratch *= np.float32(-learning_rate / (1.0 - BETA_1**self._steps))
        parameters += scratch

    def keep(self, seeds: list[int]) -> None:
        """Go on with these seeds only."""
        self._mean, self._square = self._mean[seeds], self._square[seeds]
        self._scratch = np.empty_like(self._mean)
