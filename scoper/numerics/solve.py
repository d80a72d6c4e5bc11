"""Exact optima of a finite MDP: value iteration, policy iteration, backward induction.

The optimality equation is v(s) = max_a [r(s, a) + discount * sum_s' p(s'|s, a) v(s')], the sum running over
transitions after which the episode goes on (Puterman 2005, equation 6.2.1). Every solution carries a proved bound of
its error; one that did not converge cannot be read as an optimum. With a discount of 1 the MDP is first made into a
stochastic shortest path (`scoper.numerics.undiscounted`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.errors import InputError, ProbeError, Problem
from scoper.numerics import compiled as machine
from scoper.numerics.bounds import close_enough, enclose_discounted, enclose_undiscounted, scale_of
from scoper.numerics.kernel import Kernel, kernel_of
from scoper.numerics.linear import DENSE_STATES
from scoper.numerics.plain import PARTIAL_SWEEPS, Aim, Found, Search, improve, modify, settle, sweep
from scoper.numerics.undiscounted import ShortestPath, lift, shortest_path

FEW_ENTRIES = 500
"""Below so many transitions numpy answers within a millisecond or so."""
SMALL_STATES = 300
MOST_ROUNDS = 20_000
PLAIN_WORK = 60_000_000.0
"""Entries that numpy may read before compiled kernels are asked for: about what numba takes to start (0.4 s)."""
MAX_CELLS = 100_000_000
"""Backward induction keeps a value and an action for every timestep and state; this many are about 1.6 GB."""


@dataclass(frozen=True)
class Solution:
    """value (S,) and policy (S,) of an MDP without time limit.

    |value - optimal value| <= error_bound in every state, rounding included. The policy's own value is within twice
    that of the optimum. converged: error_bound is at most the tolerance times the largest reward or value. reason: why
    it did not converge. choice: why this method. value is -inf where every policy loses without end.
    """

    value: Floats
    policy: Ints
    method: str
    converged: bool
    iterations: int
    residual: float
    error_bound: float
    reason: str = ""
    choice: str = ""

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


def solve(
    mdp: TabularMdp,
    *,
    discount: float | None = None,
    tolerance: float = 1e-9,
    absolute: float | None = None,
    reward: Floats | None = None,
    compiled: bool | None = None,
) -> Solution:
    """The optimum by the method that suits the instance; `method` and `choice` say which and why.

    The error bound is at most `tolerance` times the largest reward or value, or at most `absolute` where that is given.
    `reward` (N,) replaces the MDP's own. Compiled kernels are used where they pay for their start (0.5 s), or are in
    memory already; `compiled` asks for them or refuses them. Without discount they are asked for large MDPs only.
    """
    gamma, aim = _discount(mdp, discount), Aim(tolerance, absolute)
    if gamma == 1.0:
        with machine.refused(compiled is False):
            return _certain_of(mdp, aim, reward)
    if compiled or (compiled is None and mdp.successor.size >= FEW_ENTRIES and machine.loaded()):
        return _by_portfolio(mdp, gamma, aim, reward)
    helped = compiled is None and machine.available()
    plain = _plainly(mdp, gamma, aim, reward, most=PLAIN_WORK if helped else math.inf)
    return _by_portfolio(mdp, gamma, aim, reward) if helped and not plain.converged else plain


def _certain_of(mdp: TabularMdp, aim: Aim, reward: Floats | None) -> Solution:
    """Without discount: policy iteration; where that is not certified, value iteration. Large ones are swept first."""
    kernel, choice = kernel_of(mdp, reward), "no discount: bounds come from a shortest path"
    if mdp.n_states > DENSE_STATES and machine.worthwhile(kernel.successor.size):
        swept = replace(_search(mdp, kernel, "ordered Gauss-Seidel", settle, 1.0, aim, MOST_ROUNDS), choice=choice)
        if swept.converged or not swept.iterations:
            return swept
        choice = "Gauss-Seidel was not certified"
    first = replace(_search(mdp, kernel, "policy iteration", improve, 1.0, aim, 1_000), choice=choice)
    if first.converged or not first.iterations:
        return first
    second = _search(mdp, kernel, "value iteration", sweep, 1.0, aim, 200_000)
    return replace(second, choice="policy iteration was not certified") if second.converged else first


def _plainly(mdp: TabularMdp, gamma: float, aim: Aim, reward: Floats | None, most: float) -> Solution:
    """With numpy alone, reading no more than `most` entries in many states."""
    kernel = kernel_of(mdp, reward)
    if mdp.n_states <= SMALL_STATES:
        choice = f"{mdp.n_states} states: dense equations are cheap"
        return replace(_search(mdp, kernel, "policy iteration", improve, gamma, aim, 1_000), choice=choice)
    share = PARTIAL_SWEEPS / max(1.0, kernel.origin.size / mdp.n_states)
    rounds = max(1, int(min(MOST_ROUNDS, most / max(1.0, kernel.successor.size * (1.0 + share)))))
    search = modify if most == math.inf else partial(modify, try_until=max(3, rounds // 2))
    swept = _search(mdp, kernel, "modified policy iteration", search, gamma, aim, rounds)
    if swept.converged or most < math.inf:
        return replace(swept, choice=f"sweeps settled within {swept.iterations} rounds")
    solved = _search(mdp, kernel, "policy iteration", improve, gamma, aim, 1_000)
    return replace(solved if solved.converged else swept, choice="plain sweeps did not settle")


def _by_portfolio(mdp: TabularMdp, gamma: float, aim: Aim, reward: Floats | None) -> Solution:
    from scoper.numerics.compact import compact_of
    from scoper.numerics.portfolio import run

    compact = compact_of(mdp, reward)
    answer = run(compact, gamma, aim)
    pairs = answer.pairs if compact.origin is None else compact.origin[answer.pairs]
    converged = close_enough(answer.error_bound, answer.goal)
    reason = "" if converged else f"error bound {answer.error_bound:.3g}, wanted {answer.goal:.3g}"
    return Solution(
        answer.value,
        pairs % mdp.n_actions,
        answer.method,
        converged,
        answer.iterations,
        answer.residual,
        answer.error_bound,
        reason,
        answer.choice,
    )


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
    gamma, kernel = _discount(mdp, discount), kernel_of(mdp, reward)
    return _search(mdp, kernel, "value iteration", sweep, gamma, Aim(tolerance), max_iterations)


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
    gamma, kernel = _discount(mdp, discount), kernel_of(mdp, reward)
    if gamma < 1.0 and mdp.n_states > DENSE_STATES:
        return _search(mdp, kernel, "modified policy iteration", modify, gamma, Aim(tolerance), max_iterations)
    return _search(mdp, kernel, "policy iteration", improve, gamma, Aim(tolerance), max_iterations)


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


def _search(
    mdp: TabularMdp, kernel: Kernel, method: str, search: Search, gamma: float, aim: Aim, max_iterations: int
) -> Solution:
    if gamma < 1.0:
        found = search(kernel, lambda k, v: enclose_discounted(k, v, gamma), gamma, aim, max_iterations, None)
        goal = aim.goal(scale_of(kernel, found.value))
        return _solution(kernel, mdp.n_actions, method, found, found.value, found.pairs, goal)
    problem = shortest_path(kernel)
    if problem.obstacle:
        return _unsolved(mdp, kernel, method, problem)
    found = search(problem.kernel, enclose_undiscounted, 1.0, aim, max_iterations, problem.proper)
    value, pairs = lift(problem, found.value, found.pairs)
    return _solution(
        kernel, mdp.n_actions, method, found, value, pairs, aim.goal(scale_of(problem.kernel, found.value))
    )


def _unsolved(mdp: TabularMdp, kernel: Kernel, method: str, problem: ShortestPath) -> Solution:
    policy = kernel.origin[kernel.first_pair[:-1]] % mdp.n_actions
    nothing = np.full(mdp.n_states, np.nan)
    return Solution(nothing, policy, method, False, 0, float("inf"), float("inf"), problem.obstacle)


def _solution(
    kernel: Kernel, n_actions: int, method: str, found: Found, value: Floats, pairs: Ints, goal: float
) -> Solution:
    converged = close_enough(found.error_bound, goal)
    policy = kernel.origin[pairs] % n_actions
    reason = "" if converged else f"error bound {found.error_bound:.3g}, wanted {goal:.3g}"
    return Solution(value, policy, method, converged, found.iterations, found.residual, found.error_bound, reason)
