"""Environments of several seeds stepped in turn, in this process, and their observations and actions as plain arrays.

A lane is one environment of one seed. The environments are run as they are; what happens at the end of an episode is
what stable-baselines3's DummyVecEnv does: the next observation is that of a new episode, the last one is kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.baselines import Task
from scoper.numerics.ppo.layout import Law, Layout, Singles
from scoper.numerics.ppo.rollout import Flags

Numbers = NDArray[Any]
_LARGEST = 1024
"""Observations of more numbers, and more actions, are left to torch."""


@dataclass(frozen=True)
class Codec:
    """How observations become `n_inputs` numbers of `dtype`, and a learner's actions become an environment's.

    n_numbers: length of an action as the learner gives it; n_outputs: of what its network gives. dense: observations
    are numbers and not the index of one of `n_inputs` cases. first_state and first_action: the index of the first case.
    parts: of several actions at once, how many cases each has, and firsts the index of the first of each.
    """

    n_inputs: int
    dense: bool
    dtype: Any
    first_state: int
    n_outputs: int
    n_numbers: int
    first_action: int
    low: Numbers | None = None
    high: Numbers | None = None
    parts: tuple[int, ...] = ()
    firsts: Numbers | None = None

    def layout(self, hidden: tuple[int, ...], *, use_sde: bool) -> Layout:
        """The networks for these spaces."""
        return Layout(self.n_inputs, self.n_outputs, self.law(use_sde=use_sde), hidden, self.parts)

    def law(self, *, use_sde: bool) -> Law:
        """The law of actions."""
        if self.parts:
            return "multi"
        if self.low is None:
            return "categorical"
        return "sde" if use_sde else "gaussian"

    def write(self, observation: Any, row: Numbers) -> None:
        """Put an observation into `row` (n_inputs,)."""
        if self.dense:
            row[:] = observation if row.shape == np.shape(observation) else np.ravel(observation)
        else:
            row[:] = 0
            row[int(observation) - self.first_state] = 1

    def actions(self, chosen: Singles) -> list[list[Any]]:
        """What to hand to the environments: by seed and environment, for actions (S, N, n_numbers)."""
        if self.firsts is not None:
            return [list(row) for row in chosen.astype(np.int64) + self.firsts]
        if self.low is None:
            found: list[list[Any]] = (chosen[:, :, 0].astype(np.int64) + self.first_action).tolist()
            return found
        shaped = chosen.reshape(*chosen.shape[:2], *self.low.shape)
        return [list(row) for row in np.clip(shaped, self.low, self.high)]


def codec_of(observation: Any, action: Any) -> Codec | None:
    """The codec for two Gymnasium spaces; None where a small tanh network is not what stable-baselines3 would take."""
    from gymnasium import spaces

    if isinstance(observation, spaces.Box):
        picture = observation.dtype == np.uint8 and len(observation.shape) == 3
        n_inputs, dense, dtype, first_state = math.prod(observation.shape), True, observation.dtype, 0
        if picture:
            return None
    elif isinstance(observation, spaces.Discrete):
        n_inputs, dense, dtype, first_state = int(observation.n), False, np.float32, int(observation.start)
    else:
        return None
    parts: tuple[int, ...] = ()
    firsts: Numbers | None = None
    if isinstance(action, spaces.Discrete):
        n_outputs, n_numbers, first_action, low, high = int(action.n), 1, int(action.start), None, None
    elif isinstance(action, spaces.Box) and action.dtype.kind == "f":
        n_outputs = n_numbers = math.prod(action.shape)
        first_action, low, high = 0, action.low, action.high
    elif isinstance(action, spaces.MultiDiscrete) and action.nvec.ndim == 1:
        parts, firsts = tuple(int(n) for n in action.nvec), np.asarray(action.start, dtype=np.int64)
        n_outputs, n_numbers, first_action, low, high = sum(parts), len(parts), 0, None, None
    else:
        return None
    if not (0 < n_inputs <= _LARGEST and 0 < n_outputs <= _LARGEST):
        return None
    return Codec(n_inputs, dense, dtype, first_state, n_outputs, n_numbers, first_action, low, high, parts, firsts)


@dataclass(frozen=True)
class Moved:
    """One timestep of all lanes: observations (S, N, D), rewards and over (S, N).

    truncated: seed, lane and last observation of every episode that was cut short.
    """

    observations: Numbers
    rewards: Singles
    over: Flags
    truncated: Sequence[tuple[int, int, Numbers]]


class Lanes:
    """(S, N) environments; `seeds` are those of the first lane of every seed, the next lane's is one more."""

    def __init__(self, make: Callable[[], Any], codec: Codec, seeds: Sequence[int], n_envs: int) -> None:
        self._codec, self._n_envs, self._seeds = codec, n_envs, list(seeds)
        self._envs = [[make() for _ in range(n_envs)] for _ in seeds]
        self._allocate()

    def _allocate(self) -> None:
        shape = (len(self._envs), self._n_envs)
        self._observations: Numbers = np.zeros((*shape, self._codec.n_inputs), dtype=self._codec.dtype)
        self._rewards = np.zeros(shape, dtype=np.float32)
        self._over = np.zeros(shape, dtype=np.bool_)

    def reset(self) -> Numbers:
        """First observations (S, N, D)."""
        for seed, first in enumerate(self._seeds):
            for lane, env in enumerate(self._envs[seed]):
                self._codec.write(env.reset(seed=first + lane)[0], self._observations[seed, lane])
        return self._observations

    def step(self, chosen: Singles) -> Moved:
        """Step every lane with actions (S, N, A); the arrays are overwritten by the next call."""
        truncated = []
        write, observations, rewards, over = self._codec.write, self._observations, self._rewards, self._over
        for seed, actions in enumerate(self._codec.actions(chosen)):
            for lane, (env, action) in enumerate(zip(self._envs[seed], actions, strict=True)):
                observation, rewards[seed, lane], ended, cut, _ = env.step(action)
                over[seed, lane] = ended or cut
                row = observations[seed, lane]
                if ended or cut:
                    if cut and not ended:
                        write(observation, row)
                        truncated.append((seed, lane, row.copy()))
                    observation = env.reset()[0]
                write(observation, row)
        return Moved(observations, rewards, over, truncated)

    def keep(self, seeds: list[int]) -> None:
        """Close the environments of all other seeds; observations go on where they were."""
        for seed, envs in enumerate(self._envs):
            if seed not in seeds:
                _close(envs)
        self._envs = [self._envs[seed] for seed in seeds]
        before = self._observations[seeds]
        self._allocate()
        self._observations[:] = before

    def close(self) -> None:
        """Close all environments."""
        for envs in self._envs:
            _close(envs)


