"""What the finite environments share: seeded steps from told outcomes, and the forms in which a state is shown.

A world says how it starts and what an action may lead to; episodes are drawn from that, and the proofs solve exactly
the same numbers. What the owner wants stands in step's info under `owner`, or nowhere (owner=None): the blind twin.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import gymnasium
import numpy as np
from gymnasium import spaces

State = tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """One thing that may happen: probability, the state after it, reward terms, what the owner gets, and the end."""

    chance: float
    state: State
    terms: dict[str, float]
    wanted: float = 0.0
    terminated: bool = False

    @property
    def reward(self) -> float:
        return float(sum(self.terms.values()))


class World(gymnasium.Env):
    """A finite world that is stepped; subclasses set `parts` and give `starts` and `outcomes`.

    parts: name to number of values of every component of the state. actions: number of actions, or several numbers.
    view: box (floats between 0 and 1), raw (floats as they are), discrete, multi or dict. hide: components that are not
    shown. scales: component to the factor it is shown with. told: whether the owner's number is that of the step, or
    the total so far; sense -1: told as a loss. ends_as: whether the time limit is told as truncated or,
    wrongly, as terminated.
    """

    parts: dict[str, int]
    actions: int | Sequence[int]
    metadata: ClassVar[dict[str, Any]] = {"render_modes": []}

    def __init__(
        self,
        *,
        limit: int | None = 50,
        view: str = "box",
        hide: Sequence[str] = (),
        scales: dict[str, float] | None = None,
        owner: str | None = "owner",
        told: str = "step",
        sense: float = 1.0,
        ends_as: str = "truncated",
        show_terms: bool = False,
        pay_scale: float = 1.0,
    ) -> None:
        self.limit, self.view, self.owner, self.told, self.sense = limit, view, owner, told, sense
        self.ends_as, self.show_terms, self.scales, self.pay_scale = ends_as, show_terms, scales or {}, pay_scale
        self.shown = [name for name in self.parts if name not in hide]
        self.action_space = (
            spaces.Discrete(self.actions) if isinstance(self.actions, int) else spaces.MultiDiscrete(list(self.actions))
        )
        self.observation_space = self._space()
        self._state: State = ()
        self._steps, self._total = 0, 0.0

    def starts(self) -> list[tuple[float, State]]:
        """Probability and state of every start."""
        raise NotImplementedError

    def outcomes(self, state: State, action: Any) -> list[Outcome]:
        """What may come of an action (a number, or a tuple of numbers)."""
        raise NotImplementedError

    def told_of(self, state: State, action: Any) -> list[Outcome]:
        """The outcomes that a step draws from."""
        return self.outcomes(state, action)

    def choices(self) -> list[Any]:
        """Every action, the last component running fastest."""
        if isinstance(self.actions, int):
            return list(range(self.actions))
        return list(itertools.product(*(range(n) for n in self.actions)))

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        starts = self.starts()
        self._state = starts[self._drawn([chance for chance, _ in starts])][1]
        self._steps, self._total = 0, 0.0
        return self.observe(self._state), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        taken = int(action) if isinstance(self.actions, int) else tuple(int(a) for a in action)
        found = self.told_of(self._state, taken)
        outcome = found[self._drawn([o.chance for o in found])]
        self._state, self._steps = outcome.state, self._steps + 1
        self._total += outcome.wanted
        late = self.limit is not None and self._steps >= self.limit and not outcome.terminated
        terminated = outcome.terminated or (late and self.ends_as == "terminated")
        truncated = late and self.ends_as == "truncated"
        info: dict[str, Any] = {}
        if self.owner is not None:
            info[self.owner] = self.sense * (outcome.wanted if self.told == "step" else self._total)
        if self.show_terms:
            info["reward_terms"] = {name: self.pay_scale * value for name, value in outcome.terms.items()}
        return self.observe(self._state), self.pay_scale * outcome.reward, terminated, truncated, info

    def observe(self, state: State) -> Any:
        """What is shown of a state."""
        values = [state[place] for place, name in enumerate(self.parts) if name in self.shown]
        sizes = [self.parts[name] for name in self.shown]
        if self.view == "discrete":
            return int(np.ravel_multi_index(values, sizes))
        if self.view == "multi":
            return np.array(values, dtype=np.int64)
        if self.view == "dict":
            return dict(zip(self.shown, values, strict=True))
        spans = [max(n - 1, 1) if self.view == "box" else 1 for n in sizes]
        factors = [self.scales.get(name, 1.0) for name in self.shown]
        return np.array([v / s * f for v, s, f in zip(values, spans, factors, strict=True)], dtype=np.float32)

    def _space(self) -> Any:
        sizes = [self.parts[name] for name in self.shown]
        if self.view == "discrete":
            return spaces.Discrete(int(np.prod(sizes)))
        if self.view == "multi":
            return spaces.MultiDiscrete(sizes)
        if self.view == "dict":
            return spaces.Dict({name: spaces.Discrete(self.parts[name]) for name in self.shown})
        tops = [1.0 if self.view == "box" else n - 1.0 for n in sizes]
        tops = [max(t, 1e-6) * self.scales.get(name, 1.0) for t, name in zip(tops, self.shown, strict=True)]
        return spaces.Box(np.zeros(len(tops), dtype=np.float32), np.array(tops, dtype=np.float32), dtype=np.float32)

    def _drawn(self, chances: list[float]) -> int:
        if len(chances) == 1:
            return 0
        place = int(np.searchsorted(np.cumsum(chances), self.np_random.random(), side="right"))
        return min(place, len(chances) - 1)


def sure(state: State, terms: dict[str, float], wanted: float = 0.0, terminated: bool = False) -> list[Outcome]:
    """The single outcome of an action without chance."""
    return [Outcome(1.0, state, terms, wanted, terminated)]


def held(value: int, size: int) -> int:
    """The value held between 0 and size - 1."""
    return min(max(value, 0), size - 1)
