"""What a learner must know of a task before it is set up: the form of observations, masks, sizes of what it sees.

Only the child imports this, after an environment was made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from scoper.baselines import Apart, Task
from scoper.probe.seen import Seen

_GOALS = ("observation", "achieved_goal", "desired_goal")
_MASK_EPISODES, _MASK_STEPS = 3, 50


def with_forms(
    task: Task,
    make: Callable[[], Any],
    seen: Seen,
    magnitudes: NDArray[np.float64] | None,
    apart: Apart,
    seeds: Sequence[int],
) -> Task:
    """The task with what decides about a deep learner's settings; the same task where none is needed.

    magnitudes (d,): the largest absolute value of every component of a vector; seeds: at least three.
    """
    if not task.is_deep:
        return task
    env = make()
    found = replace(
        task,
        form=form_of(env),
        masks=task.action_kind == "discrete" and forbids(env, seeds[:_MASK_EPISODES]),
        magnitudes=() if magnitudes is None else tuple(float(size) for size in magnitudes),
        largest_reward=None if seen.reward_low > seen.reward_high else max(abs(seen.reward_low), abs(seen.reward_high)),
        apart=apart,
    )
    env.close()
    return found


def form_of(env: Any) -> Literal["vector", "picture", "mixed", "goal"]:
    """What the observations of `env` look like to a network; pictures are those that convolutions can take."""
    from gymnasium import spaces

    space = env.observation_space
    if isinstance(space, spaces.Dict):
        has_goals = all(name in space.spaces for name in _GOALS) and env.has_wrapper_attr("compute_reward")
        return "goal" if has_goals else "mixed"
    if isinstance(space, spaces.Box) and space.dtype == np.uint8 and len(space.shape) == 3:
        return "picture" if min(sorted(space.shape)[-2:]) >= _SMALLEST else "vector"
    return "vector"


_SMALLEST = 36
"""Shorter sides are less than stable-baselines3's convolutions take."""


def forbids(env: Any, seeds: Sequence[int]) -> bool:
    """Whether a mask that forbids an action is told within a few episodes of allowed random actions."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        _, info = env.reset(seed=int(seed))
        for _ in range(_MASK_STEPS):
            mask = _mask(env, info)
            if mask is None:
                return False
            if not mask.all():
                return True
            allowed = np.flatnonzero(mask)
            action = int(rng.choice(allowed)) + int(env.action_space.start)
            _, _, terminated, truncated, info = env.step(action)
            if terminated or truncated:
                break
    return False


def _mask(env: Any, info: Any) -> NDArray[np.bool_] | None:
    """The mask of actions, of `action_masks()` or of info['action_mask']; None where there is none that fits."""
    told = env.get_wrapper_attr("action_masks")() if env.has_wrapper_attr("action_masks") else info.get("action_mask")
    if told is None:
        return None
    mask = np.asarray(told).astype(bool).ravel()
    return mask if mask.size == int(env.action_space.n) else None
