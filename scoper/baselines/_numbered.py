"""An environment told in vectors and action numbers, which keeps every timestep and tells policies the time.

`rollout` plays its episodes as it plays any other: observations are tuples of numbers, actions are integers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoper.baselines import Task
from scoper.baselines._rollout import owner_value
from scoper.baselines._vectors import Reader, Vector
from scoper.domain.empirical import Steps, Trace
from scoper.domain.mdp import Objective
from scoper.domain.tabular import Floats, Ints

_NUMBER = (bool, int, float, np.bool_, np.integer, np.floating)
_MOST_TOLD = 24


def sign_of(objective: Objective | None) -> float:
    """1 where the owner's number is to be large, -1 where it is to be small."""
    return -1.0 if objective is not None and objective.direction == "minimise" else 1.0


@dataclass
class Numbered:
    """The environment `env` with its `actions` numbered.

    phase: who acts in the episodes that begin now. cut_after: timesteps after which an episode is left; the step that
    was left after is kept as one that goes on. keeps: whether timesteps are kept at all; where policies are only
    compared by their episodes nobody asks for them.
    """

    env: Any
    task: Task
    reader: Reader
    actions: Sequence[Any]
    phase: str = "random"
    cut_after: float = math.inf
    timestep: int = 0
    keeps: bool = True
    _columns: list[list[Any]] = field(default_factory=lambda: [[] for _ in range(9)])
    _told: list[Mapping[str, float]] = field(default_factory=list)
    _arrays: list[list[Any]] = field(default_factory=list)
    _seeds: list[int] = field(default_factory=list)
    _phases: list[str] = field(default_factory=list)
    _last: Vector = ()
    _wanted: float = 0.0

    @property
    def n_steps(self) -> int:
        """Timesteps kept so far."""
        return len(self._columns[0]) + sum(len(arrays[0]) for arrays in self._arrays)

    def reset(self, *, seed: int) -> tuple[Vector, Any]:
        """As the environment's."""
        observation, info = self.env.reset(seed=seed)
        self._last, self._wanted, self.timestep = self.reader.read(observation), 0.0, 0
        self._seeds.append(seed)
        self._phases.append(self.phase)
        return self._last, info

    def step(self, action: int) -> tuple[Vector, float, bool, bool, Any]:
        """As the environment's, the action being a number."""
        observation, reward, terminated, truncated, info = self.env.step(self.actions[action])
        after = self.reader.read(observation)
        self.timestep += 1
        if self.keeps:
            self._keep(action, after, reward, terminated, truncated, info)
        return after, reward, terminated, truncated or self.timestep >= self.cut_after, info

    def _keep(
        self, action: int, after: Vector, reward: float, terminated: bool, truncated: bool, info: Mapping[str, Any]
    ) -> None:
        """Add a row; the timestep was counted already."""
        wanted = owner_value(self._wanted, info, self.task.objective)
        row = (self._last, after, action, reward, wanted - self._wanted, terminated, truncated, self.timestep - 1)
        for column, value in zip(self._columns, (*row, len(self._seeds) - 1), strict=True):
            column.append(value)
        self._told.append(_numbers_in(info))
        self._last, self._wanted = after, wanted

    def steps(self, *, told: bool = True) -> Steps:
        """Everything that was kept; `told` false: without the infos' numbers, which take longest to put in columns."""
        if self._columns[0]:
            self._arrays.append([np.array(column) for column in self._columns])
            self._columns = [[] for _ in range(9)]
        whole = [np.concatenate(parts) for parts in zip(*self._arrays, strict=True)]
        self._arrays = [whole]
        before, after, action, reward, wanted, terminated, truncated, timestep, episode = whole
        return Steps(
            before=before.astype(np.float64),
            after=after.astype(np.float64),
            action=action.astype(np.int64),
            reward=reward.astype(np.float64),
            wanted=sign_of(self.task.objective) * wanted.astype(np.float64),
            terminated=terminated.astype(np.bool_),
            truncated=truncated.astype(np.bool_),
            timestep=timestep.astype(np.int64),
            episode=episode.astype(np.int64),
            seeds=tuple(self._seeds),
            phase=tuple(self._phases),
            told=_as_columns(self._told) if told else {},
        )

    def forget(self) -> None:
        """Keep nothing of what was so far."""
        self._columns, self._arrays, self._told = [[] for _ in range(9)], [], []
        self._seeds, self._phases = [], []


