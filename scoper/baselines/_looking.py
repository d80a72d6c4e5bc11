"""A first look by drawn actions: what observations and actions are like where a rule is to be searched."""

from __future__ import annotations

import numpy as np

from scoper.baselines import Context, Task
from scoper.baselines._numbered import Holding, Numbered
from scoper.baselines._rollout import rollout
from scoper.baselines._vectors import actions_of, reader_of
from scoper.domain.empirical import Steps


def look(task: Task, context: Context, purpose: str, n_steps: int) -> tuple[Numbered, Steps]:
    """The environment in vectors and action numbers, and about `n_steps` timesteps of drawn actions."""
    assert task.make_env is not None
    env = task.make_env()
    numbered = Numbered(env, task, reader_of(env.observation_space), actions_of(env.action_space))
    numbered.cut_after = n_steps
    seeds = context.seeds(f"{purpose}/look", n_steps + 1)
    acting = Holding(len(numbered.actions), np.random.default_rng(seeds[0]), hold=1.0)
    rollout(numbered, acting, seeds[1:], enough=lambda _, steps: steps >= n_steps)
    steps = numbered.steps()
    numbered.forget()
    numbered.cut_after = float("inf")
    return numbered, steps


def episode_length(steps: Steps) -> float:
    """Timesteps of an episode, on average."""
    return steps.size / max(1, len(steps.seeds))
