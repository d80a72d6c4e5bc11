"""The exact optimum of a table, under the criterion that the returns are reported in, and beside it under others."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scoper.baselines import Task
from scoper.baselines._exact import exact_summary, exact_value
from scoper.domain.probe import ReturnSummary, SolutionSummary
from scoper.domain.tabular import Floats, TabularMdp
from scoper.errors import ProbeError, Problem
from scoper.numerics.kernel import kernel_of
from scoper.numerics.solve import Solution, backward_induction, policy_iteration, start_value, value_iteration
from scoper.numerics.solve import solve as solve_table

_SAME = 1e-9
_BOTH_METHODS = 1_500
"""Up to so many states a second method beside the reference costs less than a second."""


@dataclass(frozen=True)
class ExactSolution:
    """optimal, worst: the best and worst return of any policy, under the task's criterion.

    policy: optimal actions, (H, S) by timestep or (S,). returns: every optimum by name. objective_of_best: what the
    owner gets from `policy`; best_objective: the most that any policy gets. discounted_loss: see `Evidence`. shown
    (S,): actions that earn `optimal`; where only a policy by timestep does (timed), its actions at timestep 0.
    state_value (S,): the best return from every state on, at timestep 0.
    """

    optimal: float
    worst: float
    proved: bool
    policy: NDArray[np.int64]
    returns: dict[str, ReturnSummary]
    solutions: tuple[SolutionSummary, ...]
    objective_of_best: float | None = None
    best_objective: float | None = None
    discounted_loss: float | None = None
    shown: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    timed: bool = False
    state_value: Floats = field(default_factory=lambda: np.zeros(0))


def solve(task: Task, *, is_environment: bool) -> ExactSolution:
    """Solve the task's table; for an environment also without its time limit, discounted and undiscounted.

    Raises ProbeError when no method certifies the optimum.
    """
    table = task.table
    assert table is not None
    value, state_value, policy, solutions = _optimum(task, None)
    worst = _worst_return(task, table)
    words = "best of all policies, by timestep" if policy.ndim == 2 else "best of all policies"
    returns = {"optimal": exact_summary(table, value, words)}
    discounted = _solutions(table, task.discount, None)[-1] if task.discount < 1.0 else None
    if is_environment and discounted is not None:
        extra, more = _without_limit(table, task.discount, discounted)
        returns |= extra
        solutions += more
    objective = best_objective = None
    if task.objective_reward is not None:
        objective = exact_value(task, policy, task.objective_reward)
        best_objective = _best_return(task, task.objective_reward)
    return ExactSolution(
        value,
        worst,
        table.is_exact,
        policy,
        returns,
        solutions,
        objective,
        best_objective,
        _discounted_loss(task, discounted),
        *_shown(task, value, policy, discounted),
        state_value=state_value,
    )


def _shown(
    task: Task, value: float, policy: NDArray[np.int64], discounted: Solution | None
) -> tuple[NDArray[np.int64], bool]:
    """(S,) actions that earn `value` at every timestep and False, else the first row of the timed `policy` and True."""
    table = task.table
    assert table is not None
    if policy.ndim == 1 or len(policy) == 0:
        return policy.reshape(-1, table.n_states)[0], False
    candidates = [policy[0], *([discounted.policy] if discounted is not None and discounted.converged else [])]
    slack = _SAME * max(abs(value), float(np.abs(table.reward).max(initial=0.0)))
    for candidate in candidates:
        if exact_value(task, candidate) >= value - slack:
            return candidate, False
    return policy[0], True


def _worst_return(task: Task, table: TabularMdp) -> float:
    """The worst return; where it is not finite, the worst within the task's horizon."""
    value = _best_return(task, -table.reward)
    if value is not None:
        return -value
    kernel, worst = kernel_of(table, -table.reward), np.zeros(table.n_states)
    for _ in range(task.horizon or 0):
        worst = kernel.best(kernel.backup(worst, task.evaluation_discount))
    return -start_value(table, worst) if task.horizon else -math.inf


def _best_return(task: Task, reward: Floats) -> float | None:
    """The best return with `reward` (N,), None where it has no finite optimum that can be certified."""
    try:
        value, _, _, _ = _optimum(task, reward)
    except ProbeError:
        return None
    return value if math.isfinite(value) else None


