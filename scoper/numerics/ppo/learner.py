"""PPO's update with a clipped surrogate objective (Schulman et al. 2017, equations 7 and 9), for S seeds in step.

It sees arrays only: whoever steps the environments asks it for actions and hands it whole rollouts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.ppo.adam import Adam
from scoper.numerics.ppo.heads import Head, head_of
from scoper.numerics.ppo.layout import Layout, Singles, blocks, first_rows
from scoper.numerics.ppo.network import Network
from scoper.numerics.ppo.rollout import Flags, Rollout, advantages
from scoper.numerics.ppo.settings import PpoSettings
from scoper.numerics.ppo.streams import Streams

_TINY = np.float32(1e-8)


@dataclass(frozen=True)
class Decision:
    """actions (S, N, A) as drawn, not clipped to a box; log_probs and values (S, N)."""

    actions: Singles
    log_probs: Singles
    values: Singles


@dataclass(frozen=True)
class _Rates:
    """What an update uses of the settings at this moment of the schedule."""

    learning: float
    clip: float


class Learner:
    """S policies with their value functions and optimisers.

    rows (S, P) are the parameters to begin with; without them they are drawn from the seeds.
    """

    def __init__(self, layout: Layout, settings: PpoSettings, seeds: list[int], rows: Singles | None = None) -> None:
        self.layout, self.settings = layout, settings
        self.streams = Streams(seeds, layout, settings)
        drawn = rows
        if drawn is None:
            how = {"orthogonal": settings.orthogonal}
            drawn = first_rows(layout, self.streams.first_weights, settings.log_std_init, **how)
        self._parameters = blocks(layout, drawn.copy())
        self._adam = Adam(*drawn.shape)
        self._allocate()

    def _allocate(self) -> None:
        n_seeds = self.n_seeds
        self._gradient = blocks(self.layout, np.zeros_like(self._parameters.flat))
        self._networks: dict[int, Network] = {}
        self._head: Head = head_of(self.layout.law, self.layout.parts)
        self._offsets = (np.arange(n_seeds) * self.settings.rollout)[:, None]

    @property
    def n_seeds(self) -> int:
        """Seeds that still learn."""
        return len(self._parameters.flat)

    @property
    def rows(self) -> Singles:
        """(S, P) a copy of all parameters."""
        return self._parameters.flat.copy()

    def keep(self, seeds: list[int]) -> None:
        """Go on with these seeds only, by their present positions."""
        self._parameters = blocks(self.layout, self._parameters.flat[seeds])
        self._adam.keep(seeds)
        self.streams.keep(seeds)
        self._allocate()

    def act(self, observations: Singles, noise: Singles) -> Decision:
        """Draw actions for observations (S, N, D)."""
        parameters = self._parameters
        found = self._network(observations.shape[1]).forward(parameters, observations)
        actions = self._head.sample(found, parameters.log_std, noise)
        log_probs, _ = self._head.log_prob(found, parameters.log_std, actions)
        return Decision(actions, log_probs, found.values)

    def values(self, observations: Singles) -> Singles:
        """(S, N) values of observations (S, N, D)."""
        return self._network(observations.shape[1]).values(self._parameters, observations)

    def update(self, rollout: Rollout, last_values: Singles, over: Flags, progress: float) -> None:
        """Learn from one rollout when `progress` (0 to 1) of the planned timesteps are taken.

        last_values (S, N): values of the observations after it; over (S, N): its last timestep ended an episode.
        Raises FloatingPointError when a weight is no finite number afterwards.
        """
        with np.errstate(all="ignore"):
            self._update(rollout, last_values, over, progress)
        if not np.isfinite(self._parameters.flat).all():
            raise FloatingPointError("the weights became infinite or undefined; rewards or observations are too large")

    def _update(self, rollout: Rollout, last_values: Singles, over: Flags, progress: float) -> None:
        settings = self.settings
        rates = _Rates(settings.at("learning_rate", progress), settings.at("clip_range", progress))
        better = advantages(rollout, last_values, over, settings.gamma, settings.gae_lambda)
        n = settings.rollout
        each = [better, better + rollout.values, rollout.log_probs, rollout.values]
        columns = np.stack(each, axis=3).reshape(-1, len(each))
        observations = rollout.observations.reshape(-1, self.layout.n_inputs)
        actions = rollout.actions.reshape(-1, rollout.actions.shape[3])
        going = None if settings.target_kl is None else np.ones(self.n_seeds, dtype=np.bool_)
        for _ in range(settings.n_epochs):
            orders = self.streams.orders(n, going) + self._offsets
            for begin in range(0, n, settings.batch_size):
                picked = orders[:, begin : begin + settings.batch_size]
                self._minibatch(observations[picked], actions[picked], columns[picked], rates, going)
                if going is not None and not going.any():
                    return

    def _minibatch(
        self, observations: Singles, actions: Singles, columns: Singles, rates: _Rates, going: Flags | None
    ) -> None:
        """One step of the optimiser; columns (S, B, 4): advantage, return, log probability and value when drawn.

        going (S,), where there is a divergence to keep to: the seeds that have kept to it, changed in place.
        """
        settings, parameters, gradient = self.settings, self._parameters, self._gradient
        n_rows = np.float32(columns.shape[1])
        network = self._network(columns.shape[1])
        found = network.forward(parameters, observations)
        log_probs, _ = self._head.log_prob(found, parameters.log_std, actions)
        better = np.ascontiguousarray(columns[:, :, 0])
        if settings.normalize_advantage and columns.shape[1] > 1:
            better = _standardised(better)
        log_ratio = log_probs - columns[:, :, 2]
        if going is not None and settings.target_kl is not None:
            going &= np.mean(np.exp(log_ratio) - 1 - log_ratio, axis=1) <= 1.5 * settings.target_kl
        of_log_prob = _surrogate_slope(log_ratio, better, rates.clip) / n_rows
        of_values = np.float32(2.0 * settings.vf_coef) * self._value_error(found.values, columns) / n_rows
        of_entropy = np.float32(-settings.ent_coef) / n_rows
        of_outputs = self._head.backward(of_log_prob, of_entropy, gradient.log_std)
        network.backward(parameters, gradient, observations, of_outputs, of_values)
        self._adam.step(parameters.flat, gradient.flat, rates.learning, settings.max_grad_norm, going)

    def _value_error(self, values: Singles, columns: Singles) -> Singles:
        """(S, B) half the derivative of the squared error of values, which may be kept near those when drawn."""
        clip = self.settings.clip_range_vf
        if clip is None:
            wrong: Singles = values - columns[:, :, 1]
            return wrong
        moved = values - columns[:, :, 3]
        near = np.clip(moved, np.float32(-clip), np.float32(clip))
        return np.where(near == moved, columns[:, :, 3] + near - columns[:, :, 1], np.float32(0.0))

    def _network(self, n_rows: int) -> Network:
        if n_rows not in self._networks:
            self._networks[n_rows] = Network(self.layout, self.n_seeds, n_rows)
        return self._networks[n_rows]


def _standardised(columns: Singles) -> Singles:
    """Mean 0 and deviation 1 per seed, the deviation with n - 1 as in torch."""
    centred = columns - columns.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred * centred).sum(axis=1, keepdims=True) / np.float32(columns.shape[1] - 1))
    standard: Singles = centred / (deviation + _TINY)
    return standard


def _surrogate_slope(log_ratio: Singles, better: Singles, clip: float) -> Singles:
    """Derivative of -min(A r, A clip(r, 1 - c, 1 + c)) with respect to log r, (S, B)."""
    ratio = np.exp(log_ratio)
    low, high = np.float32(1.0 - clip), np.float32(1.0 + clip)
    inside = (ratio >= low) & (ratio <= high)
    counts = inside | (better * ratio < better * np.clip(ratio, low, high))
    slope: Singles = np.where(counts, -better * ratio, np.float32(0.0))
    return slope


class Greedy:
    """The policies of rows (S, P) without chance: they take the most likely action."""

    def __init__(self, layout: Layout, rows: Singles) -> None:
        self._layout, self._parameters = layout, blocks(layout, rows)
        self._head = head_of(layout.law, layout.parts)
        self._networks: dict[int, Network] = {}

    def __call__(self, observations: Singles) -> NDArray[np.float32]:
        """Actions (S, N, A) for observations (S, N, D)."""
        n_rows = observations.shape[1]
        if n_rows not in self._networks:
            self._networks[n_rows] = Network(self._layout, len(self._parameters.flat), n_rows)
        return self._head.mode(self._networks[n_rows].forward(self._parameters, observations))
