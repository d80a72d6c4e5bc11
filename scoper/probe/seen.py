"""What every step of a probe's environments showed: the extremes of a reward, and where episodes were truncated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoper.domain.episodes import Stepped
from scoper.domain.mdp import Objective
from scoper.modelling.success import PREFIX

MOST_KEYS = 1000


def key_of(objective: Objective | None) -> str | None:
    """Where in step's info an objective is told; None where it is not read from there."""
    return None if objective is None or objective.info is None else objective.info.removeprefix(PREFIX)


@dataclass
class Seen:
    """Filled by every `Watched` environment of one probe.

    truncated_at: timesteps at which the environment itself truncated an episode. info_keys: of step's info, at most
    MOST_KEYS of them. lengths: the shortest and the longest episode that ended.
    """

    reward_low: float = math.inf
    reward_high: float = -math.inf
    truncated_at: set[int] = field(default_factory=set)
    info_keys: set[str] = field(default_factory=set)
    n_steps: int = 0
    lengths: tuple[int, int] | None = None

    def ended(self, length: int) -> None:
        """Keep the extremes of the lengths of episodes that ended, in timesteps."""
        shortest, longest = self.lengths or (length, length)
        self.lengths = min(shortest, length), max(longest, length)

    def stepped(self) -> Stepped | None:
        """What all steps together showed; None before the first episode ended."""
        if self.lengths is None:
            return None
        return Stepped(self.n_steps, self.reward_low, self.reward_high, *self.lengths)

    def info(self, info: Mapping[Any, Any]) -> None:
        """Keep the keys of one step's info."""
        if not info.keys() <= self.info_keys and len(self.info_keys) < MOST_KEYS:
            self.info_keys.update(key for key in info if isinstance(key, str))

    def step(self, reward: float, truncated_at: int | None) -> None:
        """Count one step; `truncated_at` is its timestep when the environment truncated the episode there."""
        self.n_steps += 1
        self.reward_low = min(self.reward_low, reward)
        self.reward_high = max(self.reward_high, reward)
        if truncated_at is not None:
            self.truncated_at.add(truncated_at)

    def own_limit(self) -> int | None:
        """The timestep at which the environment truncates, when it always was the same one."""
        return next(iter(self.truncated_at)) if len(self.truncated_at) == 1 else None

    def bounds(self, horizon: int | None) -> tuple[float, float]:
        """The lowest and highest undiscounted return of `horizon` timesteps with rewards like those seen."""
        if horizon is None or self.reward_low > self.reward_high:
            return -math.inf, math.inf
        longest = max(horizon, *self.truncated_at) if self.truncated_at else horizon
        low, high = self.reward_low, self.reward_high
        return min(low, longest * low), max(high, longest * high)


def came(objective: Objective | None, seen: Seen) -> bool:
    """Whether an objective's key came in some step, or keys were too many to keep; true where it has no key."""
    key = key_of(objective)
    return key is None or key in seen.info_keys or len(seen.info_keys) >= MOST_KEYS
