"""The plain numpy methods: successive approximation, modified policy iteration and policy iteration on a kernel.

Each returns what it found with a proved bound of its error; none of them judges whether that is good enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints
from scoper.numerics.bounds import Enclosure, close_enough, policy_error, scale_of
from scoper.numerics.kernel import Kernel
from scoper.numerics.linear import solve_chain
from scoper.numerics.wavefront import MOST_READ, Waves

PARTIAL_SWEEPS = 50

Enclose = Callable[[Kernel, Floats], Enclosure]


@dataclass(frozen=True)
class Aim:
    """What a value must be known to: relative to the largest reward or value, or, where given, absolutely."""

    tolerance: float
    absolute: float | None = None

    def goal(self, scale: float) -> float:
        """The largest error allowed for values of the given scale."""
        return self.tolerance * scale if self.absolute is None else self.absolute


@dataclass(frozen=True)
class Found:
    """value (S,), pairs (S,): the last value and its greedy pairs; |value - optimum| <= error_bound."""

    value: Floats
    pairs: Ints
    iterations: int
    residual: float
    error_bound: float


Search = Callable[[Kernel, Enclose, float, Aim, int, "Ints | None"], Found]


def sweep(
    kernel: Kernel, enclose: Enclose, discount: float, aim: Aim, max_iterations: int, start: Ints | None
) -> Found:
    """Value iteration from zero. Undiscounted bounds cost a linear solve, so they wait until sweeps change little."""
    value = np.zeros(kernel.n_states)
    dear = start is not None
    patience = aim.tolerance
    for iteration in range(1, max_iterations + 1):
        if dear:
            after = kernel.best(kernel.backup(value, discount))
            change, size = float(np.abs(after - value).max(initial=0.0)), scale_of(kernel, after)
            floor = kernel.rounding(after, discount)
            value = after
            if change > max(patience * size, floor) and iteration < max_iterations:
                continue
            patience = 0.1 * change / size if size else 0.0
        bounds = enclose(kernel, value)
        finished = close_enough(bounds.error_bound, aim.goal(scale_of(kernel, bounds.value)))
        if finished or iteration == max_iterations or (dear and change <= floor):
            break
        value = bounds.backed_up
    return Found(bounds.value, bounds.greedy, iteration, bounds.residual, bounds.error_bound)


def modify(
    kernel: Kernel,
    enclose: Enclose,
    discount: float,
    aim: Aim,
    max_iterations: int,
    start: Ints | None,
    *,
    try_until: int | None = None,
) -> Found:
    """Modified policy iteration: between two improvements the policy's own backup, which is cheaper than the best.

    From iteration `try_until` on it ends when the pace so far would need ten times the iterations that are left.
    """
    value = np.zeros(kernel.n_states)
    never_ends = not kernel.ends.any()  # only then do all values move alike, so that the middle is nearer than Lv
    before = np.inf
    for iteration in range(1, max_iterations + 1):
        bounds = enclose(kernel, value)
        goal = aim.goal(scale_of(kernel, bounds.value))
        if close_enough(bounds.error_bound, goal) or iteration == max_iterations:
            break
        if try_until is not None and iteration >= try_until:
            pace = np.log(before / bounds.error_bound) if before < np.inf else 0.0
            if pace * 10.0 * (max_iterations - iteration) < np.log(bounds.error_bound / max(goal, 1e-300)):
                break
        before = bounds.error_bound
        chain, value = kernel.keep_pairs(bounds.greedy), bounds.value if never_ends else bounds.backed_up
        for _ in range(PARTIAL_SWEEPS):
            value = chain.backup(value, discount)
    return Found(bounds.value, bounds.greedy, iteration, bounds.residual, bounds.error_bound)


def improve(
    kernel: Kernel, enclose: Enclose, discount: float, aim: Aim, max_iterations: int, start: Ints | None
) -> Found:
    """Policy iteration from the myopic policy, or from `start` (S,) where only some policies end."""
    pairs = kernel.greedy(kernel.reward) if start is None else start
    for iteration in range(1, max_iterations + 1):
        chain = kernel.keep_pairs(pairs)
        value = solve_chain(chain, discount, chain.reward)
        if not np.isfinite(value).all():
            return Found(value, pairs, iteration, float("inf"), float("inf"))
        own_error = policy_error(chain, value, discount)
        action_value = kernel.backup(value, discount)
        candidate = kernel.greedy(action_value)
        margin = 2.0 * (own_error + kernel.rounding(value, discount))
        better = action_value[candidate] > action_value[pairs] + margin
        if not better.any():
            break
        pairs = np.where(better, candidate, pairs)
    bounds = enclose(kernel, value)
    shortfall = float((bounds.value - value).max(initial=0.0)) + bounds.error_bound + own_error
    return Found(bounds.value, pairs, iteration, bounds.residual, max(bounds.error_bound, 0.5 * shortfall))


def settle(
    kernel: Kernel, enclose: Enclose, discount: float, aim: Aim, max_iterations: int, start: Ints | None
) -> Found:
    """Compiled Gauss-Seidel sweeps from the value of the policy `start` (S,), which ends; certified once settled."""
    assert start is not None
    chain, waves = kernel.keep_pairs(np.sort(start)), Waves(kernel)
    size = max(1.0, float(np.abs(chain.reward).max(initial=0.0)))
    value = Waves(chain).settle(discount, chain.reward, np.zeros(kernel.n_states), 1e-6 * size, 0.1 * MOST_READ)[0]
    if not np.isfinite(value).all():
        value = np.zeros(kernel.n_states)
    share, total = 1e-3, 0
    while True:
        target = max(share * aim.goal(scale_of(kernel, value)), 2.0 * kernel.rounding(value, discount))
        value, pairs, change, sweeps = waves.settle(discount, kernel.reward, value, target)
        total += sweeps
        if not change <= target:
            return Found(value, pairs, total, float("inf"), float("inf"))
        bounds = enclose(kernel, value)
        goal, floor = aim.goal(scale_of(kernel, bounds.value)), 2.0 * kernel.rounding(value, discount)
        if close_enough(bounds.error_bound, goal) or target <= floor or total >= max_iterations:
            return Found(bounds.value, bounds.greedy, total, bounds.residual, bounds.error_bound)
        share *= 1e-2
