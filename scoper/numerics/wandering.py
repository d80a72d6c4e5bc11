"""Does the simulator wander: are neighbouring episodes more alike than distant ones, under one and the same policy?

A rule that swaps every so many episodes has no trend, and early episodes are like late ones. But what state and action
leave of an outcome, summed over an episode, then goes along with that of the next episode. The mean product of
neighbours is compared with that of episodes in random order (the ratio of von Neumann 1941, by permutation), for all
outcomes together (Westfall and Young 1993); small effects do not count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.empirical import Steps
from scoper.domain.tabular import Floats
from scoper.numerics.permutations import share_as_large
from scoper.numerics.stationarity import CELL_ROWS, LEAST_EFFECT, LEVEL, episode_sums

LEAST_EPISODES = 24
ROUNDS = 399
_MOST_LAG = 2


@dataclass(frozen=True)
class Wave:
    """An outcome that wanders.

    size: standard deviation of what neighbouring episodes share, in standard deviations of what state and action leave
    open of a step. p: corrected for all outcomes.
    """

    outcome: str
    size: float
    p: float


@dataclass(frozen=True)
class Wandering:
    """waves: what was found, the largest first. n_episodes: compared; fewer than 24 find nothing."""

    waves: tuple[Wave, ...]
    n_episodes: int


def wandering(steps: Steps, rng: np.random.Generator, *, names: Sequence[str] = ()) -> Wandering:
    """Whether rewards, ends and changes of the observation `names` wander over the episodes of one policy.

    The episodes must be in the order they were played, and none may have chosen its actions by what came before it.
    """
    labels = tuple(names) or tuple(f"observation {k}" for k in range(steps.before.shape[1]))
    n_episodes = int(np.unique(steps.episode).size)
    if n_episodes < LEAST_EPISODES or steps.size < CELL_ROWS * n_episodes:
        return Wandering((), n_episodes)
    rows = [(name, *_scaled(total, weight)) for name, total, weight in episode_sums(steps, labels, rng)]
    if not rows:
        return Wandering((), n_episodes)
    seen = [_shared(total, weight) for _, total, weight in rows]
    orders = [rng.permutation(n_episodes) for _ in range(ROUNDS)]
    drawn = [np.array([_shared(total[order], weight[order]) for order in orders]) for _, total, weight in rows]
    spread = [each.std(axis=0) + 1e-300 for each in drawn]
    highest = np.max([(each / size).max(axis=1) for each, size in zip(drawn, spread, strict=True)], axis=0)
    found = []
    for (name, _, _), value, size in zip(rows, seen, spread, strict=True):
        p = np.array([share_as_large(float(v), highest) for v in value / size])
        column = int(np.argmax(np.where(p <= LEVEL, value, -math.inf)))
        strength = math.sqrt(max(float(value[column]), 0.0))
        if p[column] <= LEVEL and strength >= LEAST_EFFECT:
            found.append(Wave(name, strength, float(p[column])))
    return Wandering(tuple(sorted(found, key=lambda wave: -wave.size)), n_episodes)


def _scaled(total: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Sums with their mean over all steps taken off, and the counts, both of known episodes only."""
    mean = total.sum(axis=0) / max(float(weight.sum()), 1e-300)
    return total - weight[:, None] * mean, weight


def _shared(total: Floats, weight: Floats) -> Floats:
    """(F,) the variance of what episodes have in common with the next ones, per step."""
    pulled, against = np.zeros(total.shape[1]), 0.0
    for lag in range(1, _MOST_LAG + 1):
        pulled += (total[lag:] * total[:-lag]).sum(axis=0)
        against += float(weight[lag:] @ weight[:-lag])
    return pulled / max(against, 1e-300)
