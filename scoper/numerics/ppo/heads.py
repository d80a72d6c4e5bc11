"""The laws of actions: drawing, log probability, entropy, and the derivatives of both, for all seeds at once.

Categorical over logits, one or several at once; Gaussian with a standard deviation per action; Gaussian whose deviation
depends on the state (gSDE: Raffin et al. 2021, equations 5 to 8), whose features are not trained by the noise, as in
stable-baselines3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate
from typing import Protocol

import numpy as np

from scoper.numerics.ppo.layout import Law, Singles
from scoper.numerics.ppo.network import Outputs

_HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)
_SDE_FLOOR = np.float32(1e-6)
"""Added to the variance so that it is never zero; the value is stable-baselines3's."""


class Head(Protocol):
    """A law of actions given what the network returned; log_std (S, ., A) is empty for logits.

    Actions are (S, B, A) single-precision numbers, or indices for logits, (S, B, K) for K actions at once.
    """

    def sample(self, found: Outputs, log_std: Singles, noise: Singles) -> Singles:
        """Actions from `noise`: what `Streams` hands out for this law."""

    def mode(self, found: Outputs) -> Singles:
        """The most likely actions."""

    def log_prob(self, found: Outputs, log_std: Singles, actions: Singles) -> tuple[Singles, Singles]:
        """(S, B) log probabilities, and (S, B) or (S, 1) entropies."""

    def backward(self, of_log_prob: Singles, of_entropy: np.float32, gradient: Singles) -> Singles:
        """The loss's derivative with respect to the outputs (S, B, A), after `log_prob`.

        of_log_prob (S, B) and of_entropy: its derivatives with respect to both. Those for log_std go into `gradient`.
        """


class Categorical:
    """One of A actions, by logits; noise (S, B) is uniform in [0, 1).

    Inside, actions stand before observations: sums over a few actions are four times as fast along that axis.
    """

    def sample(self, found: Outputs, log_std: Singles, noise: Singles) -> Singles:
        """The action whose stretch of the cumulated probabilities holds the noise."""
        cumulated = np.cumsum(np.exp(_log_softmax(found.outputs)), axis=1)
        below = cumulated[:, :-1] <= noise[:, None] * cumulated[:, -1:]
        actions: Singles = below.sum(axis=1)[:, :, None].astype(np.float32)
        return actions

    def mode(self, found: Outputs) -> Singles:
        """The first action of the largest logit."""
        actions: Singles = found.outputs.argmax(axis=2)[:, :, None].astype(np.float32)
        return actions

    def log_prob(self, found: Outputs, log_std: Singles, actions: Singles) -> tuple[Singles, Singles]:
        """See `Head`."""
        n_actions = found.outputs.shape[2]
        self._logs = _log_softmax(found.outputs)
        self._probabilities = np.exp(self._logs)
        self._entropy = -(self._probabilities * self._logs).sum(axis=1)
        self._chosen = actions[:, None, :, 0] == np.arange(n_actions, dtype=np.float32)[:, None]
        return (self._logs * self._chosen).sum(axis=1), self._entropy

    def backward(self, of_log_prob: Singles, of_entropy: np.float32, gradient: Singles) -> Singles:
        """See `Head`."""
        change: Singles = of_log_prob[:, None] * (self._chosen - self._probabilities)
        if of_entropy:
            change -= of_entropy * self._probabilities * (self._logs + self._entropy[:, None])
        return np.swapaxes(change, 1, 2)


class MultiCategorical:
    """K independent categorical actions, the logits of one after those of the other; noise (S, B, K) is uniform."""

    def __init__(self, parts: tuple[int, ...]) -> None:
        ends = list(accumulate(parts))
        self._parts = [(Categorical(), slice(end - n, end)) for n, end in zip(parts, ends, strict=True)]

    def sample(self, found: Outputs, log_std: Singles, noise: Singles) -> Singles:
        """See `Categorical`, for each."""
        drawn = [head.sample(_only(found, span), log_std, noise[:, :, i]) for i, (head, span) in self._each()]
        actions: Singles = np.concatenate(drawn, axis=2)
        return actions

    def mode(self, found: Outputs) -> Singles:
        """The first action of the largest logit, for each."""
        actions: Singles = np.concatenate([head.mode(_only(found, span)) for _, (head, span) in self._each()], axis=2)
        return actions

    def log_prob(self, found: Outputs, log_std: Singles, actions: Singles) -> tuple[Singles, Singles]:
        """See `Head`: sums over the K actions."""
        each = [
            head.log_prob(_only(found, span), log_std, actions[:, :, i : i + 1]) for i, (head, span) in self._each()
        ]
        log_probs: Singles = np.sum([log_prob for log_prob, _ in each], axis=0)
        entropies: Singles = np.sum([entropy for _, entropy in each], axis=0)
        return log_probs, entropies

    def backward(self, of_log_prob: Singles, of_entropy: np.float32, gradient: Singles) -> Singles:
        """See `Head`."""
        change: Singles = np.concatenate(
            [head.backward(of_log_prob, of_entropy, gradient) for _, (head, _) in self._each()], axis=2
        )
        return change

    def _each(self) -> Iterator[tuple[int, tuple[Categorical, slice]]]:
        return enumerate(self._parts)


