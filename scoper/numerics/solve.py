"""Exact optima of a finite MDP: value iteration, policy iteration, backward induction.

The optimality equation is v(s) = max_a [r(s, a) + discount * sum_s' p(s'|s, a) v(s')], the sum running over
transitions after which the episode goes on (Puterman 2005, equation 6.2.1). Every solution carries a proved bound of
its error; one that did not converge cannot be read as an optimum. With a discount of 1 the MDP is first made into a
stochastic shortest path (`scoper.numerics.undiscounted`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.errors import InputError, ProbeError, Problem
from scoper.numerics.bounds import (
    Enclosure,
    close_enough,
    enclose_discounted,
    enclose_undiscounted,
    policy_error,
    scale_of,
)
from scoper.numerics.kernel import Kernel, kernel_of
from scoper.numerics.linear import DENSE_STATES, solve_chain
from scoper.numerics.undiscounted import ShortestPath, lift, shortest_path

MAX_CELLS = 100_000_000
"""Backward induction keeps a value and an action for every timestep and state; this many are about 1.6 GB."""

PARTIAL_SWEEPS = 50

Enclose = Callable[[Kernel, Floats], Enclosure]
Search = Callable[[Kernel, Enclose, float, float, int, "Ints | None"], "_Found"]


@dataclass(frozen=True)
class Solution:
    """value (S,) and policy (S,) of an MDP without time limit.

    |value - optimal value| <= error_bound in every state, rounding included. The policy's own value is within twice
    that of the optimum. converged: error_bound is at most the tolerance times the largest reward or value. reason: why
    it did not converge. value is -inf where every policy loses without end.
    """

    value: Floats
    policy: Ints
    method: str
    converged: bool
    iterations: int
    residual: float
    error_bound: float
    reason: str = ""

    def optimum(self) -> Floats:
        """The value (S,), to be used as the optimum; raises ProbeError unless converged."""
        if not self.converged:
            why = self.reason or f"error bound {self.error_bound:.3g} after {self.iterations} iterations"
            raise ProbeError(Problem("not-converged", f"{self.method} did not converge: {why}"))
        return self.value


@dataclass(frozen=True)
class FiniteSolution:
    """value (H+1, S): best return from timestep t on, known within error_bound; policy (H, S): best action at t."""

    value: Floats
    policy: Ints
    error_bound: float


@dataclass(frozen=True)
class _Found:
    value: Floats
    pairs: Ints
    iterations: int
    residual: float
    error_bound: float


def value_iteration(
    mdp: TabularMdp,
    *,
    discount: float | None = None,
    tolerance: float = 1e-9,
    max_iterations: int = 200_000,
    reward: Floats | None = None,
) -> Solution:
    """Successive approximation with MacQueen's bounds as the stopping rule (Puterman 2005, section 6.6.3).

    `tolerance` is relative to the largest reward or value. `reward` (N,) replaces the MDP's own.
    """
    return _solve(mdp, "value iteration", _sweep, discount, tolerance, max_iterations, reward)


def policy_iteration(
    mdp: TabularMdp,
    *,
    discount: float | None = None,
    tolerance: float = 1e-9,
    max_iterations: int = 1_000,
    reward: Floats | None = None,
) -> Solution:
    """Howard's policy iteration (Puterman 2005, section 6.4.2); arguments as in `value_iteration`.

    An action is replaced only by one that is better by more than the rounding of the comparison, so ties cannot cycle.
    With a discount and many states every policy is evaluated by `PARTIAL_SWEEPS` backups only, which is called modified
    policy iteration (Puterman 2005, section 6.5); the bound of the error holds for it as well.
    """
    if _discount(mdp, discount) < 1.0 and mdp.n_states > DENSE_STATES:
        return _solve(mdp, "modified policy iteration", _modify, discount, tolerance, max_iterations, reward)
    return _solve(mdp, "policy iteration", _improve, discount, tolerance, max_iterations, reward)


def backward_induction(
    mdp: TabularMdp, horizon: int, *, discount: float | None = None, reward: Floats | None = None
) -> FiniteSolution:
    """The best return within `horizon` timesteps and the actions that earn it (Puterman 2005, section 4.5)."""
    gamma = _discount(mdp, discount)
    if horizon < 0:
        raise ValueError("horizon must not be negative")
    if (horizon + 1) * mdp.n_states > MAX_CELLS:
        size = f"{horizon} timesteps times {mdp.n_states} states"
        raise InputError(Problem("horizon-too-long", f"{size} are too many to solve backwards", mdp.source))
    kernel = kernel_of(mdp, reward)
    value = np.zeros((horizon + 1, mdp.n_states))
    policy = np.zeros((horizon, mdp.n_states), dtype=np.int64)
    error = 0.0
    for t in range(horizon - 1, -1, -1):
        action_value = kernel.backup(value[t + 1], gamma)
        chosen = kernel.greedy(action_value)
        value[t] = action_value[chosen]
        policy[t] = kernel.origin[chosen] % mdp.n_actions
        error = gamma * error * (1.0 + 1e-12) + kernel.rounding(value[t + 1], gamma)
    return FiniteSolution(value, policy, error)


def action_values(
    mdp: TabularMdp, value: Floats, *, discount: float | None = None, reward: Floats | None = None
) -> Floats:
    """(S, A) expected reward plus discounted value (S,) of the next state; -inf where an action is not available.

    With a value of zero: the expected immediate reward, whose argmax is the myopic policy.
    """
    kernel = kernel_of(mdp, reward)
    result = np.full(mdp.n_states * mdp.n_actions, -np.inf)
    result[kernel.origin] = kernel.backup(value, _discount(mdp, discount))
    return result.reshape(mdp.n_states, mdp.n_actions)


def start_value(mdp: TabularMdp, value: Floats) -> float:
    """The expected value (S,) at the start distribution."""
    begins = mdp.initial > 0
    return float(mdp.initial[begins] @ value[begins])


def _discount(mdp: TabularMdp, discount: float | None) -> float:
    gamma = mdp.discount if discount is None else float(discount)
    if not 0.0 <= gamma <= 1.0:
        raise ValueError(f"discount {gamma} is not within 0 and 1")
    return gamma


def _solve(
    mdp: TabularMdp,
    method: str,
    search: Search,
    discount: float | None,
    tolerance: float,
    max_iterations: int,
    reward: Floats | None,
) -> Solution:
    gamma = _discount(mdp, discount)
    kernel = kernel_of(mdp, reward)
    if gamma < 1.0:
        found = search(kernel, lambda k, v: enclose_discounted(k, v, gamma), gamma, tolerance, max_iterations, None)
        goal = tolerance * scale_of(kernel, found.value)
        return _solution(kernel, mdp.n_actions, method, found, found.value, found.pairs, goal)
    return _solve_undiscounted(mdp, kernel, method, search, tolerance, max_iterations)


def _solve_undiscounted(
    mdp: TabularMdp, kernel: Kernel, method: str, search: Search, tolerance: float, max_iterations: int
) -> Solution:
    problem = shortest_path(kernel)
    if problem.obstacle:
        return _unsolved(mdp, kernel, method, problem)
    found = search(problem.kernel, enclose_undiscounted, 1.0, tolerance, max_iterations, problem.proper)
    value, pairs = lift(problem, found.value, found.pairs)
    goal = tolerance * scale_of(problem.kernel, found.value)
    return _solution(kernel, mdp.n_actions, method, found, value, pairs, goal)


def _unsolved(mdp: TabularMdp, kernel: Kernel, method: str, problem: ShortestPath) -> Solution:
    policy = kernel.origin[kernel.first_pair[:-1]] % mdp.n_actions
    nothing = np.full(mdp.n_states, np.nan)
    return Solution(nothing, policy, method, False, 0, float("inf"), float("inf"), problem.obstacle)


def _solution(
    kernel: Kernel, n_actions: int, method: str, found: _Found, value: Floats, pairs: Ints, goal: float
) -> Solution:
    converged = close_enough(found.error_bound, goal)
    policy = kernel.origin[pairs] % n_actions
    reason = "" if converged else f"error bound {found.error_bound:.3g}, wanted {goal:.3g}"
    return Solution(value, policy, method, converged, found.iterations, found.residual, found.error_bound, reason)


def _sweep(
    kernel: Kernel, enclose: Enclose, discount: float, tolerance: float, max_iterations: int, start: Ints | None
) -> _Found:
    """Value iteration from zero. Undiscounted bounds cost a linear solve, so they wait until sweeps change little."""
    value = np.zeros(kernel.n_states)
    dear = start is not None
    patience = tolerance
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
        finished = close_enough(bounds.error_bound, tolerance * scale_of(kernel, bounds.value))
        if finished or iteration == max_iterations or (dear and change <= floor):
            break
        value = bounds.backed_up
    return _Found(bounds.value, bounds.greedy, iteration, bounds.residual, bounds.error_bound)


def _modify(
    kernel: Kernel, enclose: Enclose, discount: float, tolerance: float, max_iterations: int, start: Ints | None
) -> _Found:
    """Modified policy iteration: between two improvements the policy's own backup, which is cheaper than the best."""
    value = np.zeros(kernel.n_states)
    never_ends = not kernel.ends.any()  # only then do all values move alike, so that the middle is nearer than Lv
    for iteration in range(1, max_iterations + 1):
        bounds = enclose(kernel, value)
        goal = tolerance * scale_of(kernel, bounds.value)
        if close_enough(bounds.error_bound, goal) or iteration == max_iterations:
            break
        chain, value = kernel.keep_pairs(bounds.greedy), bounds.value if never_ends else bounds.backed_up
        for _ in range(PARTIAL_SWEEPS):
            value = chain.backup(value, discount)
    return _Found(bounds.value, bounds.greedy, iteration, bounds.residual, bounds.error_bound)


def _improve(
    kernel: Kernel, enclose: Enclose, discount: float, tolerance: float, max_iterations: int, start: Ints | None
) -> _Found:
    """Policy iteration from the myopic policy, or from `start` (S,) where only some policies end."""
    pairs = kernel.greedy(kernel.reward) if start is None else start
    for iteration in range(1, max_iterations + 1):
        chain = kernel.keep_pairs(pairs)
        value = solve_chain(chain, discount, chain.reward)
        if not np.isfinite(value).all():
            return _Found(value, pairs, iteration, float("inf"), float("inf"))
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
    return _Found(bounds.value, pairs, iteration, bounds.residual, max(bounds.error_bound, 0.5 * shortfall))
