"""One and the same action at every timestep, the best one of them all.

On a table every action is measured exactly. By stepping, the best is chosen on one set of seeds and reported on
another, so that choosing does not flatter it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._effort import affordable_steps, enough_episodes
from scoper.baselines._exact import action_label, exact_outcome, where_available
from scoper.baselines._rollout import rollout, sampled_outcome
from scoper.domain.episodes import joined

_CANDIDATES = 24
_CHOICE_EPISODES = 8
_LEAST_EPISODES, _REPORT_EPISODES = 10, 1000
_STEPS = 20_000
_SHARE = 0.08


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    if task.table is not None:
        outcomes = [
            exact_outcome(task, where_available(task, action), f"always {action_label(task, action)}")
            for action in range(task.table.n_actions)
        ]
        return {"constant": max(outcomes, key=lambda outcome: outcome.summary.mean)}
    return {"constant": _sampled(task, context)}


def _sampled(task: Task, context: Context) -> Outcome:
    assert task.make_env is not None
    env = task.make_env()
    candidates = constant_actions(env.action_space)
    choice = context.seeds("constant/choice", _CHOICE_EPISODES)
    share = max(1, _STEPS // len(candidates))
    within = min(share, affordable_steps(task, context, _SHARE) / len(candidates))
    tried = [
        rollout(
            env,
            _always(action),
            choice,
            discount=task.evaluation_discount,
            enough=lambda _, steps: steps >= within,
        )
        for action in candidates
    ]
    best = candidates[int(np.argmax([float(episodes.returns.mean()) for episodes in tried]))]
    episodes = rollout(
        env,
        _always(best),
        context.seeds("constant/report", _REPORT_EPISODES),
        discount=task.evaluation_discount,
        objective=task.objective,
        enough=enough_episodes(task, context, _LEAST_EPISODES, _STEPS, _SHARE),
    )
    env.close()
    words = np.asarray(best).round(4).tolist()
    outcome = sampled_outcome(episodes, f"always {words}, the best of {len(candidates)} constant actions tried")
    return replace(outcome, tried=functools.reduce(joined, tried))


def _always(action: Any) -> Callable[[Any], Any]:
    return lambda _: action


def constant_actions(space: Any) -> list[Any]:
    """At most 24 constant actions: all of a finite space, or middle, corners and one-sided extremes of a box."""
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        n = int(space.n)
        return [int(space.start) + i for i in np.unique(np.linspace(0, n - 1, min(n, _CANDIDATES)).astype(int))]
    if isinstance(space, spaces.Box):
        return _box_actions(space)
    generator_seeds = range(_CANDIDATES // 2)
    return [_seeded_sample(space, seed) for seed in generator_seeds]


def _box_actions(space: Any) -> list[Any]:
    low = np.where(np.isfinite(space.low), space.low, -1.0).astype(space.dtype)
    high = np.where(np.isfinite(space.high), space.high, 1.0).astype(space.dtype)
    middle = ((low.astype(np.float64) + high) / 2).astype(space.dtype)
    actions = [middle, low, high]
    for index in range(min(low.size, (_CANDIDATES - 3) // 2)):
        for bound in (low, high):
            one_sided = middle.copy()
            one_sided.flat[index] = bound.flat[index]
            actions.append(one_sided)
    distinct: dict[bytes, Any] = {action.tobytes(): action for action in actions}
    return list(distinct.values())


def _seeded_sample(space: Any, seed: int) -> Any:
    space.seed(seed)
    return space.sample()


BASELINE = Baseline(
    id="constant",
    kind="floor",
    summary="The best single action, repeated.",
    applies_to=lambda task: task.table is not None or task.make_env is not None,
    run=_run,
)
