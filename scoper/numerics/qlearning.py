"""Tabular Q-learning (Watkins and Dayan 1992) as the probe asks for it: arrays in, values and true curve out.

The standard plan of `scoper.numerics.learning`, with the discount that learns being another one than the discount that
judges, if need be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.numerics.learning.learn import learn
from scoper.numerics.learning.standard import standard_plan, suggested_steps

__all__ = ["QLearning", "q_learning", "suggested_steps"]

OnEvaluation = Callable[[int, int, float], None]


@dataclass(frozen=True)
class QLearning:
    """What was learned, per seed: q (n_seeds, S, A) and policy (n_seeds, S), greedy in q.

    steps (n_evaluations,): timesteps of one seed at each evaluation. returns (n_seeds, n_evaluations): the true return
    of the greedy policy then, from the start distribution. q is -inf where an action is not available.
    """

    q: Floats
    policy: Ints
    steps: Ints
    returns: Floats


def q_learning(
    mdp: TabularMdp,
    *,
    steps: int,
    seeds: Sequence[int],
    discount: float,
    horizon: int | None,
    n_evaluations: int = 20,
    on_evaluation: OnEvaluation | None = None,
    criterion_discount: float | None = None,
) -> QLearning:
    """Learn for `steps` timesteps per seed, epsilon-greedy, with `discount`; episodes are truncated at `horizon`.

    The evaluations are evenly spaced. They count the return within `horizon`, undiscounted; without a horizon the
    return discounted by `discount`; `criterion_discount` overrides the discount of the evaluation. `on_evaluation`
    is called with seed index, timesteps and true return. Without a horizon episodes restart now and then, as if
    truncated. A discount of 1 is learned as a little less, see `standard.learning_discount`.
    """
    plan = standard_plan(
        "q_learning", discount=discount, horizon=horizon, steps=steps, n_evaluations=max(1, n_evaluations)
    )
    criterion = criterion_discount if criterion_discount is not None else 1.0 if horizon is not None else discount
    run = learn(mdp, plan, seeds, horizon=horizon, criterion_discount=criterion, on_evaluation=on_evaluation)
    return QLearning(run.table, run.policy, run.steps, run.returns)
