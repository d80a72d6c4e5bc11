"""Whole episodes with a trained policy of stable-baselines3: scaled observations, action masks, memory.

One episode per seed, all of them in lockstep, so that one prediction serves all; a policy with memory keeps one state
per episode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.baselines import Task
from scoper.baselines._rows import Algorithm

Floats = NDArray[np.float64]


class Player:
    """The most likely actions of `model`, for some of the episodes that run."""

    def __init__(self, algorithm: Algorithm, model: Any, envs: Any) -> None:
        self._algorithm, self._model, self._envs = algorithm, model, envs
        self._scales = hasattr(envs, "normalize_obs")
        self._states: list[NDArray[Any]] | None = None

    def begin(self) -> None:
        """Forget the episodes before."""
        self._states = None

    def act(self, observations: Any, running: Sequence[int], n_episodes: int, envs: Sequence[Any]) -> Any:
        """Actions of the episodes `running` (positions among `n_episodes`), whose environments are `envs`."""
        if self._scales:
            observations = self._envs.normalize_obs(observations)
        if self._algorithm == "maskable_ppo":
            masks = np.stack([np.asarray(env.get_wrapper_attr("action_masks")(), dtype=bool) for env in envs])
            return self._model.predict(observations, deterministic=True, action_masks=masks)[0]
        if self._algorithm == "recurrent_ppo":
            return self._remembering(observations, list(running), n_episodes)
        return self._model.predict(observations, deterministic=True)[0]

    def _remembering(self, observations: Any, running: list[int], n_episodes: int) -> Any:
        begins = self._states is None
        given = None if self._states is None else tuple(state[:, running] for state in self._states)
        starts = np.full(len(running), begins)
        actions, after = self._model.predict(observations, given, starts, deterministic=True)
        if self._states is None:
            self._states = [np.zeros((part.shape[0], n_episodes, part.shape[2]), part.dtype) for part in after]
        for state, part in zip(self._states, after, strict=True):
            state[:, running] = part
        return actions


class Evaluation:
    """One episode per seed, all of them in lockstep."""

    def __init__(self, make: Callable[[], Any], task: Task, seeds: Sequence[int]) -> None:
        self._envs = [make() for _ in seeds]
        self._seeds = [int(seed) for seed in seeds]
        self._task = task
        self.steps = 0

    def run(self, player: Player) -> tuple[Floats, float | None]:
        """(n,) returns, and the owner's mean number where an info key is declared; counts `steps`."""
        from scoper.baselines._rollout import owner_value

        observations = [env.reset(seed=seed)[0] for env, seed in zip(self._envs, self._seeds, strict=True)]
        n_episodes = len(self._envs)
        totals, wanted = np.zeros(n_episodes), np.zeros(n_episodes)
        weight, running = 1.0, list(range(n_episodes))
        player.begin()
        while running:
            envs = [self._envs[i] for i in running]
            actions = player.act(_stack([observations[i] for i in running]), running, n_episodes, envs)
            still = []
            self.steps += len(running)
            for i, action in zip(running, actions, strict=True):
                observations[i], reward, terminated, truncated, info = self._envs[i].step(_plain_action(action))
                totals[i] += weight * float(reward)
                wanted[i] = owner_value(wanted[i], info, self._task.objective)
                if not (terminated or truncated):
                    still.append(i)
            running, weight = still, weight * self._task.evaluation_discount
        declared = self._task.objective is not None and self._task.objective.info is not None
        return totals, float(wanted.mean()) if declared else None

    def close(self) -> None:
        """Close the environments."""
        for env in self._envs:
            env.close()


def _stack(observations: Sequence[Any]) -> Any:
    if isinstance(observations[0], Mapping):
        return {key: np.stack([np.asarray(o[key]) for o in observations]) for key in observations[0]}
    return np.stack([np.asarray(o) for o in observations])


def _plain_action(action: Any) -> Any:
    return int(action) if np.ndim(action) == 0 else action
