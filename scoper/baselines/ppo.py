"""Proximal policy optimisation (Schulman et al. 2017): learns from any observations, for any actions."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    from scoper.baselines._deep import train

    return train("ppo", task, context)


BASELINE = Baseline(
    id="ppo",
    kind="learner",
    summary="Proximal policy optimisation, a policy-gradient learner.",
    applies_to=lambda task: task.is_deep,
    run=_run,
    extra="deep",
)
