"""What all tabular learners share: the standard plan on the table, many seeds, exact returns, a true curve."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np

from scoper.baselines import Baseline, Context, Floats, Outcome, Task, batch_seeds
from scoper.baselines._exact import exact_value, where_available
from scoper.baselines._rollout import interval_summary
from scoper.domain.probe import CurvePoint, LearningCurve
from scoper.errors import ScoperError
from scoper.numerics.learning.plan import POLICY_LEARNERS, Learner
from scoper.numerics.learning.standard import PLANNING_COST, suggested_steps
from scoper.numerics.solve import backward_induction, policy_iteration, start_value

EVALUATIONS, PATIENCE = 20, 2
DiscountChoice = Callable[[Task, Context, int], float]


def planned_steps(learner: Learner, task: Task, context: Context) -> int:
    """Timesteps per seed: the plan's, else what suits the table times the effort, fewer where each costs more."""
    assert task.table is not None
    cost = PLANNING_COST if learner == "dyna_q" else 1
    return context.plan.learning_steps or round(suggested_steps(task.table) * max(1.0, context.effort)) // cost


def on_table(
    learner: Learner, task: Task, context: Context, choose_discount: DiscountChoice | None = None
) -> Mapping[str, Outcome]:
    """Learn on the task's table; `choose_discount` may look for another discount to learn with than the task's."""
    from scoper.numerics.learning.learn import learn
    from scoper.numerics.learning.standard import standard_plan

    assert task.table is not None
    steps = planned_steps(learner, task, context)
    started = time.monotonic()

    def enough(returns: Floats) -> bool:
        last = returns[:, -PATIENCE:]
        return task.goal is not None and last.shape[1] == PATIENCE and bool((last >= task.goal).all())

    def on_evaluation(seed: int, reached: int, value: float) -> None:
        number = context.batch.start + seed
        context.emit(CurvePoint(learner=learner, seed=number, steps=reached, of_steps=steps, mean_return=value))

    with context.own_work():
        discount = task.discount
        if choose_discount:  # pilots cost as much as a seed: once a probe, not once a batch
            key = f"{learner}/discount/{steps}"
            discount = context.memory.setdefault(key, None) or choose_discount(task, context, steps)
            context.memory[key] = discount
        run = learn(
            task.table,
            standard_plan(learner, discount=discount, horizon=task.horizon, steps=steps, n_evaluations=EVALUATIONS),
            batch_seeds(context, learner),
            horizon=task.horizon,
            criterion_discount=task.evaluation_discount,
            on_evaluation=on_evaluation,
            enough=enough,
        )
        policies = run.policies()
        samples = tuple(exact_value(task, policy) for policy in policies)
    seconds = time.monotonic() - started
    objective = None
    if task.objective_reward is not None:
        objective = float(np.mean([exact_value(task, policy, task.objective_reward) for policy in policies]))
    marks = tuple(int(mark) for mark in run.steps)
    curves = tuple(
        LearningCurve(learner=learner, seed=index, steps=marks, returns=tuple(float(value) for value in row))
        for index, row in zip(context.batch, run.returns, strict=True)
    )
    kind = "softmax policy" if learner in POLICY_LEARNERS else "greedy"
    taken = int(run.steps[-1])
    words = f"{kind} after {taken:,} timesteps a seed with discount {_discount_words(task, discount)}"
    words = f"{words}; exact return of each seed"
    found = Outcome(
        interval_summary(samples, words),
        samples,
        curves=curves,
        steps=len(samples) * taken,
        seconds=seconds,
        objective=objective,
        words=words,
        planned=steps,
    )
    return {learner: found}


def _discount_words(task: Task, discount: float) -> str:
    """The discount of learning, and why it is another than the spec's."""
    if discount == task.discount:
        return f"{discount:g}"
    return f"{discount:g} (the spec's is {task.discount:g}; in short trials this one earned more of the same return)"


def nothing_to_learn(task: Task) -> bool:
    """Whether some constant action is proved optimal: then no learner can show more than the floors do."""
    table = task.table
    assert table is not None
    floor = max(exact_value(task, where_available(task, action)) for action in range(table.n_actions))
    try:
        if task.horizon is not None:
            value = backward_induction(table, task.horizon, discount=task.evaluation_discount).value[0]
        else:
            value = policy_iteration(table, discount=task.evaluation_discount).optimum()
    except ScoperError:
        return False
    optimum = start_value(table, value)
    return optimum - floor <= 1e-9 * max(1.0, abs(optimum))


AFTER_Q_LEARNING: tuple[Learner, ...] = ("reinforce", "expected_sarsa", "sarsa", "actor_critic", "dyna_q")
"""In which order the others are tried. Measured on the problems of 48 to 12,600 pairs of tests/feasibility: where
Q-learning stays below the best floor, REINFORCE is above it most often, Dyna-Q errs as Q-learning does."""


def second_choice(learner: Learner, summary: str) -> Baseline:
    """A learner that is tried on a table when the ones before it showed nothing though something can be shown."""

    def run(task: Task, context: Context) -> Mapping[str, Outcome]:
        return {} if nothing_to_learn(task) else on_table(learner, task, context)

    return Baseline(
        id=learner,
        kind="learner",
        summary=summary,
        applies_to=lambda task: task.table is not None,
        run=run,
        fallback=1 + AFTER_Q_LEARNING.index(learner),
    )