def _only(found: Outputs, span: slice) -> Outputs:
    """The outputs of one of several actions."""
    return Outputs(found.outputs[:, :, span], found.values, found.features)


class Gaussian:
    """Independent normal actions, log_std (S, 1, A) learned; noise (S, B, A) is standard normal."""

    def sample(self, found: Outputs, log_std: Singles, noise: Singles) -> Singles:
        """Mean plus deviation times noise, not yet clipped to the box."""
        deviations: Singles = np.exp(log_std)
        actions: Singles = found.outputs + deviations * noise
        return actions

    def mode(self, found: Outputs) -> Singles:
        """The mean."""
        return found.outputs.copy()

    def log_prob(self, found: Outputs, log_std: Singles, actions: Singles) -> tuple[Singles, Singles]:
        """See `Head`."""
        self._variance: Singles = np.square(np.exp(log_std))
        self._distance = actions - found.outputs
        each = -(self._distance**2) / (2 * self._variance) - log_std - np.float32(_HALF_LOG_TWO_PI)
        return each.sum(axis=2), (log_std + np.float32(0.5 + _HALF_LOG_TWO_PI)).sum(axis=2)

    def backward(self, of_log_prob: Singles, of_entropy: np.float32, gradient: Singles) -> Singles:
        """See `Head`."""
        weight = of_log_prob[:, :, None]
        scaled = self._distance / self._variance
        np.sum(weight * (scaled * self._distance - 1), axis=1, keepdims=True, out=gradient)
        gradient += of_entropy * np.float32(of_log_prob.shape[1])
        change: Singles = weight * scaled
        return change


class StateDependent:
    """Normal actions whose noise is a linear map of the features; log_std (S, H, A); noise (S, B, H, A) is normal."""

    def sample(self, found: Outputs, log_std: Singles, noise: Singles) -> Singles:
        """Mean plus features times a matrix of noise, which holds for several timesteps."""
        matrices = noise * np.exp(log_std)[:, None]
        drawn: Singles = found.outputs + np.matmul(found.features[:, :, None, :], matrices)[:, :, 0]
        return drawn

    def mode(self, found: Outputs) -> Singles:
        """The mean."""
        return found.outputs.copy()

    def log_prob(self, found: Outputs, log_std: Singles, actions: Singles) -> tuple[Singles, Singles]:
        """See `Head`."""
        self._square = found.features**2
        self._of_weights = np.square(np.exp(log_std))
        self._variance = np.matmul(self._square, self._of_weights) + _SDE_FLOOR
        self._distance = actions - found.outputs
        log = np.log(np.sqrt(self._variance))
        each = -(self._distance**2) / (2 * self._variance) - log - np.float32(_HALF_LOG_TWO_PI)
        return each.sum(axis=2), (log + np.float32(0.5 + _HALF_LOG_TWO_PI)).sum(axis=2)

    def backward(self, of_log_prob: Singles, of_entropy: np.float32, gradient: Singles) -> Singles:
        """See `Head`."""
        weight = of_log_prob[:, :, None]
        scaled = self._distance / self._variance
        of_variance = (weight * (scaled * self._distance - 1) + of_entropy) / (2 * self._variance)
        np.matmul(np.swapaxes(self._square, 1, 2), of_variance, out=gradient)
        gradient *= 2 * self._of_weights
        change: Singles = weight * scaled
        return change


def head_of(law: Law, parts: tuple[int, ...] = ()) -> Head:
    """The head for a law of actions; `parts` as in `Layout`."""
    if law == "multi":
        return MultiCategorical(parts)
    heads: dict[Law, type[Head]] = {"categorical": Categorical, "gaussian": Gaussian, "sde": StateDependent}
    return heads[law]()


def _log_softmax(logits: Singles) -> Singles:
    """(S, A, B) logs of the probabilities of logits (S, B, A)."""
    turned: Singles = np.swapaxes(logits, 1, 2).copy()
    turned -= turned.max(axis=1, keepdims=True)
    turned -= np.log(np.exp(turned).sum(axis=1, keepdims=True))
    return turned
