"""Deep Q-learning (Mnih et al. 2015): for finite actions, when policy gradients have shown nothing."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    from scoper.baselines._deep import train

    return train("dqn", task, context)


BASELINE = Baseline(
    id="dqn",
    kind="learner",
    summary="Deep Q-learning, a value-based learner for finite actions.",
    applies_to=lambda task: task.is_deep and task.action_kind == "discrete",
    run=_run,
    extra="deep",
    fallback=2,
)