def _numbers_in(info: Any) -> dict[str, float]:
    """The numbers that an info holds, those of a mapping in it by both names."""
    found: dict[str, float] = {}
    for key, value in info.items():
        if isinstance(value, _NUMBER):
            found[str(key)] = float(value)
        elif isinstance(value, Mapping):
            found |= {f"{key}.{name}": float(each) for name, each in value.items() if isinstance(each, _NUMBER)}
    return found


def _as_columns(told: Sequence[Mapping[str, float]]) -> dict[str, Floats]:
    """Name to (n,), nan where a step left it out; the first names only, where there are many."""
    names = list(dict.fromkeys(name for row in told for name in row))[:_MOST_TOLD]
    return {name: np.array([row.get(name, math.nan) for row in told]) for name in names}


def traces_of(steps: Steps, *, declared: bool) -> tuple[Trace, ...]:
    """Every episode of `steps` as a trace; `declared`: the owner's number is known."""
    ends = [*steps.starts[1:].tolist(), steps.size]
    return tuple(
        Trace(
            seed=steps.seeds[int(steps.episode[start])],
            actions=tuple(steps.action[start:end].tolist()),
            total=float(steps.reward[start:end].sum()),
            wanted=float(steps.wanted[start:end].sum()) if declared else None,
            terminated=bool(steps.terminated[end - 1]),
        )
        for start, end in zip(steps.starts.tolist(), ends, strict=True)
    )


class Acting:
    """A policy for `Numbered` environments on cells: (S,) actions, or (H, S) by timestep.

    chance: share of timesteps at which the action is drawn instead.
    """

    def __init__(
        self,
        env: Numbered,
        number: Callable[[Sequence[float]], int],
        actions: Ints,
        rng: np.random.Generator | None = None,
        chance: float = 0.0,
    ) -> None:
        self._env, self._number, self._rng, self._chance = env, number, rng, chance
        self._rows: list[list[int]] = np.atleast_2d(actions).tolist()
        self._last = len(self._rows) - 1

    def __call__(self, vector: Vector) -> int:
        if self._rng is not None and self._rng.random() < self._chance:
            return int(self._rng.integers(len(self._env.actions)))
        return self._rows[min(self._env.timestep, self._last)][self._number(vector)]


class Exploring:
    """Takes the action of the highest worth (S, A), less what its own visits since then took from it.

    counts (S, A): how often every pair was tried when the worth was worked out. Equal ones are drawn from.
    """

    def __init__(
        self, number: Callable[[Sequence[float]], int], worth: Floats, counts: Ints, rng: np.random.Generator
    ) -> None:
        self._number, self._rng = number, rng
        news = 1.0 / np.sqrt(counts + 1.0)
        self._rest: list[list[float]] = (worth - news).tolist()
        self._news: list[list[float]] = news.tolist()
        self._counts: list[list[int]] = counts.tolist()

    def __call__(self, vector: Vector) -> int:
        cell = self._number(vector)
        worth = [rest + news for rest, news in zip(self._rest[cell], self._news[cell], strict=True)]
        most = max(worth)
        best = [action for action, value in enumerate(worth) if value >= most - 1e-9]
        action = best[0] if len(best) == 1 else best[int(self._rng.integers(len(best)))]
        if self._counts[cell][action] == 0:
            self._rest[cell][action] = min(self._rest[cell])
        self._counts[cell][action] += 1
        self._news[cell][action] = 1.0 / math.sqrt(self._counts[cell][action] + 1.0)
        return action


class Holding:
    """Actions at random, each held for a random number of timesteps: 1 or more, `hold` on average."""

    def __init__(self, n_actions: int, rng: np.random.Generator, hold: float) -> None:
        self._n, self._rng, self._leave = n_actions, rng, 1.0 / hold
        self._action = int(rng.integers(n_actions))

    def __call__(self, vector: Vector) -> int:
        if self._rng.random() < self._leave:
            self._action = int(self._rng.integers(self._n))
        return self._action
