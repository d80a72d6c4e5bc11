"""What would explain a deviation: an action that works later or not at all, a reward term that counts otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.modelling.arrays import CompiledSpec
from scoper.modelling.grid import Grid
from scoper.numerics.clues import LAGS
from scoper.numerics.conformance import Conformance
from scoper.numerics.laws import fit
from scoper.services.conform_steps import Coded, replaced_pairs

_MUCH_BETTER = 0.3
_LEAST_SURPRISE = 0.02
_MOST_CONSTANTS = 50
_EXACT = 1e-5


@dataclass(frozen=True)
class OtherAction:
    """The variable works as if it had its value `lag` timesteps before; if lag is 0, always the value `constant`.

    impossible, surprise: what the spec's laws leave unexplained then; before: the same without the replacement.
    """

    name: str
    lag: int
    constant: str
    impossible: float
    surprise: float
    before: tuple[float, float]


def other_action(table: TabularMdp, code: Coded, actions: Grid) -> OtherAction | None:
    """The replacement that explains the outcomes best, if it explains most of what is unexplained."""
    best: OtherAction | None = None
    for axis, variable in enumerate(actions.axes):
        tries = [(lag, 0) for lag in LAGS]
        tries += [(0, place) for place in range(min(variable.values.size, _MOST_CONSTANTS))]
        for lag, place in tries if variable.values.size > 1 else ():
            chosen, pair = replaced_pairs(code, actions, axis, lag=lag, place=place)
            allowed = table.available.ravel()[pair]
            chosen, pair = chosen[allowed], pair[allowed]
            if 2 * chosen.size < code.used.size:
                continue
            own = code.state[chosen] * actions.size + code.action[chosen]
            reached = _reached(code, chosen)
            before, after = fit(table, own, reached), fit(table, pair, reached)
            fits = abs(after[1]) < _MUCH_BETTER * before[1] and after[2] < before[2] - _LEAST_SURPRISE
            if before[1] > _LEAST_SURPRISE and fits:
                label = "" if lag else variable.labels[place]
                found = OtherAction(variable.name, lag, label, *after[:2], before[:2])
                best = found if best is None or abs(after[1]) < abs(best.surprise) - 1e-9 else best
    return best


def _reached(code: Coded, chosen: Ints) -> Ints:
    successor = np.full(code.action.size, -1, dtype=np.int64)
    successor[code.used] = code.steps.successor
    return successor[chosen]


def reward_cause(compiled: CompiledSpec, found: Conformance, reward: Floats) -> str:
    """In words what turns the spec's rewards into the simulator's exactly; empty where nothing simple does."""
    squared = compiled.squared_reward
    known = found.transition >= 0
    index = found.transition[known]
    spread = squared[index] - compiled.mdp.reward[index] ** 2
    fixed = spread <= 1e-9 * np.maximum(1.0, squared[index])
    index, told = index[fixed], reward[known][fixed]
    expected = compiled.mdp.reward[index]
    away = told - expected
    if not away.size or not _differs(away, expected):
        return ""
    if not _differs(told + expected, expected):
        return "it is the spec's reward with the opposite sign"
    if not _differs(away - away[0], expected):
        return f"it is the spec's reward {'plus' if away[0] > 0 else 'minus'} {abs(away[0]):.6g} in every timestep"
    factor = _factor(expected, told)
    if factor is not None:
        return f"it is {factor:.6g} times the spec's reward"
    for name, term in compiled.terms.items():
        extra = _factor(term[index], away)
        if extra is not None:
            return _term_words(name, 1.0 + extra)
    return ""


def _term_words(name: str, factor: float) -> str:
    if abs(factor) <= _EXACT:
        return f"the term '{name}' is missing"
    if abs(factor + 1.0) <= _EXACT:
        return f"the term '{name}' has the opposite sign"
    return f"the term '{name}' counts {factor:.6g} times"


def _factor(base: Floats, other: Floats) -> float | None:
    """The number that `base` has to be multiplied with to be `other`, if there is one."""
    square = float(base @ base)
    if square <= 0.0:
        return None
    factor = float(base @ other) / square
    return None if _differs(other - factor * base, base) else factor


def _differs(away: Floats, scale: Floats) -> bool:
    return bool((np.abs(away) > _EXACT * np.maximum(1.0, np.abs(scale))).any())
