"""Episodes that are told step by step and replay: of a declarative spec as its process, of an environment by stepping.

A spec's episode is that of its generated environment with the same seed and actions, but needs no environment.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from scoper.baselines._numbered import sign_of
from scoper.baselines._rollout import owner_value
from scoper.domain.certificates import EpisodeTrace, TraceStep
from scoper.domain.mdp import MdpSpec, Objective
from scoper.domain.numbers import number
from scoper.domain.text import shown
from scoper.domain.wanted import Move
from scoper.modelling.layout import Quantity, code_of
from scoper.modelling.spec_env import Process, _action_values

MOST_STEPS, MOST_SHOWN = 10_000, 60
_COMPONENTS, _WORDS = 8, 160
PlainAction = Move | tuple[Move, ...]
Chooser = Callable[[Any, int], Any]
"""The action for an observation at a timestep; of a spec the observation is the state's number on its grid."""


class Player(Protocol):
    """Plays episodes of one problem; totals are discounted with `discount`. sign: -1 for an objective to be small."""

    discount: float

    @property
    def sign(self) -> float:
        """1 where the owner's number is to be large, or there is none."""

    def replay(self, seed: int, actions: Sequence[PlainAction], policy: str) -> EpisodeTrace:
        """The episode of a seed and its actions, until they are used up or it ends."""

    def play(self, seed: int, choose: Chooser, policy: str) -> EpisodeTrace:
        """An episode in which `choose` acts."""

    def rule(self, seed: int, name: str) -> EpisodeTrace | None:
        """An episode of a rule, one of `domain.wanted.RULES` or of the spec; None where there is no such rule."""


class _Told:
    """An episode as it is being told."""

    def __init__(self, policy: str, seed: int, discount: float) -> None:
        self.policy, self.seed, self.discount = policy, seed, discount
        self.actions: list[PlainAction] = []
        self.steps: list[TraceStep] = []
        self.total, self.weight = 0.0, 1.0

    def add(self, state: str, action: PlainAction, words: str, reward: float, terms: dict[str, float]) -> None:
        if len(self.steps) < MOST_SHOWN:
            self.steps.append(TraceStep(state=state, action=words, reward=reward, terms=terms))
        self.actions.append(action)
        self.total += self.weight * reward
        self.weight *= self.discount

    def trace(self, last: str, objective: float | None, *, terminated: bool, truncated: bool) -> EpisodeTrace:
        return EpisodeTrace(
            policy=self.policy,
            seed=self.seed,
            actions=tuple(self.actions),
            steps=tuple(self.steps),
            length=len(self.actions),
            last=last,
            total_reward=self.total,
            objective=objective,
            terminated=terminated,
            truncated=truncated,
        )


