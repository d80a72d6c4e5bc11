"""Twin delayed deterministic policy gradient (Fujimoto et al. 2018): continuous actions; after soft actor-critic."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    from scoper.baselines._deep import train

    return train("td3", task, context)


BASELINE = Baseline(
    id="td3",
    kind="learner",
    summary="Twin delayed DDPG, a value-based learner for continuous actions.",
    applies_to=lambda task: task.is_deep and task.action_kind == "continuous",
    run=_run,
    extra="deep",
    fallback=4,
)
