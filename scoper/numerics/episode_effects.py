"""Does every episode have something of its own that is not shown: a parameter drawn at reset, a hidden side?

What state and action leave of an outcome has mean zero whatever was before, if the observation is enough. So what is
left in the first half of an episode is uncorrelated with what is left in its second half; the mean product of halves is
compared with that of halves of different episodes (a permutation test, maxT after Westfall and Young 1993). Both are
asked of what is left times indicators of the state and action too, which shows a side that turns what is right around.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.empirical import Steps
from scoper.domain.tabular import Floats, Ints
from scoper.numerics.kernel import tally
from scoper.numerics.permutations import share_as_large
from scoper.numerics.stationarity import left_of_outcomes

LEVEL, LEAST_EFFECT = 0.005, 0.2
LEAST_EPISODES, MOST_EPISODES, ROUNDS = 30, 600, 299


@dataclass(frozen=True)
class EpisodeEffect:
    """An outcome that differs from episode to episode.

    size: standard deviation of what an episode's halves share, in standard deviations of what state and action leave
    open of a step. turns: whether the effect differs by state or action, not only adds. p: corrected for all outcomes.
    """

    outcome: str
    size: float
    turns: bool
    p: float


def episode_effects(steps: Steps, rng: np.random.Generator, *, names: Sequence[str] = ()) -> tuple[EpisodeEffect, ...]:
    """What was found, the largest first; only for observations that repeat, as a misfit would look alike."""
    labels = tuple(names) or tuple(f"observation {k}" for k in range(steps.before.shape[1]))
    numbers, episode = np.unique(steps.episode, return_inverse=True)
    if numbers.size < LEAST_EPISODES:
        return ()
    if numbers.size > MOST_EPISODES:
        drawn = np.sort(rng.choice(numbers.size, size=MOST_EPISODES, replace=False))
        episode = np.where(np.isin(episode, drawn), np.searchsorted(drawn, episode), -1)
    half = _halves(steps)
    rows = []
    for name, values, known in left_of_outcomes(steps, labels, rng):
        used = np.flatnonzero(known & (episode >= 0))
        rows += [(name, turns, *_sums(values[used], episode[used], half[used], turns)) for turns in (False, True)]
    if not rows:
        return ()
    n_episodes = int(episode.max()) + 1
    orders = [rng.permutation(n_episodes) for _ in range(ROUNDS)]
    seen = [_shared(first, second, weights) for _, _, first, second, weights in rows]
    others = [np.array([_shared(f, s[o], (w[0], w[1][o])) for o in orders]) for _, _, f, s, w in rows]
    spread = [each.std(axis=0) + 1e-300 for each in others]
    highest = np.max([(each / size).max(axis=1) for each, size in zip(others, spread, strict=True)], axis=0)
    found: dict[str, EpisodeEffect] = {}
    for (name, turns, *_), value, size in zip(rows, seen, spread, strict=True):
        p = np.array([share_as_large(float(v), highest) for v in value / size])
        column = int(np.argmax(np.where(p <= LEVEL, value, -math.inf)))
        strength = math.sqrt(max(float(value[column]), 0.0))
        if p[column] <= LEVEL and strength >= LEAST_EFFECT:
            found[name] = EpisodeEffect(
                name, max(strength, found[name].size if name in found else 0.0), turns, p[column]
            )
    return tuple(sorted(found.values(), key=lambda effect: -effect.size))


def _halves(steps: Steps) -> Ints:
    """(n,) 0 or 1: the first or second half of its episode."""
    _, code, length = np.unique(steps.episode, return_inverse=True, return_counts=True)
    return (2 * steps.timestep >= length[code]).astype(np.int64)


_Sums = tuple[Floats, Floats, tuple[Floats, Floats]]


def _sums(values: Floats, episode: Ints, half: Ints, turns: bool) -> _Sums:
    """Sums (E, F) over the first and the second halves, in units of the columns' spread, and their counts.

    turns: what adds in all states and actions of a half alike is taken off first.
    """
    n = int(episode.max()) + 1 if episode.size else 0
    place = 2 * episode + half
    count = np.bincount(place, minlength=2 * n).astype(np.float64)
    if turns:
        mean = tally(place, values[:, 0], 2 * n) / np.maximum(count, 1.0)
        plain = values[:, 0]
        safe = np.where(np.abs(plain) > 1e-12, plain, 1.0)
        ratio = np.where(np.abs(plain) > 1e-12, (plain - mean[place]) / safe, 0.0)
        values = values[:, 1:] * ratio[:, None] if values.shape[1] > 1 else np.zeros_like(values)
    spread = values.std(axis=0) if values.size else np.zeros(values.shape[1])
    scaled = values / np.where(spread > 1e-12, spread, np.inf)
    total = np.stack([tally(place, column, 2 * n) for column in scaled.T], axis=1).reshape(n, 2, -1)
    weights = count.reshape(n, 2)
    return total[:, 0], total[:, 1], (weights[:, 0], weights[:, 1])


def _shared(first: Floats, second: Floats, weights: tuple[Floats, Floats]) -> Floats:
    return np.asarray((first * second).sum(axis=0) / max(float(weights[0] @ weights[1]), 1e-300))
