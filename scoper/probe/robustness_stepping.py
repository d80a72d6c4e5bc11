"""How much of the planned policy's advantage is left under every disturbance, measured on fresh episodes.

The disturbance stands between the policy and the environment; the environment itself stays as it is, except where one
of its arguments is changed. All rows play the same seeds.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoper.baselines import Context, Task
from scoper.baselines._numbered import Acting, Numbered
from scoper.baselines._rollout import rollout
from scoper.baselines._vectors import Vector, actions_of, reader_of
from scoper.domain.empirical import EmpiricalModel, Planned
from scoper.domain.episodes import Episodes
from scoper.domain.robustness import Challenge, Level, RobustnessRow
from scoper.numerics.empirical_cells import Cells
from scoper.numerics.statistics import student_quantile

STEPS = {"quick": 3_000, "standard": 6_000, "long": 20_000}
LEAST, MOST = 20, 400
"""Episodes of one row, and timesteps after which no further one begins."""


@dataclass(frozen=True)
class Disturbance:
    """One row's change. delay: timesteps; noise: standard deviations, or share of observations that are another one."""

    challenge: Challenge
    words: str
    level: Level
    amount: float


def disturbances(model: EmpiricalModel, *, all_of_them: bool) -> Iterator[Disturbance]:
    """What is tried, the mild ones first; `all_of_them`: the strong ones too."""
    bins = model.coding == "bins"
    noise = (
        "noise of {} standard deviations on every component" if bins else "{} of observations are others seen before"
    )
    yield Disturbance("action_failure", "5 % of actions are random", "mild", 0.05)
    yield Disturbance("observation_noise", noise.format("0.05" if bins else "5 %"), "mild", 0.05)
    if bins:
        words = "every component's reading wanders off by up to 0.2 standard deviations over an episode"
    else:
        words = "the share of random actions grows from 0 to 10 % over an episode"
    yield Disturbance("drift", words, "mild", 0.2 if bins else 0.1)
    yield Disturbance("action_delay", "every action 1 timestep late", "moderate", 1)
    yield Disturbance("observation_delay", "every observation 1 timestep late", "moderate", 1)
    if all_of_them:
        yield Disturbance("action_failure", "20 % of actions are random", "strong", 0.2)
        yield Disturbance("stuck_action", "25 % of actions are the last one again", "strong", 0.25)
        yield Disturbance("observation_noise", noise.format("0.2" if bins else "20 %"), "strong", 0.2)
        yield Disturbance("action_delay", "every action 3 timesteps late", "strong", 3)
        yield Disturbance("observation_delay", "every observation 3 timesteps late", "strong", 3)


@dataclass
class Disturbed:
    """A numbered environment seen and moved through a disturbance; told as `Numbered` itself."""

    env: Numbered
    what: Disturbance | None
    model: EmpiricalModel
    rng: np.random.Generator
    idle: int | None = None
    limit: int = 1_000
    _actions: deque[int] = field(default_factory=deque)
    _seen: deque[Vector] = field(default_factory=deque)
    _last: int | None = None
    _bias: Any = None

    @property
    def timestep(self) -> int:
        """Timesteps since the reset."""
        return self.env.timestep

    @property
    def actions(self) -> Any:
        """The numbered actions."""
        return self.env.actions

    def reset(self, *, seed: int) -> tuple[Vector, Any]:
        """As the environment's."""
        vector, info = self.env.reset(seed=seed)
        self.rng = np.random.default_rng([seed, 7])
        self._last = None
        if self.what is not None:
            delay = int(self.what.amount)
            waiting = [self.idle] * delay if self.idle is not None else self._any(delay)
            self._actions = deque(waiting if self.what.challenge == "action_delay" else [])
            self._seen = deque([vector] * delay if self.what.challenge == "observation_delay" else [])
            self._bias = self.rng.choice([-1.0, 1.0], size=self.model.scale.size) * self.model.scale
        return self._view(vector), info

    def step(self, action: int) -> tuple[Vector, float, bool, bool, Any]:
        """As the environment's, the action and the observation being disturbed."""
        taken = self._take(action)
        vector, reward, terminated, truncated, info = self.env.step(taken)
        self._last = taken
        hurries = self.what is not None and self.what.challenge == "dynamics" and not (terminated or truncated)
        if hurries and self.what is not None and self.rng.random() < self.what.amount:
            vector, more, terminated, truncated, info = self.env.step(taken)
            reward += more
        return self._view(vector), reward, terminated, truncated, info

    def _take(self, action: int) -> int:
        if self.what is None:
            return action
        amount = self.what.amount
        match self.what.challenge:
            case "action_delay":
                self._actions.append(action)
                return self._actions.popleft()
            case "action_failure":
                return self._any(1)[0] if self.rng.random() < amount else action
            case "stuck_action":
                return self._last if self._last is not None and self.rng.random() < amount else action
            case "drift" if self.model.coding == "values":
                return self._any(1)[0] if self.rng.random() < amount * self._age else action
        return action

    def _view(self, vector: Vector) -> Vector:
        if self.what is None:
            return vector
        amount = self.what.amount
        match self.what.challenge:
            case "observation_delay":
                self._seen.append(vector)
                return self._seen.popleft()
            case "observation_noise" if self.model.coding == "bins":
                off = amount * self.model.scale * self.rng.standard_normal(self.model.scale.size)
                return tuple((np.asarray(vector) + off).tolist())
            case "observation_noise" if self.rng.random() < amount:
                return tuple(self.model.rows[int(self.rng.integers(len(self.model.rows)))].tolist())
            case "drift" if self.model.coding == "bins":
                return tuple((np.asarray(vector) + amount * self._age * self._bias).tolist())
        return vector

    @property
    def _age(self) -> float:
        """How much of the longest possible episode is over."""
        return min(1.0, self.env.timestep / max(self.limit, 1))

    def _any(self, n: int) -> list[int]:
        return [int(number) for number in self.rng.integers(len(self.env.actions), size=n)]


