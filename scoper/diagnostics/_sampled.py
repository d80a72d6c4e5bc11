"""What the timesteps of a model say of the observation, the actions and the simulator's life; worked out once each.

A probe asks its diagnostics several times about the same timesteps, so the last answers are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from scoper.diagnostics import Evidence
from scoper.domain.empirical import EmpiricalModel, Steps
from scoper.domain.tabular import Bools, Floats, Ints
from scoper.numerics.action_effect import ActionEffects, action_effects
from scoper.numerics.episode_effects import EpisodeEffect, episode_effects
from scoper.numerics.markov_order import LEAST_SHARE, Dependency, MarkovOrder, markov_order
from scoper.numerics.predicting import folds_of, residuals
from scoper.numerics.stationarity import Stationarity, stationarity
from scoper.numerics.wandering import Wandering, wandering

END = "end of the episode"
EDGE_SHARE, _EDGE_LEVELS = 0.005, 50
LEAST_DRIFT = 0.01
"""Share of an outcome's variance that a drift must make up where a guess of smooth functions may be what is off."""
_MOST_ROWS, _KEPT = 2_000, 12
_OPAQUE = 2.0**40
T = TypeVar("T")
_answers: list[tuple[Callable[[EmpiricalModel], object], EmpiricalModel, object]] = []


def once(question: Callable[[EmpiricalModel], T], model: EmpiricalModel) -> T:
    """The answer to a question about this very model, from memory where it was asked before."""
    for asked, about, answer in _answers:
        if asked is question and about is model:
            return answer  # type: ignore[return-value]
    answer = question(model)
    _answers.append((question, model, answer))
    del _answers[:-_KEPT]
    return answer


def readable(evidence: Evidence) -> EmpiricalModel | None:
    """The model, where its observations can be read as numbers and hold no gaps."""
    model = evidence.model
    if model is None or evidence.table is not None or not model.steps.size:
        return None
    steps = model.steps
    if not (np.isfinite(steps.before).all() and np.isfinite(steps.after).all() and np.isfinite(steps.reward).all()):
        return None
    opaque = steps.before.shape[1] == 1 and float(np.abs(steps.before).max()) > _OPAQUE
    return None if opaque else model


def order_of(model: EmpiricalModel) -> MarkovOrder:
    """What the past tells beyond the present observation, leaving out what a bound of the observation alone hides."""
    return once(_order, model)


def drift_of(model: EmpiricalModel) -> Stationarity:
    """What changes with the number of the episode; within random play alone where the observation is not enough."""
    return once(_drift, model)


def wander_of(model: EmpiricalModel) -> Wandering:
    """What is alike in neighbouring episodes of random play, and so changes in the course of the simulator's life."""
    return once(_wander, model)


def mixture_of(model: EmpiricalModel) -> tuple[EpisodeEffect, ...]:
    """What every episode has of its own; nothing where cells are bins."""
    return once(_mixture, model)


def _mixture(model: EmpiricalModel) -> tuple[EpisodeEffect, ...]:
    if model.coding != "values":
        return ()
    return episode_effects(model.steps, np.random.default_rng(0), names=model.components)


def effects_of(model: EmpiricalModel) -> ActionEffects:
    """What the actions change."""
    return once(_effects, model)


def _effects(model: EmpiricalModel) -> ActionEffects:
    """As `effects_of`, worked out anew."""
    return action_effects(model.steps, np.random.default_rng(0), names=model.components)


def _order(model: EmpiricalModel) -> MarkovOrder:
    steps = model.steps
    found = markov_order(steps, np.random.default_rng(0), names=model.components)
    edge = at_an_edge(steps)
    if found.found and edge.any():
        inside = _until(steps, edge)
        if inside.size < steps.size:
            found = markov_order(inside, np.random.default_rng(0), names=model.components)
    kept = tuple(d for d in found.found if left_open(model, d.outcome) >= LEAST_SHARE and _is_firm(model, d))
    return replace(found, found=kept)


def _is_firm(model: EmpiricalModel, found: Dependency) -> bool:
    """Whether a finding needs no guess of a smooth function: where cells are bins, the last reward alone is none."""
    return model.coding == "values" or found.kind != "reward"


def at_an_edge(steps: Steps) -> Bools:
    """(n,) whether a component with many values stands at a bound of its own, where more may lie beyond."""
    edge = np.zeros(steps.size, dtype=np.bool_)
    for column in steps.before.T:
        if np.unique(column).size < _EDGE_LEVELS:
            continue
        for bound in (column.min(), column.max()):
            there = column == bound
            if there.mean() > EDGE_SHARE:
                edge |= there
    return edge


