"""What is known of a step before it is taken: the present as numbers, and clues from the past of its episode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoper.domain.empirical import Steps
from scoper.domain.tabular import Bools, Floats, Ints
from scoper.numerics.clues import PERIODS

PastKind = Literal["observation", "action", "reward", "first", "timestep", "period"]
LAGS = (1, 2, 3, 4)
MOST_GROUPS = 20
"""As many actions as get a column each; of more, their number is taken as it is."""
MOST_COMPONENTS = 24
FEW_LEVELS = 6


@dataclass(frozen=True)
class Past:
    """A clue: values (n, F), known (n,) where there is one. name: the variable; lag: timesteps back, or the period."""

    kind: PastKind
    name: str
    lag: int
    values: Floats
    known: Bools


def action_columns(steps: Steps, action: Floats | None) -> Floats:
    """(n, K) the actions: as given, else a column for each but the first."""
    if action is not None:
        return np.asarray(action, dtype=np.float64).reshape(steps.size, -1)
    return groups_of(steps.action.astype(np.float64))


def groups_of(values: Floats) -> Floats:
    """(n, G) a column for each value but the first where there are few, else the values themselves."""
    distinct = np.unique(values)
    if distinct.size > MOST_GROUPS:
        return values[:, None]
    return np.asarray(values[:, None] == distinct[None, 1:], dtype=np.float64)


def present_of(steps: Steps, action: Floats | None = None) -> Floats:
    """(n, p) the present observation and action, side by side."""
    return np.concatenate([steps.before, action_columns(steps, action)], axis=1)


def pasts_of(steps: Steps, names: tuple[str, ...], action: Floats | None = None) -> Iterator[Past]:
    """All clues, near ones first: lags, the last reward, the first observation, the timestep and its periods.

    A component of few values is taken by its values, each a column of its own.
    """
    acted = action_columns(steps, action)
    components = [(name, _coded(steps.before[:, k])) for k, name in enumerate(names[:MOST_COMPONENTS])]
    for lag in LAGS:
        known = steps.timestep >= lag
        if known.any():
            yield from (Past("observation", name, lag, moved(column, lag, known), known) for name, column in components)
            yield Past("action", "action", lag, moved(acted, lag, known), known)
            if lag == 1:
                yield Past("reward", "reward", lag, moved(steps.reward[:, None], lag, known), known)
    later = steps.timestep >= 1
    first = np.arange(steps.size) - steps.timestep
    if later.any():
        yield from (
            Past("first", name, 0, np.where(later[:, None], column[first], 0.0), later) for name, column in components
        )
    yield from _clocks(steps)


def _clocks(steps: Steps) -> Iterator[Past]:
    known = np.ones(steps.size, dtype=np.bool_)
    span = int(steps.timestep.max(initial=0)) + 1
    if span < 2:
        return
    at = steps.timestep / span
    last = (steps.timestep == span - 1).astype(np.float64)
    yield Past("timestep", "timestep", 0, np.stack([at, at * at, last], axis=1), known)
    for period in PERIODS:
        if 2 * period <= span:
            turn = 2.0 * np.pi * steps.timestep / period
            wave = np.stack([np.cos(turn), np.sin(turn)], axis=1)[:, : 1 if period == 2 else 2]
            yield Past("period", "timestep", period, wave, known)


def moved(columns: Floats, lag: int, known: Bools) -> Floats:
    """(n, F) the columns `lag` timesteps before, zero where that is unknown."""
    result = np.zeros_like(columns)
    rows: Ints = np.flatnonzero(known)
    result[rows] = columns[rows - lag]
    return result


def _coded(values: Floats) -> Floats:
    distinct = np.unique(values)
    return groups_of(values) if distinct.size <= FEW_LEVELS else values[:, None]
