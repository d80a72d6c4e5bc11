"""Advantage actor-critic (Mnih et al. 2016): policy gradients without a memory of what was seen; tried last."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    from scoper.baselines._deep import train

    return train("a2c", task, context)


BASELINE = Baseline(
    id="a2c",
    kind="learner",
    summary="Advantage actor-critic, a policy-gradient learner.",
    applies_to=lambda task: task.is_deep,
    run=_run,
    extra="deep",
    fallback=5,
)
