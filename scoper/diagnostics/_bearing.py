"""Does what the past tells bear on what to do? Not where it only adds to a reward that no action moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics._sampled import END, matters, order_of
from scoper.domain.empirical import EmpiricalModel
from scoper.numerics.markov_order import Dependency

LEFT = 0.5
CLOCKS = ("timestep", "period")
_ADDS = 0.05


def bears_on_return(model: EmpiricalModel, found: Dependency) -> bool:
    """Whether what the past tells could change what to do: not where it only adds to a reward that no action moves."""
    if found.outcome == END:
        return True
    if found.outcome == "reward":
        return _is_acted_on(model, found) or _interacts(model, found)
    return found.outcome.removeprefix("next ") in matters(model)


def _is_acted_on(model: EmpiricalModel, found: Dependency) -> bool:
    """Whether what is hidden follows from observations and actions of the past, so that actions may change it."""
    order = order_of(model)
    kinds = {d.kind for d in (found, *order.found, *order.others) if d.outcome == found.outcome}
    return bool(kinds & {"observation", "action"})


def _interacts(model: EmpiricalModel, found: Dependency) -> bool:
    """Whether the clue changes what actions are worth: the spread of their means in cells of state and clue."""
    steps = model.steps
    if found.kind == "first":
        first = np.arange(steps.size) - steps.timestep
        clue = steps.before[first, model.components.index(found.name)]
    elif found.kind == "reward":
        clue = np.where(steps.timestep > 0, np.roll(steps.reward, 1), 0.0)
    elif found.kind == "period":
        clue = (steps.timestep % max(found.lag, 1)).astype(np.float64)
    else:
        clue = steps.timestep.astype(np.float64)
    levels = np.unique(clue)
    group = (
        np.searchsorted(levels, clue)
        if levels.size <= 4
        else np.searchsorted(np.quantile(clue, (0.25, 0.5, 0.75)), clue)
    )
    n_actions, n_groups = int(steps.action.max()) + 1, int(group.max()) + 1
    pair = np.unique(model.state * n_actions + steps.action, return_inverse=True)[1]
    left = steps.reward - (np.bincount(pair, weights=steps.reward) / np.bincount(pair))[pair]
    additive = left - (np.bincount(group, weights=left) / np.maximum(np.bincount(group), 1))[group]
    cell = pair * n_groups + group
    times = np.bincount(cell)
    between = np.bincount(cell, weights=additive) ** 2 / np.maximum(times, 1)
    total = float(left @ left)
    if total <= 1e-12 * max(1.0, float(steps.reward @ steps.reward)):
        return False
    used, within = int((times > 0).sum()), float(between.sum())
    noise = (float(additive @ additive) - within) / max(steps.size - used, 1)
    return (within - used * noise) / total >= _ADDS


def is_gone(model: EmpiricalModel, firsts: Sequence[Dependency]) -> bool:
    """Whether one of the components hardly varies any more once the episode runs: what it told is shown no longer."""
    steps = model.steps
    for name in {d.name for d in firsts}:
        column = steps.before[:, model.components.index(name)]
        if column[steps.timestep > 0].std() <= LEFT * column[steps.timestep == 0].std():
            return True
    return False