class SpecPlayer:
    """Of a declarative spec. Actions are written as in the spec: a number or word, or one for each variable."""

    def __init__(self, spec: MdpSpec, limit: int) -> None:
        self.spec, self.discount, self.limit = spec, spec.discount, min(limit, MOST_STEPS)
        self._process = Process(spec)
        self._layout = self._process.layout
        self._axes = [q.values if not q.is_real else _points(spec, q) for q in self._layout.states]
        self._choices = [q.choices for q in self._layout.actions]
        grid = np.meshgrid(*self._choices, indexing="ij")
        self._columns = [column.reshape(-1) for column in grid]

    @property
    def sign(self) -> float:
        """As the protocol says."""
        return sign_of(self.spec.objective)

    def replay(self, seed: int, actions: Sequence[PlainAction], policy: str) -> EpisodeTrace:
        """As the protocol says; raises ValueError for what is no action."""
        rows = [self._codes(action) for action in actions]
        return self._episode(seed, policy, lambda _, timestep: rows[timestep], len(rows))

    def play(self, seed: int, choose: Chooser, policy: str) -> EpisodeTrace:
        """`choose` gets the state's number on the grid and returns the action's."""

        def act(state: tuple[float, ...], timestep: int) -> tuple[float, ...]:
            number = int(choose(self.number_of(state), timestep))
            return tuple(float(column[number]) for column in self._columns)

        return self._episode(seed, policy, act, self.limit)

    def follow(self, seed: int, actions: Sequence[Any], policy: str) -> EpisodeTrace:
        """The episode of a seed and of actions as the generated environment takes them."""
        rows = [_action_values(self._layout, action) for action in actions]
        return self._episode(seed, policy, lambda _, timestep: rows[timestep], len(rows))

    def rule(self, seed: int, name: str) -> EpisodeTrace | None:
        """A baseline of the spec, or random; a spec has no action that does nothing."""
        if name in self.spec.baselines:

            def act(state: tuple[float, ...], _: int) -> tuple[float, ...]:
                parts = self._process.ruled(name, state)
                return tuple(
                    float(part) if q.is_real else float(q.values[int(part)])
                    for q, part in zip(self._layout.actions, parts, strict=True)
                )

            return self._episode(seed, name, act, self.limit)
        if name != "random":
            return None
        rng = np.random.default_rng([seed, 1])

        def draw(state: tuple[float, ...], _: int) -> tuple[float, ...]:
            allowed = np.flatnonzero(self._process.allows(state, self._columns))
            number = int(allowed[rng.integers(allowed.size)])
            return tuple(float(column[number]) for column in self._columns)

        return self._episode(seed, "random", draw, self.limit)

    def number_of(self, state: tuple[float, ...]) -> int:
        """The number of the grid's point that is nearest to the state."""
        places = [int(np.argmin(np.abs(axis - value))) for axis, value in zip(self._axes, state, strict=True)]
        return int(np.ravel_multi_index(places, [axis.size for axis in self._axes]))

    def _episode(self, seed: int, policy: str, act: Callable[[tuple[float, ...], int], Any], most: int) -> EpisodeTrace:
        rng = np.random.default_rng(seed)
        begun = self._process.begin(rng)
        state = tuple(begun[q.name] for q in self._layout.states)
        told, wanted, terminated, timestep = _Told(policy, seed, self.discount), 0.0, False, 0
        while timestep < min(most, self.limit) and not terminated:
            taken = self._allowed(state, act(state, timestep))
            weight = told.weight
            step = self._process.step(state, taken, rng)
            reward = float(sum(step.terms.values()))
            plain = self._plain(taken)
            words = _named(self._layout.actions, taken)
            told.add(_named(self._layout.states, state), plain, words, reward, dict(step.terms))
            wanted += weight * (step.objective or 0.0)
            state, terminated, timestep = step.state, step.terminated, timestep + 1
        objective = wanted if self.spec.objective is not None else None
        truncated = not terminated and timestep >= self.limit
        return told.trace(_named(self._layout.states, state), objective, terminated=terminated, truncated=truncated)

    def _allowed(self, state: tuple[float, ...], taken: tuple[float, ...]) -> tuple[float, ...]:
        """The action, or the first that is available where it is not: as the generated environment does."""
        if self._process.allows(state, [np.array([value]) for value in taken])[0]:
            return taken
        first = int(np.argmax(self._process.allows(state, self._columns)))
        return tuple(float(column[first]) for column in self._columns)

    def _codes(self, action: PlainAction) -> tuple[float, ...]:
        parts = action if isinstance(action, tuple) else (action,)
        if len(parts) != len(self._layout.actions):
            raise ValueError(f"{action!r} is no action: {len(self._layout.actions)} values are wanted")
        return tuple(code_of(q, part) for q, part in zip(self._layout.actions, parts, strict=True))

    def _plain(self, taken: tuple[float, ...]) -> PlainAction:
        parts = tuple(_value(q, value) for q, value in zip(self._layout.actions, taken, strict=True))
        return parts[0] if len(parts) == 1 else parts


@dataclass
class EnvPlayer:
    """Of a Gymnasium environment; `make` returns a new one whose episodes end. Actions are numbers, or one a part."""

    make: Callable[[], Any]
    objective: Objective | None
    idle: Any = None
    discount: float = 1.0

    @property
    def sign(self) -> float:
        """As the protocol says."""
        return sign_of(self.objective)

    def replay(self, seed: int, actions: Sequence[PlainAction], policy: str) -> EpisodeTrace:
        """As the protocol says; raises ValueError for what is no action."""
        return self._episode(
            seed, policy, lambda env: lambda _, timestep: restored(env, actions[timestep]), len(actions)
        )

    def play(self, seed: int, choose: Chooser, policy: str) -> EpisodeTrace:
        """`choose` gets what the environment shows and returns what it takes."""
        return self._episode(seed, policy, lambda _: choose, MOST_STEPS)

    def rule(self, seed: int, name: str) -> EpisodeTrace | None:
        """Random actions, or the declared one that does nothing."""
        if name == "idle" and self.idle is not None:
            idle = tuple(self.idle) if isinstance(self.idle, list | tuple) else self.idle
            return self._episode(seed, name, lambda env: lambda _, t: restored(env, idle), MOST_STEPS)
        if name != "random":
            return None

        def sampling(env: Any) -> Chooser:
            env.action_space.seed(seed)
            return lambda _, timestep: env.action_space.sample()

        return self._episode(seed, name, sampling, MOST_STEPS)

    def _episode(self, seed: int, policy: str, chooser: Callable[[Any], Chooser], most: int) -> EpisodeTrace:
        env = self.make()
        try:
            choose = chooser(env)
            observation, info = env.reset(seed=seed)
            told, wanted, ends, timestep = _Told(policy, seed, self.discount), 0.0, (False, False), 0
            while timestep < most and not any(ends):
                action = choose(observation, timestep)
                state = _words_of(observation, info)
                observation, reward, terminated, truncated, info = env.step(action)
                kept = plain(action)
                terms = _terms(info)
                told.add(state, kept, _action_words(kept), float(reward), terms)
                wanted = owner_value(wanted, info, self.objective)
                ends, timestep = (bool(terminated), bool(truncated)), timestep + 1
            objective = wanted if self.objective is not None else None
            return told.trace(_words_of(observation, info), objective, terminated=ends[0], truncated=ends[1])
        finally:
            env.close()


