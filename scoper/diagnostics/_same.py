"""Do policies differ in what they return, beyond chance? And is chance all that the reward is made of?

Measured policies are compared with their standard errors. `noise_share` is the share of a reward's variance that state
and action leave open; `out_of_hand` asks whether the reward follows from what the actions do not touch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from scoper.diagnostics import Evidence
from scoper.diagnostics._rung import Rung
from scoper.diagnostics._sampled import effects_of, once
from scoper.domain.empirical import EmpiricalModel
from scoper.domain.tabular import Floats
from scoper.numerics.action_effect import action_effects

_LEAST_EPISODES, _LEAST_POLICIES, _CLEARLY = 10, 4, 3.5
_FEW, _WITHIN = 0.5, 0.01
_MOST_ROWS = 8_000
_NOTHING, _MOSTLY, _PER_PAIR = 0.01, 0.5, 5


@dataclass(frozen=True)
class Spread:
    """Of measured policies: how many, and whether any stands out; sd: of returns within a policy, pooled.

    gain: of the best planned one over random actions, gain_error its standard error, in units of return.
    """

    policies: int
    episodes: int
    stands_out: bool
    sd: float
    gain: float
    gain_error: float
    best: str

    @property
    def effect(self) -> float:
        """The gain in standard deviations of the return."""
        return self.gain / self.sd if self.sd > 0.0 else math.inf

    @property
    def effect_error(self) -> float:
        """Its standard error."""
        return self.gain_error / self.sd if self.sd > 0.0 else 0.0


def spread_of(evidence: Evidence) -> Spread | None:
    """How much measured policies differ; None where fewer than four were measured on ten episodes or more."""
    rungs = [r for r in evidence.audit.rungs.values() if r.episodes is not None and _size(r) >= _LEAST_EPISODES]
    random = next((rung for rung in rungs if rung.name == "random"), None)
    others = [rung for rung in rungs if rung.name != "random"]
    if random is None or len(rungs) < _LEAST_POLICIES:
        return None
    freedom = sum(_size(rung) - 1 for rung in rungs)
    variance = sum((_size(rung) - 1) * _size(rung) * rung.reward_error**2 for rung in rungs) / freedom
    sd = math.sqrt(variance)
    n_all = sum(_size(rung) for rung in rungs)
    mean = sum(_size(rung) * rung.reward for rung in rungs) / n_all
    out = max(abs(rung.reward - mean) - _CLEARLY * sd / math.sqrt(_size(rung)) for rung in rungs)
    best = max(others, key=lambda rung: rung.reward - sd / math.sqrt(_size(rung)))
    error = sd * math.sqrt(1.0 / _size(best) + 1.0 / _size(random))
    slack = 1e-9 * max(1.0, abs(mean))
    return Spread(len(rungs), n_all, out > slack, sd, best.reward - random.reward, error, best.name)


def _size(rung: Rung) -> int:
    return 0 if rung.episodes is None else rung.episodes.returns.size


def noise_share(evidence: Evidence) -> float:
    """The share of a single reward's variance that state and action leave open; nan without a model."""
    model = evidence.model
    if model is None:
        return math.nan
    variance = float(np.var(model.steps.reward))
    return min(1.0, model.noise**2 / variance) if variance > 0.0 else 0.0


def out_of_hand(evidence: Evidence) -> tuple[str, ...] | None:
    """The components of the observation that the reward follows from and that no action touches; None for none.

    The reward must not depend on the action taken, and its variance within equal values of those components, before
    and after the step, must be below a hundredth.
    """
    model = evidence.model
    if model is None or model.table.n_actions < 2:
        return None
    steps = model.steps
    touched = {effect.outcome for effect in effects_of(model).effects}
    if "reward" in touched or "end of the episode" in touched:
        return None
    free = [k for k, name in enumerate(model.components) if f"next {name}" not in touched]
    if not free:
        return None
    rows = slice(0, _MOST_ROWS)
    seen = np.hstack([steps.before[rows][:, free], steps.after[rows][:, free]])
    if _left_open(seen, steps.reward[rows]) > _WITHIN:
        return None
    return tuple(model.components[k] for k in free)


def untouched(evidence: Evidence) -> bool:
    """Whether rewards vary and no action was seen to touch them, nor the end, in any state; false without a model."""
    model = evidence.model
    if model is None or model.table.n_actions < 2 or np.ptp(model.steps.reward) <= 0.0:
        return False
    effects = effects_of(model).effects
    return not {"reward", "end of the episode"} & {effect.outcome for effect in effects}


def comes_anyway(evidence: Evidence) -> bool:
    """Whether a reward of chance is told by where the step led: an event of the world, whatever is done.

    Of state and action only what no action touches may tell of the reward and of how far it strays; no action may
    touch what that and its next value leave of either; and state, action and next state together must tell most of
    what state and action leave open. Noise that is put on a reward is told by nothing.
    """
    model = evidence.model
    if model is None or model.coding != "values" or model.table.n_actions < 2:
        return False
    return once(_tells_events, model)


def _tells_events(model: EmpiricalModel) -> bool:
    steps = model.steps
    pairs = np.column_stack([model.state, steps.action]).astype(np.float64)
    strays = (steps.reward - steps.reward.mean()) ** 2
    if _PER_PAIR * np.unique(pairs, axis=0).shape[0] > steps.size or np.ptp(strays) <= 0.0:
        return False
    touched = {effect.outcome for effect in effects_of(model).effects}
    if {"reward", "end of the episode"} & touched:
        return False
    free = [k for k, name in enumerate(model.components) if f"next {name}" not in touched]
    before, after = steps.before[:, free], np.hstack([steps.before[:, free], steps.after[:, free]])
    if any(_left_open(before, values) > _left_open(pairs, values) + _NOTHING for values in (steps.reward, strays)):
        return False
    if _left_open(np.column_stack([pairs, model.successor]), steps.reward) > _MOSTLY * _left_open(pairs, steps.reward):
        return False
    left = [values - _by_group(after, values) for values in (steps.reward, strays)]
    still = replace(steps, after=steps.before, terminated=np.zeros(steps.size, dtype=np.bool_))
    return not any(action_effects(replace(still, reward=values), np.random.default_rng(0)).effects for values in left)


def _by_group(seen: Floats, values: Floats) -> Floats:
    """(n,) the mean of the values (n,) within equal rows of `seen` (n, d); their mean where it has no columns."""
    group = np.zeros(values.size, dtype=np.int64)
    if seen.shape[1]:
        group = np.unique(seen, axis=0, return_inverse=True)[1].ravel()
    mean: Floats = np.bincount(group, weights=values) / np.bincount(group)
    return mean[group]


def _left_open(seen: Floats, reward: Floats) -> float:
    """The share of the reward's variance within equal rows of `seen`; 1 where rows hardly repeat."""
    if not seen.shape[1]:
        return 1.0
    _, group, times = np.unique(seen, axis=0, return_inverse=True, return_counts=True)
    if times.size > _FEW * reward.size or np.var(reward) <= 0.0:
        return 1.0
    group = group.ravel()
    mean = np.bincount(group, weights=reward) / times
    freedom = max(1, reward.size - times.size)
    return float(np.sum((reward - mean[group]) ** 2) / freedom / np.var(reward))
