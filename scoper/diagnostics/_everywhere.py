"""Is one action best in every cell that was visited? The policy improvement theorem, asked of a model's timesteps.

An action is best everywhere if no other one has an advantage over following it, in any cell (Bellman 1957; Howard
1960). Advantages are means of reward plus the value of the next cell, each with its standard error; the best action is
chosen by the model and judged by all pairs, so no return of a lucky choice is believed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.diagnostics._world import World
from scoper.domain.empirical import EmpiricalModel
from scoper.domain.tabular import Floats
from scoper.numerics.evaluate import evaluate

TRIES, MOST_ACTIONS = 4, 64
_LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class Everywhere:
    """action: its number. highest: the largest advantage of another action, in standard errors.

    compared: share of all pairs of visited cell and action that were tried often enough to be compared. at_once: the
    same for rewards alone: whether the action is also the best for the reward of this very timestep.
    """

    action: int
    highest: float
    compared: float
    at_once: float


def best_everywhere(model: EmpiricalModel, world: World) -> Everywhere | None:
    """The constant action of the most value in the model, and how far from best it is; None of too many."""
    table = model.table
    if not 1 < table.n_actions <= MOST_ACTIONS:
        return None
    discount = 1.0 - 1.0 / max(world.horizon, 2)
    values = [np.asarray(evaluate(table, world.always(a), discount=discount)).ravel() for a in range(table.n_actions)]
    action = int(np.argmax([float(table.initial @ value) for value in values]))
    steps = model.steps
    later = np.where(steps.terminated, 0.0, values[action][model.successor])
    highest, compared = _advantage(model, steps.reward + discount * later, action)
    at_once, _ = _advantage(model, steps.reward, action)
    return Everywhere(action, highest, compared, at_once)


def _advantage(model: EmpiricalModel, worth: Floats, action: int) -> tuple[float, float]:
    shape = model.table.n_states, model.table.n_actions
    pair = model.state * shape[1] + model.steps.action
    times = np.bincount(pair, minlength=shape[0] * shape[1]).astype(np.float64)
    mean = np.bincount(pair, weights=worth, minlength=times.size) / np.maximum(times, 1.0)
    left = np.bincount(pair, weights=(worth - mean[pair]) ** 2, minlength=times.size)
    pooled = float(left.sum()) / max(1.0, float(np.maximum(times - 1.0, 0.0).sum()))
    variance = np.maximum(left / np.maximum(times - 1.0, 1.0), _LEAST_SPREAD * pooled)
    error = (variance / np.maximum(times, 1.0)).reshape(shape)
    mean, times = mean.reshape(shape), times.reshape(shape)
    often = (times >= TRIES) & (times[:, [action]] >= TRIES)
    often[:, action] = False
    gained = np.where(often, mean - mean[:, [action]], 0.0)
    rounding = 1e-9 * max(1.0, float(np.abs(worth).max()))
    spread = np.sqrt(error + error[:, [action]]) + rounding
    visited = int((times.sum(axis=1) > 0).sum())
    compared = float(often.sum()) / max(1, visited * (shape[1] - 1))
    return float(np.where(often & (gained > rounding), gained / spread, 0.0).max(initial=0.0)), compared