@dataclass
class Stepping:
    """The planned policy under disturbance. floor: mean and standard error of the best floor's return."""

    task: Task
    context: Context
    model: EmpiricalModel
    planned: Planned
    floor: tuple[float, float]
    idle: int | None = None

    @property
    def cost_steps(self) -> float:
        """Timesteps of one row, about."""
        length = float(self.planned.episodes.lengths.mean())
        return max(self._budget, LEAST * length)

    @property
    def _budget(self) -> int:
        return STEPS.get(self.context.plan.budget, STEPS["standard"])

    def row(self, what: Disturbance, make: Callable[[], Any] | None = None, actions: Any = None) -> RobustnessRow:
        """One row: fresh episodes under `what`, in another environment or with other actions where those are given."""
        maker = make or self.task.make_env
        assert maker is not None
        env = maker()
        known = list(self.model.actions) if actions is None else actions
        numbered = Numbered(env, self.task, reader_of(env.observation_space), known)
        limit = self.task.horizon or 1_000
        rng = np.random.default_rng(0)
        disturbed = Disturbed(
            numbered, what if make is None and actions is None else None, self.model, rng, self.idle, limit
        )
        cells = Cells(self.model.coding, self.model.rows, self.model.edges, self.model.centres, self.model.scale)
        policy = Acting(disturbed, cells.number, self.planned.actions)  # type: ignore[arg-type]
        episodes = rollout(
            disturbed,
            policy,
            self.context.seeds("robustness", MOST),
            discount=self.task.evaluation_discount,
            enough=lambda n, steps: n >= LEAST and steps >= self._budget,
        )
        env.close()
        return self._told(what, episodes)

    def _told(self, what: Disturbance, episodes: Episodes) -> RobustnessRow:
        """What is left, with the errors of all three means (the delta method)."""
        mean, error = _mean(episodes)
        best, best_error = _mean(self.planned.episodes)
        floor, floor_error = self.floor
        way = best - floor
        share = (mean - floor) / way
        spread = math.sqrt(error**2 + (share * best_error) ** 2 + ((1.0 - share) * floor_error) ** 2) / way
        half = student_quantile(0.975, max(episodes.returns.size - 1, 1)) * spread
        return RobustnessRow(
            challenge=what.challenge,
            strength=what.words,
            level=what.level,
            mean=mean,
            share=share,
            low=share - half,
            high=share + half,
            n=episodes.returns.size,
            basis="measured",
        )


def scaled_actions(actions: list[Any], space: Any, factor: float) -> list[Any] | None:
    """Actions of a box times `factor`, within the box; None for any other space."""
    from gymnasium import spaces

    if not isinstance(space, spaces.Box):
        return None
    return [np.clip(factor * np.asarray(a), space.low, space.high).astype(space.dtype) for a in actions]


def same_spaces(make: Callable[[], Any], model: EmpiricalModel) -> bool:
    """Whether an environment with other arguments has the same observations and actions."""
    env = make()
    fits = reader_of(env.observation_space).names == model.components
    fits = fits and len(actions_of(env.action_space)) == len(model.actions)
    env.close()
    return fits


def _mean(episodes: Episodes) -> tuple[float, float]:
    n = episodes.returns.size
    return float(episodes.returns.mean()), float(episodes.returns.std(ddof=1) / math.sqrt(n)) if n > 1 else 0.0
