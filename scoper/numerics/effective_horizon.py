"""How far one must look ahead of random play: min k, the effective horizon, and the effective planning window.

Q_1 is the action value of the random policy, Q_k+1 one Bellman optimality backup of Q_k, all under a time limit. An MDP
is k-QVI-solvable if every policy that is greedy for Q_k is optimal (Laidlaw, Russell and Dragan 2023, definition 5.1).
The effective horizon is the least k + log_A m_k with m_k = 16 max(variance / gap^2) ln(2 T A^k), rounded up: as many
random rollouts tell the best of the A^k action sequences. The planning window is min k with Q_1 being the reward alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Bools, Floats, TabularMdp
from scoper.errors import InputError, Problem
from scoper.numerics.kernel import Kernel, kernel_of

MOST_CELLS = 20_000_000
"""Timesteps times state-action pairs."""
OPTIMAL = 1e-6
"""Share of the largest value by which an action may fall short of the best and count as optimal."""
TIE = 1e-12
"""Relative difference of two action values that is rounding."""
MOST_ROLLOUTS = 1e300


@dataclass(frozen=True)
class EffectiveHorizon:
    """What random play with a look-ahead of k timesteps needs.

    min_k: the least k for which greedy play for Q_k is optimal. window: the same from the reward alone, the effective
    planning window. horizon: the least k + log_A m_k found, at most T. ks, rollouts: every k that was bounded, m_k.
    log10_timesteps: of T^2 A^horizon, the bound on the timesteps that planning by random rollouts takes (theorem 5.4).
    deterministic: no transition is drawn; the bounds are proved for such MDPs only.
    """

    min_k: int
    window: int
    horizon: float
    ks: tuple[int, ...]
    rollouts: tuple[float, ...]
    log10_timesteps: float
    deterministic: bool


def effective_horizon(
    mdp: TabularMdp, horizon: int, *, discount: float = 1.0, reward: Floats | None = None
) -> EffectiveHorizon:
    """The effective horizon of `mdp` within `horizon` = T timesteps, from its start distribution.

    The variance of a rollout's return is bounded by (mean - worst) (best - worst), as the authors' simple bound does
    (Bhatia and Davis 2000). Raises InputError when T times the pairs exceed `MOST_CELLS`.
    """
    plan = _plan(mdp, horizon, discount, reward)
    random = plan.timed(plan.mean)
    best, worst = plan.timed(plan.best), plan.timed(plan.worst)
    optimal = plan.optimal(best)
    spread = (random - worst) * (best - worst)
    base = max(2, mdp.n_actions)
    bound, rollouts = float(horizon), list[tuple[int, float]]()
    for k, (q, variance) in enumerate(zip(plan.backups(random), plan.carried(spread), strict=False), 1):
        if k >= bound:
            break
        ratio = plan.difficulty(q, variance, optimal)
        if ratio is not None:
            m = _rollouts(ratio, horizon, base, k)
            rollouts.append((k, m))
            bound = min(bound, k + math.log(m) / math.log(base))
    expected = np.broadcast_to(plan.kernel.reward, random.shape)
    return EffectiveHorizon(
        min_k=_least(plan, random, optimal),
        window=_least(plan, expected, optimal),
        horizon=bound,
        ks=tuple(k for k, _ in rollouts),
        rollouts=tuple(m for _, m in rollouts),
        log10_timesteps=2.0 * math.log10(max(1, horizon)) + bound * math.log10(base),
        deterministic=bool((np.diff(plan.kernel.offsets) <= 1).all()) and not _partly_ends(plan.kernel),
    )


def _least(plan: _Plan, first: Floats, optimal: Bools) -> int:
    """The least k for which greedy play is optimal; at most T, as T - 1 backups are the optimum itself."""
    return next(k for k, q in enumerate(plan.backups(first), 1) if plan.solves(q, optimal) or k >= len(first))


def _rollouts(ratio: float, horizon: int, base: int, k: int) -> float:
    exact = 16.0 * ratio * (math.log(2.0 * horizon) + k * math.log(base))
    return float(max(1, math.ceil(exact))) if exact < MOST_ROLLOUTS else exact


def _partly_ends(kernel: Kernel) -> bool:
    return bool((kernel.ends & (np.diff(kernel.offsets) > 0)).any())


@dataclass(frozen=True)
class _Plan:
    """Backups over all timesteps at once: action values are (T, P), the last row being the last timestep."""

    kernel: Kernel
    start: Bools
    horizon: int
    discount: float

    def mean(self, q: Floats) -> Floats:
        """(S,) the value of random play."""
        total = np.add.reduceat(q, self.kernel.first_pair[:-1])
        return np.asarray(total / np.diff(self.kernel.first_pair), dtype=np.float64)

    def best(self, q: Floats) -> Floats:
        """(..., S) the largest entry of every state."""
        return np.asarray(np.maximum.reduceat(q, self.kernel.first_pair[:-1], axis=-1), dtype=np.float64)

    def worst(self, q: Floats) -> Floats:
        """(..., S) the least entry of every state."""
        return np.asarray(np.minimum.reduceat(q, self.kernel.first_pair[:-1], axis=-1), dtype=np.float64)

    def timed(self, choose: Callable[[Floats], Floats]) -> Floats:
        """(T, P) action values where `choose` turns those of a timestep into values."""
        q, value = np.empty((self.horizon, self.kernel.origin.size)), np.zeros(self.kernel.n_states)
        for t in range(self.horizon - 1, -1, -1):
            q[t] = self.kernel.backup(value, self.discount)
            value = choose(q[t])
        return q

    def optimal(self, q: Floats) -> Bools:
        """(T, P) the actions that are optimal from their timestep on."""
        best = self.best(q)
        slack = OPTIMAL * max(float(np.abs(best).max(initial=0.0)), np.finfo(float).tiny)
        return np.asarray(q >= best[:, self.kernel.state_of_pair] - slack)

    def backups(self, q: Floats) -> Iterator[Floats]:
        """Q_1, Q_2, ... for ever; the last timestep keeps its reward."""
        while True:
            yield q
            after = q.copy()
            for t in range(self.horizon - 1):
                after[t] = self.kernel.backup(self.best(q[t + 1]), self.discount)
            q = after

    def carried(self, spread: Floats) -> Iterator[Floats]:
        """(T, P) bounds of the variance of what follows the first k actions, for k = 1, 2, ..."""
        pair = self.kernel.pair_of_transition
        while True:
            yield spread
            after, peak = spread.copy(), self.best(spread)
            for t in range(self.horizon - 1):
                after[t] = 0.0
                np.maximum.at(after[t], pair, self.discount**2 * peak[t + 1][self.kernel.successor])
            spread = after

    def solves(self, q: Floats, optimal: Bools) -> bool:
        """Whether every greedy policy is optimal wherever it may come."""
        here = self.start
        for t in range(self.horizon):
            best = self.best(q[t])
            least = (best - TIE * np.abs(best))[self.kernel.state_of_pair]
            greedy = (q[t] >= least) & here[self.kernel.state_of_pair]
            if (greedy & ~optimal[t]).any():
                return False
            here = self._next(greedy)
        return True

    def difficulty(self, q: Floats, variance: Floats, optimal: Bools) -> float | None:
        """The largest variance / gap^2 where an optimal policy may come; None where a worse action looks best."""
        here, worst = self.start, 0.0
        for t in range(self.horizon):
            best = self.best(q[t])
            rival = self.best(np.where(optimal[t], -np.inf, q[t]))
            if (here & (rival >= best - TIE * np.abs(best))).any():
                return None
            gap = best[here] - rival[here]
            worst = max(worst, float((self.best(variance[t])[here] / (gap * gap)).max(initial=0.0)))
            here = self._next((q[t] > rival[self.kernel.state_of_pair]) & here[self.kernel.state_of_pair])
        return worst

    def _next(self, taken: Bools) -> Bools:
        """(S,) where the `taken` pairs (P,) may lead."""
        after = np.zeros(self.kernel.n_states, dtype=np.bool_)
        after[self.kernel.successor[taken[self.kernel.pair_of_transition]]] = True
        return after


def _plan(mdp: TabularMdp, horizon: int, discount: float, reward: Floats | None) -> _Plan:
    if horizon < 1:
        raise ValueError("the effective horizon needs at least one timestep")
    kernel = kernel_of(mdp, reward)
    if horizon * kernel.origin.size > MOST_CELLS:
        size = f"{horizon} timesteps times {kernel.origin.size} state-action pairs"
        raise InputError(Problem("horizon-too-long", f"{size} are too many for the effective horizon", mdp.source))
    return _Plan(kernel, mdp.initial > 0, horizon, discount)