def plain(action: Any) -> PlainAction:
    """An environment's action as JSON holds it; raises ValueError for one that is not made of numbers."""
    array = np.asarray(action)
    if array.dtype.kind not in "biuf":
        raise ValueError("an action that is not made of numbers cannot be told")
    values = array.ravel().tolist()
    return (
        int(values[0])
        if array.ndim == 0 and array.dtype.kind in "biu"
        else (float(values[0]) if array.ndim == 0 else tuple(values))
    )


def restored(env: Any, action: PlainAction) -> Any:
    """An action as the environment takes it; raises ValueError for one that does not fit its space."""
    space = env.action_space
    parts = action if isinstance(action, tuple) else (action,)
    if any(isinstance(part, str) for part in parts):
        raise ValueError(f"{action!r} is no action: numbers are wanted")
    if not getattr(space, "shape", None):
        taken: Any = np.asarray(parts[0], dtype=getattr(space, "dtype", None) or np.int64)[()]
        taken = taken.item() if float(taken) == int(taken) and np.issubdtype(taken.dtype, np.integer) else taken
    else:
        taken = np.asarray(parts, dtype=space.dtype).reshape(space.shape)
    if not space.contains(taken):
        raise ValueError(f"{action!r} is no action of {shown(str(space))}")
    return taken


def _points(spec: MdpSpec, quantity: Quantity) -> Any:
    points = spec.state[quantity.name].points or 1
    return np.linspace(quantity.low, quantity.high, points)


def _value(quantity: Quantity, value: float) -> Move:
    if quantity.words:
        return quantity.words[int(np.argmin(np.abs(quantity.values - value)))]
    return int(value) if value == int(value) and not quantity.is_real else float(value)


def _named(quantities: Sequence[Quantity], values: Sequence[float]) -> str:
    parts = [f"{q.name}={_text(_value(q, value))}" for q, value in zip(quantities, values, strict=True)]
    return shown(", ".join(parts), _WORDS)


def _text(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.4g}"
    return str(value)


def _action_words(action: PlainAction) -> str:
    return ", ".join(map(_text, action)) if isinstance(action, tuple) else _text(action)


def _words_of(observation: Any, info: Any) -> str:
    """The state that info names, else the observation: its numbers, or its shape where they are many."""
    state = info.get("state") if hasattr(info, "get") else None
    if isinstance(state, dict) and len(state) <= _COMPONENTS:
        return shown(", ".join(f"{name}={_text(value)}" for name, value in state.items()), _WORDS)
    if isinstance(observation, dict):
        return shown("; ".join(f"{name} {_array_words(part)}" for name, part in observation.items()), _WORDS)
    if isinstance(observation, tuple):
        return shown("; ".join(_array_words(part) for part in observation), _WORDS)
    return shown(_array_words(observation), _WORDS)


def _array_words(value: Any) -> str:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        return str(value)
    if array.ndim == 0:
        return _text(array.item())
    if array.size > 2 * _COMPONENTS:
        return f"array of shape {array.shape}, mean {number(float(array.mean()))}"
    return "[" + ", ".join(_text(each) for each in array.ravel().tolist()) + "]"


def _terms(info: Any) -> dict[str, float]:
    terms = info.get("reward_terms") if hasattr(info, "get") else None
    if not isinstance(terms, dict):
        return {}
    return {
        shown(str(name), 40): float(value)
        for name, value in terms.items()
        if isinstance(value, int | float | np.number)
    }