def _optimum(task: Task, reward: Floats | None) -> tuple[float, Floats, NDArray[np.int64], tuple[SolutionSummary, ...]]:
    """The best return, and (S,) that of every state, under the task's criterion with `reward` (None: the table's own).

    A horizon that the table does not have limits only the policies that are followed, not the optimum.
    """
    table, discount = task.table, task.evaluation_discount
    assert table is not None
    if task.horizon is not None and table.horizon is not None:
        finite = backward_induction(table, task.horizon, discount=discount, reward=reward)
        value = start_value(table, finite.value[0])
        method = f"backward induction over {task.horizon:,} timesteps" + _discount_words(discount)
        summary = SolutionSummary(
            method=method,
            value=value,
            converged=True,
            iterations=task.horizon,
            residual=0.0,
            error_bound=finite.error_bound,
        )
        return value, finite.value[0], finite.policy, (summary,)
    found = _solutions(table, discount, reward)
    certain = [solution for solution in found if solution.converged]
    if not certain:
        raise ProbeError(
            Problem("not-converged", f"the optimum could not be certified: {found[-1].reason or 'bounds'}")
        )
    best = min(certain, key=lambda solution: solution.error_bound)
    return start_value(table, best.value), best.value, best.policy, _summaries(table, found, discount)


def _solutions(table: TabularMdp, discount: float, reward: Floats | None) -> list[Solution]:
    """Two methods side by side where both are cheap, else the one that suits the table; the last is the reference."""
    if table.n_states > _BOTH_METHODS:
        return [solve_table(table, discount=discount, reward=reward)]
    return [method(table, discount=discount, reward=reward) for method in (value_iteration, policy_iteration)]


def _without_limit(
    table: TabularMdp, discount: float, discounted: Solution
) -> tuple[dict[str, ReturnSummary], tuple[SolutionSummary, ...]]:
    returns: dict[str, ReturnSummary] = {}
    summaries = _summaries(table, [*_solutions(table, discount, None)[:-1], discounted], discount)
    if discounted.converged:
        value = start_value(table, discounted.value)
        returns["optimal_discounted"] = exact_summary(table, value, f"no time limit, discount {discount:g}")
    undiscounted = _solutions(table, 1.0, None)
    known = [solution for solution in undiscounted if solution.converged]
    if known:
        value = start_value(table, min(known, key=lambda solution: solution.error_bound).value)
        if math.isfinite(value):
            returns["optimal_undiscounted"] = exact_summary(table, value, "no time limit, no discount")
            summaries += _summaries(table, known, 1.0)
    return returns, summaries


def _discounted_loss(task: Task, discounted: Solution | None) -> float | None:
    """The share of the attainable undiscounted return within the limit that the discounted optimum loses."""
    table = task.table
    if discounted is None or not discounted.converged or task.horizon is None or table is None:
        return None
    from scoper.numerics.evaluate import evaluate

    best = start_value(table, backward_induction(table, task.horizon, discount=1.0).value[0])
    worst = -start_value(table, backward_induction(table, task.horizon, discount=1.0, reward=-table.reward).value[0])
    random = table.available / table.available.sum(axis=1, keepdims=True)
    floor = start_value(table, evaluate(table, random, discount=1.0, horizon=task.horizon))
    if task.evaluation_discount < 1.0:
        policy = backward_induction(table, task.horizon, discount=task.discount).policy
        mine = start_value(table, evaluate(table, policy, discount=1.0, horizon=task.horizon))
    else:
        mine = start_value(table, evaluate(table, discounted.policy, discount=1.0, horizon=task.horizon))
    reach = best - floor
    return (best - mine) / reach if reach > 1e-9 * max(1.0, abs(best), abs(worst)) else None


def _summaries(table: TabularMdp, solutions: list[Solution], discount: float) -> tuple[SolutionSummary, ...]:
    shown = []
    for solution in solutions:
        value = start_value(table, solution.value)
        if not (math.isfinite(value) and math.isfinite(solution.error_bound) and math.isfinite(solution.residual)):
            continue
        shown.append(
            SolutionSummary(
                method=f"{solution.method}{_discount_words(discount)}",
                value=value,
                converged=solution.converged,
                iterations=solution.iterations,
                residual=solution.residual,
                error_bound=solution.error_bound,
            )
        )
    return tuple(shown)


def _discount_words(discount: float) -> str:
    return ", undiscounted" if discount == 1.0 else f", discount {discount:g}"
