"""The action with the highest expected immediate reward: looks no further than one timestep.

Ties are broken at random. Needs the table: by stepping, nobody knows an action's reward without taking it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._exact import exact_outcome, expected_rewards


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    rewards = expected_rewards(task)
    best = rewards.max(axis=1, keepdims=True)
    choices = rewards >= best - 1e-12 * np.maximum(1.0, np.abs(best))
    policy = choices / choices.sum(axis=1, keepdims=True)
    return {"myopic": exact_outcome(task, policy, "the highest expected immediate reward, ties at random")}


BASELINE = Baseline(
    id="myopic",
    kind="floor",
    summary="The action with the highest expected immediate reward.",
    applies_to=lambda task: task.table is not None,
    run=_run,
)
