"""The terms that a reward is the sum of, found among the numbers that an environment tells in step's info.

Nobody says which of them are terms: a group of numbers counts when its sum is the reward in (nearly) every timestep,
and when more than one of them is ever different from zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from scoper.domain.empirical import EmpiricalModel, Steps
from scoper.domain.tabular import Floats

_AGREES, _RELATIVE = 0.999, 1e-5
_WORDS = ("reward", "cost", "penalty", "bonus", "shaping", "term", "pay", "fine", "profit", "revenue")
_MOST_SOLVED = 12


def terms_of_steps(steps: Steps) -> dict[str, Floats]:
    """Reward term to (n,) of the timesteps; empty where no group of numbers adds up to the reward."""
    told = {name: np.nan_to_num(column) for name, column in steps.told.items()}
    told = {name: column for name, column in told.items() if not _agrees(steps.reward, column)}
    for group in _groups(told):
        signs = _adds_up(steps.reward, [told[name] for name in group])
        if signs is not None:
            terms = {name.rpartition(".")[2]: sign * told[name] for name, sign in zip(group, signs, strict=True)}
            moving = {name: column for name, column in terms.items() if np.any(column != 0.0)}
            return moving if len(moving) > 1 else {}
    return {}


def per_transition(model: EmpiricalModel, column: Floats) -> Floats:
    """(N,) of the model's table: the mean of a timestep's number (n,) over all tries of the transition's pair."""
    size = model.counts.size
    pair = model.state * model.table.n_actions + model.steps.action
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(pair, weights=column, minlength=size) / model.counts.ravel()
    return np.nan_to_num(mean)[model.table.pair_of_transition]


def _groups(told: Mapping[str, Floats]) -> Iterator[Sequence[str]]:
    """Numbers that may belong together: of one mapping, those named like terms, then all that move."""
    prefixes = dict.fromkeys(name.rpartition(".")[0] for name in told if "." in name)
    for prefix in prefixes:
        yield [name for name in told if name.rpartition(".")[0] == prefix]
    plain = [name for name in told if "." not in name]
    yield [name for name in plain if any(word in name.lower() for word in _WORDS)]
    yield plain


def _adds_up(reward: Floats, columns: Sequence[Floats]) -> list[float] | None:
    """The sign of every column in the sum that is the reward, 0 for none; None where there is no such sum."""
    if len(columns) < 2 or len(columns) > _MOST_SOLVED:
        return None
    ones = [1.0] * len(columns)
    if _agrees(reward, np.sum(columns, axis=0)):
        return ones
    weights, *_ = np.linalg.lstsq(np.column_stack(columns), reward, rcond=None)
    signs = np.rint(weights)
    if np.abs(signs).max() > 1.0 or np.abs(signs).sum() < 2.0:
        return None
    return signs.tolist() if _agrees(reward, np.column_stack(columns) @ signs) else None


def _agrees(reward: Floats, total: Floats) -> bool:
    slack = _RELATIVE * max(float(np.abs(reward).max(initial=0.0)), 1e-12)
    return float(np.mean(np.abs(reward - total) <= slack)) >= _AGREES