def _until(steps: Steps, bad: Bools) -> Steps:
    """Every episode up to its first bad timestep."""
    begins = np.maximum.accumulate(np.where(steps.timestep == 0, np.arange(steps.size), 0))
    seen = np.cumsum(bad)
    keep = np.flatnonzero(seen - (seen - bad)[begins] == 0)
    return part_of(steps, keep)


def part_of(steps: Steps, rows: Ints) -> Steps:
    """The steps of some rows; whole beginnings of episodes, so that what is before a row is its past."""
    names = ("before", "after", "action", "reward", "wanted", "terminated", "truncated", "timestep", "episode")
    return replace(
        steps,
        **{name: getattr(steps, name)[rows] for name in names},
        told={name: column[rows] for name, column in steps.told.items()},
    )


def random_part(steps: Steps) -> Steps:
    """The steps of episodes with random actions."""
    random = np.array([name == "random" for name in steps.phase], dtype=np.bool_)
    return part_of(steps, np.flatnonzero(random[steps.episode]))


def left_open(model: EmpiricalModel, outcome: str) -> float:
    """Share of an outcome's variance within equal observations and actions; 1 where cells are bins."""
    if model.coding != "values":
        return 1.0
    steps = model.steps
    values = outcome_of(model, outcome)
    pair = model.state * (int(steps.action.max()) + 1) + steps.action
    _, code, times = np.unique(pair, return_inverse=True, return_counts=True)
    often = times[code] > 1
    if not often.any() or values[often].std() <= 0.0:
        return 0.0
    mean = np.bincount(code, weights=values) / times
    squares = np.where(often, (values - mean[code]) ** 2 * (times / np.maximum(times - 1, 1))[code], 0.0)
    return float(squares.sum() / (often.sum() * values[often].var()))


def outcome_of(model: EmpiricalModel, outcome: str) -> Floats:
    """(n,) the numbers behind an outcome's name."""
    steps = model.steps
    if outcome == "reward":
        return steps.reward
    if outcome == END:
        return steps.terminated.astype(np.float64)
    k = model.components.index(outcome.removeprefix("next "))
    return np.asarray(steps.after[:, k] - steps.before[:, k], dtype=np.float64)


def matters(model: EmpiricalModel) -> tuple[str, ...]:
    """Components of the observation that reward, owner's number or end depend on, at once or through another one."""
    return once(_matters, model)


def _matters(model: EmpiricalModel) -> tuple[str, ...]:
    steps, rng = model.steps, np.random.default_rng(0)
    rows = np.arange(steps.size)
    if rows.size > _MOST_ROWS:
        rows = np.sort(rng.choice(rows, size=_MOST_ROWS, replace=False))
    after, before = steps.after[rows], steps.before[rows]
    acted = (steps.action[rows, None] == np.unique(steps.action)[None, 1:]).astype(np.float64)
    goals = np.stack([steps.reward[rows], steps.wanted[rows], steps.terminated[rows].astype(np.float64)], axis=1)
    targets = np.concatenate([goals, after - before], axis=1)
    spread = targets.std(axis=0)
    targets = (targets - targets.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    fold = folds_of(steps.episode[rows], rng)
    whole = residuals(np.concatenate([before, after, acted], axis=1), targets[:, :3], fold, rng, thorough=False)
    of_next = residuals(np.concatenate([before, acted], axis=1), targets[:, 3:], fold, rng, thorough=False)
    count = before.shape[1]
    reaches = np.zeros((count, count), dtype=np.bool_)
    known = np.zeros(count, dtype=np.bool_)
    for k in range(count):
        others = [i for i in range(count) if i != k]
        inputs = np.concatenate([before[:, others], after[:, others], acted], axis=1)
        less = residuals(inputs, targets[:, :3], fold, rng, thorough=False).unexplained
        known[k] = bool((less - whole.unexplained >= LEAST_SHARE).any())
        left = residuals(np.concatenate([before[:, others], acted], axis=1), targets[:, 3:], fold, rng, thorough=False)
        reaches[k] = left.unexplained - of_next.unexplained >= LEAST_SHARE
    for _ in range(count):
        known |= reaches[:, known].any(axis=1)
    return tuple(name for name, used in zip(model.components, known, strict=True) if used)


def _drift(model: EmpiricalModel) -> Stationarity:
    order, rng = order_of(model), np.random.default_rng(0)
    if order.found:
        return stationarity(random_part(model.steps), rng, names=model.components)
    found = stationarity(model.steps, rng, names=model.components)
    if model.coding == "values" or not found.drifts:
        return found
    large = tuple(d for d in found.drifts if order.unexplained.get(d.outcome, 1.0) * d.effect**2 >= LEAST_DRIFT)
    return replace(found, drifts=large)


def _wander(model: EmpiricalModel) -> Wandering:
    return wandering(random_part(model.steps), np.random.default_rng(0), names=model.components)
