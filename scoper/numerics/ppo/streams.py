"""Where chance comes from: three generators a seed, for first weights, for actions and for the order of minibatches.

A seed's numbers depend on nothing but the seed, so its run does not depend on which others stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.ppo.layout import Layout, Singles
from scoper.numerics.ppo.settings import PpoSettings


class Streams:
    """The generators of S seeds."""

    def __init__(self, seeds: Sequence[int], layout: Layout, settings: PpoSettings) -> None:
        children = [np.random.SeedSequence(seed).spawn(3) for seed in seeds]
        self.first_weights = [np.random.default_rng(child[0]) for child in children]
        self._actions = [np.random.default_rng(child[1]) for child in children]
        self._orders = [np.random.default_rng(child[2]) for child in children]
        self._law, self._settings = layout.law, settings
        self._shape: tuple[int, ...] = (settings.n_envs,)
        if layout.law == "multi":
            self._shape = (settings.n_envs, len(layout.parts))
        elif layout.law == "gaussian":
            self._shape = (settings.n_envs, layout.n_outputs)
        elif layout.law == "sde":
            self._shape = (settings.n_envs, layout.hidden[-1], layout.n_outputs)
        self._every = settings.n_steps
        if layout.law != "sde":
            self._every = 1
        elif settings.sde_sample_freq > 0:
            self._every = settings.sde_sample_freq

    def begin_rollout(self) -> None:
        """Draw all noise of one rollout ahead."""
        shape = (-(-self._settings.n_steps // self._every), *self._shape)
        if self._law in ("categorical", "multi"):
            drawn = [generator.random(shape, dtype=np.float32) for generator in self._actions]
        else:
            drawn = [generator.standard_normal(shape, dtype=np.float32) for generator in self._actions]
        self._noise = np.stack(drawn, axis=1)

    def noise(self, step: int) -> Singles:
        """(S, N, ...) noise for this timestep of the rollout, as the law of actions takes it."""
        noise: Singles = self._noise[step // self._every]
        return noise

    def orders(self, n: int, going: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """(S, n) a permutation of range(n) for every seed; none is drawn for seeds that are not `going` (S,)."""
        if going is None or going.all():
            return np.stack([generator.permutation(n) for generator in self._orders])
        still = np.arange(n)
        return np.stack([g.permutation(n) if on else still for g, on in zip(self._orders, going, strict=True)])

    def keep(self, seeds: list[int]) -> None:
        """Go on with these seeds only."""
        self._actions = [self._actions[seed] for seed in seeds]
        self._orders = [self._orders[seed] for seed in seeds]
