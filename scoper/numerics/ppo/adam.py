"""Adam (Kingma and Ba 2015, algorithm 1) on one row of parameters per seed, after clipping each seed's gradient norm.

The order of operations is torch's, so that single precision rounds alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.ppo.layout import Singles

BETA_1, BETA_2 = 0.9, 0.999
EPSILON = 1e-5
"""Larger than the usual 1e-8; stable-baselines3's PPO takes this one, after OpenAI's baselines."""


class Adam:
    """Moments of S seeds, and how many steps each has taken."""

    def __init__(self, n_seeds: int, size: int) -> None:
        self._mean = np.zeros((n_seeds, size), dtype=np.float32)
        self._square = np.zeros((n_seeds, size), dtype=np.float32)
        self._scratch = np.empty((n_seeds, size), dtype=np.float32)
        self._steps = [0] * n_seeds

    def step(
        self,
        parameters: Singles,
        gradient: Singles,
        learning_rate: float,
        max_norm: float,
        going: NDArray[np.bool_] | None = None,
    ) -> None:
        """Change `parameters` (S, P) in place; `gradient` (S, P) is cut in place to the norm `max_norm` per seed.

        going (S,): the seeds that take the step, by default all.
        """
        if going is None or going.all():
            self._step(parameters, gradient, learning_rate, max_norm, [steps + 1 for steps in self._steps])
            return
        waiting = ~going
        arrays = (parameters, self._mean, self._square)
        kept = [array[waiting] for array in arrays]
        ahead = [steps + int(on) for steps, on in zip(self._steps, going, strict=True)]
        self._step(parameters, gradient, learning_rate, max_norm, ahead)
        for array, before in zip(arrays, kept, strict=True):
            array[waiting] = before

    def _step(
        self, parameters: Singles, gradient: Singles, learning_rate: float, max_norm: float, steps: list[int]
    ) -> None:
        scratch = self._scratch
        np.multiply(gradient, gradient, out=scratch)
        norms = np.sqrt(scratch.sum(axis=1, keepdims=True))
        gradient *= np.minimum(np.float32(max_norm) / (norms + np.float32(1e-6)), np.float32(1.0))
        self._steps = steps
        np.subtract(gradient, self._mean, out=scratch)
        scratch *= np.float32(1.0 - BETA_1)
        self._mean += scratch
        self._square *= np.float32(BETA_2)
        np.multiply(gradient, gradient, out=scratch)
        scratch *= np.float32(1.0 - BETA_2)
        self._square += scratch
        np.sqrt(self._square, out=scratch)
        scratch /= _of_steps(steps, lambda n: math.sqrt(1.0 - BETA_2 ** max(n, 1)))
        scratch += np.float32(EPSILON)
        np.divide(self._mean, scratch, out=scratch)
        scratch *= _of_steps(steps, lambda n: -learning_rate / (1.0 - BETA_1 ** max(n, 1)))
        parameters += scratch

    def keep(self, seeds: list[int]) -> None:
        """Go on with these seeds only."""
        self._mean, self._square = self._mean[seeds], self._square[seeds]
        self._steps = [self._steps[seed] for seed in seeds]
        self._scratch = np.empty_like(self._mean)


def _of_steps(steps: list[int], factor: Callable[[int], float]) -> np.float32 | Singles:
    """A factor that depends on the steps taken: one number where all seeds have taken as many, else (S, 1)."""
    if len(set(steps)) == 1:
        return np.float32(factor(steps[0]))
    return np.array([[factor(n)] for n in steps], dtype=np.float32)
