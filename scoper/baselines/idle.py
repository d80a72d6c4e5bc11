"""The action that its owner declared as doing nothing, at every timestep."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._effort import enough_episodes
from scoper.baselines._exact import action_label, exact_outcome, where_available
from scoper.baselines._rollout import rollout, sampled_outcome

_EPISODES = 100


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    if task.table is not None:
        number = int(task.idle_action)
        words = f"always {action_label(task, number)}, declared as doing nothing"
        return {"idle": exact_outcome(task, where_available(task, number), words)}
    assert task.make_env is not None
    env = task.make_env()
    space = env.action_space
    action = np.asarray(task.idle_action, dtype=space.dtype).reshape(space.shape)
    episodes = rollout(
        env,
        lambda _: action.item() if task.action_kind == "discrete" else action,
        context.seeds("idle", _EPISODES),
        discount=task.evaluation_discount,
        objective=task.objective,
        enough=enough_episodes(task, context, _EPISODES, 0),
    )
    env.close()
    return {"idle": sampled_outcome(episodes, f"always {action.tolist()}, declared as doing nothing")}


BASELINE = Baseline(
    id="idle",
    kind="floor",
    summary="The declared action that does nothing.",
    applies_to=lambda task: task.idle_action is not None and task.action_kind != "other",
    run=_run,
)
