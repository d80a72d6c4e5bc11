"""Soft actor-critic (Haarnoja et al. 2018): few timesteps, much computing each; when policy gradients show nothing."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    from scoper.baselines._deep import train

    return train("sac", task, context)


BASELINE = Baseline(
    id="sac",
    kind="learner",
    summary="Soft actor-critic, a value-based learner for continuous actions.",
    applies_to=lambda task: task.is_deep and task.action_kind == "continuous",
    run=_run,
    extra="deep",
    fallback=2,
)
