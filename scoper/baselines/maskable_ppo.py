"""PPO that draws only actions that may be taken (Huang and Ontanon 2022), where the environment tells of a mask."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    from scoper.baselines._deep import train

    return train("maskable_ppo", task, context)


BASELINE = Baseline(
    id="maskable_ppo",
    kind="learner",
    summary="Proximal policy optimisation with action masks.",
    applies_to=lambda task: task.is_deep and task.masks and task.action_kind in ("discrete", "product"),
    run=_run,
    extra="contrib",
    fallback=1,
)