def _close(envs: Sequence[Any]) -> None:
    for env in envs:
        env.close()


@dataclass(frozen=True)
class Tried:
    """(S, N) returns of the episodes, (S,) their means and timesteps, and the owner's mean numbers where declared."""

    returns: NDArray[np.float64]
    means: NDArray[np.float64]
    steps: NDArray[np.int64]
    wanted: NDArray[np.float64] | None


class Trials:
    """Whole episodes, one per environment, with policies that act on all of them at once; for up to S seeds."""

    def __init__(self, make: Callable[[], Any], codec: Codec, task: Task, n_seeds: int, n_episodes: int) -> None:
        self._codec, self._task = codec, task
        self._envs = [[make() for _ in range(n_episodes)] for _ in range(n_seeds)]

    def run(self, act: Callable[[Numbers], Singles], seeds: Sequence[Sequence[int]], rows: Sequence[int]) -> Tried:
        """One episode for each of `seeds` (S by N), in the environments of these S rows.

        A seed that keeps its row keeps its environments: what one of them carries over a reset is its own business.
        """
        from scoper.baselines._rollout import owner_value

        task, n_episodes, envs = self._task, len(self._envs[0]), [self._envs[row] for row in rows]
        shape = (len(seeds), n_episodes)
        observations: Numbers = np.zeros((*shape, self._codec.n_inputs), dtype=self._codec.dtype)
        lanes = [(seed, lane) for seed in range(shape[0]) for lane in range(n_episodes)]
        for seed, lane in lanes:
            observation, _ = envs[seed][lane].reset(seed=int(seeds[seed][lane]))
            self._codec.write(observation, observations[seed, lane])
        totals, wanted, weight = np.zeros(shape), np.zeros(shape), 1.0
        lengths = np.zeros(shape, dtype=np.int64)
        while lanes:
            actions = self._codec.actions(act(observations))
            still = []
            for seed, lane in lanes:
                observation, reward, ended, cut, info = envs[seed][lane].step(actions[seed][lane])
                totals[seed, lane] += weight * float(reward)
                lengths[seed, lane] += 1
                wanted[seed, lane] = owner_value(wanted[seed, lane], info, task.objective)
                if not (ended or cut):
                    self._codec.write(observation, observations[seed, lane])
                    still.append((seed, lane))
            lanes, weight = still, weight * task.evaluation_discount
        declared = task.objective is not None and task.objective.info is not None
        return Tried(totals, totals.mean(axis=1), lengths.sum(axis=1), wanted.mean(axis=1) if declared else None)

    def close(self) -> None:
        """Close all environments."""
        for envs in self._envs:
            _close(envs)
