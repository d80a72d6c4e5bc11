"""Is the reward the owner's number up to a cut? A fit of R = min(a U + b, cut), action by action, and its mirror.

Off the cut the reward must be a straight line of the owner's number over several levels; on it that line must lead
beyond the cut. A reward that takes no notice of a loss fails either: it lies on the line's other points, not at its
end. What the line would have paid beyond the cut is what un-cutting gives back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.diagnostics._signs import Samples
from scoper.domain.tabular import Bools, Floats, Ints

STRAIGHT, SHORT, ON_THE_LINE = 0.98, 0.02, 0.1
"""R² off the cut; of what is at the cut at most that where the line ends short of it, and just on it."""
LEAST, LEVELS = 0.005, 3
_FREE = 0.03


@dataclass(frozen=True)
class Cut:
    """at (n,): samples at the cut. share: of all samples. side: -1 for the bottom, 1 for the top.

    beyond (n,): what the line of the others would add to the reward there, zero elsewhere.
    """

    at: Bools
    share: float
    side: int
    beyond: Floats


def cut_of(samples: Samples) -> Cut | None:
    """The cut that fits, of the whole reward or else of every action's own; None where none does."""
    if samples.wanted is None or samples.reward.size < LEVELS:
        return None
    for own in (False, True):
        for side in (-1, 1):
            found = _fitted(samples, side, own)
            if found is not None:
                return found
    return None


def _fitted(samples: Samples, side: int, own: bool) -> Cut | None:
    """A cut on one side, at one height for all actions or at each one's own extreme."""
    assert samples.wanted is not None
    reward, wanted, weight = side * samples.reward, side * samples.wanted, samples.weight / samples.weight.sum()
    slack = 1e-6 * max(float(np.ptp(reward)), 1e-12)
    top = np.full(reward.size, reward.max())
    for action in np.unique(samples.action) if own else ():
        mine = samples.action == action
        top[mine] = reward[mine].max()
    at = reward >= top - slack
    for _ in range(2):  # an action whose extreme lies on the line is not cut: once more without it
        line = _line(reward, wanted, samples.action, weight, ~at)
        if line is None:
            return None
        paid, error = line
        known = np.isfinite(paid)
        just = known & at & (np.abs(paid - top) <= np.maximum(3.0 * error, slack * 10))
        uncut = [
            action
            for action in np.unique(samples.action[at])
            if float(weight[just & (samples.action == action)].sum())
            > ON_THE_LINE * float(weight[at & (samples.action == action)].sum())
        ]
        if not uncut:
            break
        if not own:
            return None
        at = at & ~np.isin(samples.action, uncut)
    held = float(weight[at & known].sum())
    if held < LEAST or held < 0.5 * float(weight[at].sum()) or uncut:
        return None
    excess = np.where(at & known, paid - top, 0.0)
    if float(weight[at & known & (excess < -3.0 * error - slack)].sum()) > SHORT * held:
        return None
    return Cut(at, held, side, side * excess)


def _line(reward: Floats, wanted: Floats, action: Ints, weight: Floats, free: Bools) -> tuple[Floats, float] | None:
    """(n,) what R = a U + b pays, with one b for all actions or else one for each, and its error; None for no line."""
    if float(weight[free].sum()) < _FREE or np.unique(np.round(reward[free], 9)).size < LEVELS:
        return None
    for each in (False, True):
        numbers, group = np.unique(action, return_inverse=True) if each else (np.zeros(1), np.zeros(action.size, int))
        mass = np.bincount(group[free], weights=weight[free], minlength=numbers.size)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean_r, mean_u = (
                np.bincount(group[free], weights=(weight * amount)[free], minlength=numbers.size) / mass
                for amount in (reward, wanted)
            )
        r, u, w = (reward - mean_r[group])[free], (wanted - mean_u[group])[free], weight[free]
        spread = float(w @ u**2)
        total = float(w @ r**2)
        if spread <= 0.0 or total <= 0.0:
            continue
        slope = float(w @ (r * u)) / spread
        left = float(w @ (r - slope * u) ** 2)
        levels = max(np.unique(np.round(u[group[free] == g], 9)).size for g in range(numbers.size))
        if slope > 0.0 and left <= (1.0 - STRAIGHT) * total and levels >= LEVELS:
            return slope * (wanted - mean_u[group]) + mean_r[group], float(np.sqrt(left / w.sum()))
    return None
