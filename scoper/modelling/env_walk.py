"""Walking through a small environment: observations as keys, actions by number, states visited again.

A state is visited again by putting back an attribute that mirrors the observation (`s` or `state` of the innermost
environment), else by repeating the actions that led there from a seeded reset, which needs an environment that answers
the same each time.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

SETTABLE = ("s", "state")
MOST_ACTIONS = 10_000
_TRIAL_STEPS = 60


def key_of(observation: Any) -> Hashable:
    """The observation as something that can be counted: numbers, or tuples of them."""
    if isinstance(observation, dict):
        return tuple((name, key_of(part)) for name, part in sorted(observation.items()))
    if isinstance(observation, np.ndarray):
        return _rows(observation.tolist())
    if isinstance(observation, tuple | list):
        return tuple(key_of(part) for part in observation)
    found: Hashable = observation.item() if isinstance(observation, np.generic) else observation
    return found


def _rows(value: Any) -> Hashable:
    found: Hashable = tuple(map(_rows, value)) if isinstance(value, list) else value
    return found


def actions_of(space: Any) -> list[Any]:
    """Every action of a finite space in order; empty for a space that is not finite."""
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        return [int(space.start) + number for number in range(int(space.n))]
    if isinstance(space, spaces.MultiDiscrete | spaces.MultiBinary):
        full = space.nvec if isinstance(space, spaces.MultiDiscrete) else np.full(space.shape, 2)
        sizes = [int(size) for size in np.asarray(full).ravel()]
        if math.prod(sizes) > MOST_ACTIONS:
            return []
        return [np.array(places, dtype=space.dtype).reshape(space.shape) for places in np.ndindex(*sizes)]
    if isinstance(space, spaces.Tuple):
        parts = [actions_of(part) for part in space.spaces]
        sizes = [len(part) for part in parts]
        if math.prod(sizes) > MOST_ACTIONS:
            return []
        return [tuple(p[k] for p, k in zip(parts, places, strict=True)) for places in np.ndindex(*sizes)]
    return []


@dataclass(frozen=True)
class Seen:
    """One step: the observation's key after it, the reward, whether it terminated or truncated the episode."""

    after: Hashable
    reward: float
    terminated: bool
    truncated: bool


@dataclass
class Walker:
    """An environment with a count of the steps taken in it; `seed` is where seeds of resets begin."""

    env: Any
    actions: Sequence[Any]
    seed: int
    steps: int = 0
    resets: int = 0
    stored: dict[Hashable, Any] = field(default_factory=dict)
    attribute: str = ""

    def reset(self, seed: int | None = None) -> Hashable:
        """Begin an episode; without a seed the environment's own random numbers go on. The observation's key."""
        self.resets += 1
        observation, _ = self.env.reset(seed=seed)
        return self._noted(key_of(observation))

    def step(self, number: int) -> Seen:
        """Take the action with this number."""
        self.steps += 1
        observation, reward, terminated, truncated, _ = self.env.step(self.actions[number])
        return Seen(self._noted(key_of(observation)), float(reward), bool(terminated), bool(truncated))

    def put(self, key: Hashable) -> None:
        """Be in a state that was seen before; requires `attribute`."""
        self.reset()
        setattr(self.env.unwrapped, self.attribute, copy.deepcopy(self.stored[key]))

    def find_attribute(self, rng: np.random.Generator) -> None:
        """Look for an attribute that is the observation after every step and that can be put back."""
        for name in SETTABLE:
            if self._mirrors(name, rng):
                self.attribute = name
                self.stored.clear()
                return

    def _mirrors(self, name: str, rng: np.random.Generator) -> bool:
        key = self.reset()
        for _ in range(_TRIAL_STEPS):
            if key_of(getattr(self.env.unwrapped, name, None)) != key:
                return False
            seen = self.step(int(rng.integers(len(self.actions))))
            key = self.reset() if seen.terminated or seen.truncated else seen.after
        return True

    def _noted(self, key: Hashable) -> Hashable:
        if self.attribute and key not in self.stored:
            self.stored[key] = copy.deepcopy(getattr(self.env.unwrapped, self.attribute))
        return key


def answers_alike(walker: Walker, rng: np.random.Generator, episodes: int = 20) -> bool:
    """Whether the same start and the same actions always led to the same, whatever the seed of the reset."""
    known: dict[tuple[Hashable, tuple[int, ...]], Seen] = {}
    for _ in range(episodes):
        plan = rng.integers(len(walker.actions), size=_TRIAL_STEPS)
        for _ in range(3):
            start, taken = walker.reset(walker.seed + walker.resets), []
            for action in plan:
                taken.append(int(action))
                seen = walker.step(int(action))
                if known.setdefault((start, tuple(taken)), seen) != seen:
                    return False
                if seen.terminated or seen.truncated:
                    break
    return True
