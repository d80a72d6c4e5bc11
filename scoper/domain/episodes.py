"""Episodes of one policy as arrays: what stepping an environment leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Episodes:
    """n episodes in order. returns, lengths in timesteps, terminated (the rest was truncated): all (n,).

    objective (n,): the owner's number per episode, None when not declared. reward_low, reward_high: extremes of a
    single reward; n_nonzero: timesteps whose reward was not zero.
    """

    returns: Floats
    lengths: NDArray[np.int64]
    terminated: NDArray[np.bool_]
    objective: Floats | None
    reward_low: float
    reward_high: float
    n_nonzero: int

    @property
    def n_steps(self) -> int:
        """Timesteps of all episodes."""
        return int(self.lengths.sum())


@dataclass(frozen=True)
class Replays:
    """Episodes replayed from the same seeds under different actions, all alike as far as they went.

    n_pairs: comparisons made; n_steps: timesteps of all of them; complete: each episode ran to its own end.
    """

    n_pairs: int
    n_steps: int
    complete: bool


@dataclass(frozen=True)
class Exploration:
    """Episodes of policies that looked for what had not been visited.

    survivors: fresh ones of the policy whose episodes lasted longest, None when that was not looked for. covered: the
    share of the declared observations that was visited, the smallest one of any component with declared bounds; whole:
    every component has them, and numbers stand for places, not for the last action. least_tried: how often the least
    tried action of any visited observation was taken, None where observations have no numbers.
    """

    episodes: Episodes
    survivors: Episodes | None
    covered: float
    whole: bool
    least_tried: int | None = None


@dataclass(frozen=True)
class Stepped:
    """All timesteps of a probe, training included: how many, a reward's extremes, and those of an episode's length."""

    n_steps: int
    reward_low: float
    reward_high: float
    shortest: int
    longest: int


def joined(first: Episodes, second: Episodes) -> Episodes:
    """The episodes of both, in order."""
    objective = None
    if first.objective is not None and second.objective is not None:
        objective = np.concatenate([first.objective, second.objective])
    return Episodes(
        np.concatenate([first.returns, second.returns]),
        np.concatenate([first.lengths, second.lengths]),
        np.concatenate([first.terminated, second.terminated]),
        objective,
        min(first.reward_low, second.reward_low),
        max(first.reward_high, second.reward_high),
        first.n_nonzero + second.n_nonzero,
    )
