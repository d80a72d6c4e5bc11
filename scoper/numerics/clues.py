"""What the past of a step could tell that a state does not: clues for a hidden variable.

Every clue is a number per step that is known before the step's outcome is drawn. Under the spec's own law it tells
nothing about the outcome, whatever it is, so that it can be tested without an estimate of anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoper.domain.tabular import Floats, Ints

ClueKind = Literal[
    "state",
    "action",
    "previous_state",
    "previous_action",
    "previous_reward",
    "repeated",
    "recent",
    "since",
    "timestep",
    "period",
    "episode",
    "told",
]
PERIODS = (*range(2, 15), 21, 24, 28, 30, 48, 52, 60, 90, 96, 144, 168, 365)
"""Timesteps of a season: what calendars and clocks are made of."""
LAGS = (1, 2, 3)
_FEW, _BINS = 12, 8
_LONGEST_WAIT = 30
_MEMORY, _FADING = 30, 0.9


@dataclass(frozen=True)
class Clue:
    """values (n,): the number, nan where there is none yet. name: the variable. lag: timesteps back, or the period.

    Kinds state and action are the variables that the spec knows: with them a law is wrong, with the others incomplete.
    """

    kind: ClueKind
    name: str
    values: Floats
    lag: int = 0

    @property
    def is_known(self) -> bool:
        """Whether the spec's own laws may depend on it."""
        return self.kind in ("state", "action")

    def levels(self) -> tuple[Ints, int]:
        """(n,) the value's group: the value where there are few, else one of eight parts; nan is a group of its own."""
        known = self.values[np.isfinite(self.values)]
        distinct = np.unique(known)
        most = self.lag if self.kind == "period" else _FEW
        if distinct.size > most:
            inner = np.quantile(known, np.linspace(0.0, 1.0, _BINS + 1)[1:-1])
            codes = np.searchsorted(np.unique(inner), self.values, side="right")
        else:
            codes = np.searchsorted(distinct, self.values)
        codes = np.where(np.isfinite(self.values), codes, codes.max(initial=0) + 1)
        _, codes = np.unique(codes, return_inverse=True)
        return codes.astype(np.int64), int(codes.max(initial=-1)) + 1

    def features(self) -> Floats:
        """(n, F) what is correlated with outcomes: the number, and its groups; of a period the wave."""
        if self.kind == "period":
            turn = 2.0 * np.pi * self.values / self.lag
            return np.stack([np.cos(turn), np.sin(turn)], axis=1)[:, : 1 if self.lag == 2 else 2]
        codes, n_levels = self.levels()
        if n_levels < 2:
            return np.zeros((self.values.size, 0))
        known = np.isfinite(self.values)
        mean = float(self.values[known].mean()) if known.any() else 0.0
        linear = np.where(known, self.values - mean, 0.0)[:, None]
        groups = (codes[:, None] == np.arange(n_levels)).astype(np.float64)
        return np.concatenate([linear, groups], axis=1) if n_levels > 2 else groups[:, 1:]


def clues_of(
    episode: Ints,
    timestep: Ints,
    states: Mapping[str, Floats],
    actions: Mapping[str, Floats],
    reward: Floats,
    told: Mapping[str, Floats],
) -> Iterator[Clue]:
    """All clues of n steps that stand in the order they were taken; every array is (n,)."""
    yield from (Clue("state", name, values) for name, values in states.items())
    yield from (Clue("action", name, values) for name, values in actions.items())
    for name, values in states.items():
        yield from (Clue("previous_state", name, _before(values, timestep, lag), lag) for lag in LAGS[:2])
    for name, values in actions.items():
        yield from (Clue("previous_action", name, _before(values, timestep, lag), lag) for lag in LAGS)
        before = _before(values, timestep, 1)
        yield Clue("repeated", name, np.where(np.isfinite(before), before == values, np.nan), 1)
        yield Clue("since", name, _since(values, timestep))
    yield Clue("previous_reward", "reward", _before(reward, timestep, 1), 1)
    for name, values in {**states, **actions, "reward": reward}.items():
        yield Clue("recent", name, _recent(values, timestep))
    yield Clue("timestep", "timestep", timestep.astype(np.float64))
    span = int(timestep.max(initial=0)) + 1
    for period in PERIODS:
        if 2 * period <= span:
            yield Clue("period", "timestep", (timestep % period).astype(np.float64), period)
    yield Clue("episode", "episode", episode.astype(np.float64))
    for name, values in told.items():
        yield Clue("told", name, values)


def _before(values: Floats, timestep: Ints, lag: int) -> Floats:
    """The value `lag` timesteps before within the episode."""
    moved = np.full(values.size, np.nan)
    moved[lag:] = values[:-lag] if lag < values.size else values[:0]
    return np.where(timestep >= lag, moved, np.nan)


def _recent(values: Floats, timestep: Ints) -> Floats:
    """The mean of the values before within the episode, each timestep further back counting a tenth less."""
    total, weight = np.zeros(values.size), np.zeros(values.size)
    known = np.where(np.isfinite(values), values, 0.0)
    for lag in range(1, min(_MEMORY, values.size - 1) + 1):
        inside = timestep[lag:] >= lag
        total[lag:] += _FADING**lag * known[:-lag] * inside
        weight[lag:] += _FADING**lag * inside
    return np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), np.nan)


def _since(values: Floats, timestep: Ints) -> Floats:
    """Timesteps since the action was last another than its usual value, within the episode and up to a limit."""
    if values.size == 0:
        return values
    distinct, counts = np.unique(values, return_counts=True)
    usual = 0.0 if 0.0 in distinct else float(distinct[int(np.argmax(counts))])
    number = np.arange(values.size)
    acted = np.where(values != usual, number, -1)
    last = np.concatenate([[-1], np.maximum.accumulate(acted)[:-1]])
    begun = number - timestep
    waited = np.where(last >= begun, number - last, np.nan)
    return np.minimum(waited, float(_LONGEST_WAIT))
