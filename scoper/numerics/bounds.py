"""Two-sided bounds of the optimal value from one backup of any value function.

With d = Lv - v, low <= d <= high and the mass of every pair between m and M < 1, the shift c for which v + c is a
sub- or supersolution bounds the optimum: c = low / (1 - m) for low >= 0 and low / (1 - M) otherwise, the upper side
alike. For m = M = discount these are the bounds of MacQueen (1966), Puterman (2005), proposition 6.6.5; masses below
that account for episodes that end. Float rounding is part of low and high, so the bounds hold for the arrays as given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints
from scoper.numerics.compiled import worthwhile
from scoper.numerics.components import attractor, end_components
from scoper.numerics.kernel import UNIT_ROUNDOFF, Kernel
from scoper.numerics.linear import solve_chain
from scoper.numerics.wavefront import expected_steps

TIE_SHARES = (1e-4, 1e-6, 1e-8)
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Enclosure:
    """|value - optimum| <= error_bound in every state; `greedy` (S,) pairs are optimal within twice that.

    backed_up (S,) is the plain backup Lv, residual the largest |Lv - v|.
    """

    value: Floats
    greedy: Ints
    backed_up: Floats
    residual: float
    error_bound: float


def scale_of(kernel: Kernel, value: Floats) -> float:
    """The size that tolerances are relative to: the largest expected absolute reward or value."""
    return max(float(kernel.magnitude.max(initial=0.0)), float(np.abs(value).max(initial=0.0)))


def close_enough(error_bound: float, goal: float) -> bool:
    """Whether a bound is within the goal; an infinite bound never is, not even within an infinite goal."""
    return bool(np.isfinite(error_bound) and error_bound <= goal)


def enclose_discounted(kernel: Kernel, value: Floats, discount: float) -> Enclosure:
    """Bounds for a discount below 1, or for any discount when every pair ends the episode with positive probability."""
    action_value = kernel.backup(value, discount)
    greedy = kernel.greedy(action_value)
    backed_up = action_value[greedy]
    change = backed_up - value
    rounding = kernel.rounding(value, discount)
    slack = (kernel.fan_out + 2) * UNIT_ROUNDOFF
    least = discount * float(kernel.mass.min(initial=1.0)) * (1.0 - slack)
    most = discount * float(kernel.mass.max(initial=0.0)) * (1.0 + slack)
    residual = float(np.abs(change).max(initial=0.0))
    if most >= 1.0 or not np.isfinite(residual):
        return Enclosure(value, greedy, backed_up, residual, float("inf"))
    low = float(change.min(initial=np.inf)) - rounding
    high = float(change.max(initial=-np.inf)) + rounding
    below, above = shifts(low, high, least, most)
    return _between(greedy, backed_up, below, above, residual, rounding)


def shifts(low: float, high: float, least: float, most: float) -> tuple[float, float]:
    """How far the optimum can be below and above Lv when low <= Lv - v <= high; discounted masses least, most < 1."""
    below = low * (least / (1.0 - least) if low >= 0.0 else most / (1.0 - most))
    above = high * (most / (1.0 - most) if high >= 0.0 else least / (1.0 - least))
    return below, above


def _between(greedy: Ints, start: Floats, below: float, above: float, residual: float, rounding: float) -> Enclosure:
    """The middle of [start + below, start + above]; the bound counts the rounding of these very sums too."""
    sums = 8 * UNIT_ROUNDOFF * (float(np.abs(start).max(initial=0.0)) + abs(below) + abs(above))
    bound = max(0.0, 0.5 * (above - below)) + rounding + sums
    return Enclosure(start + 0.5 * (above + below), greedy, start, residual, bound)


def enclose_undiscounted(kernel: Kernel, value: Floats) -> Enclosure:
    """Bounds without a discount, for a kernel in which staying for ever costs without end (a stochastic shortest path).

    Below: the greedy policy earns at least v + (steps until it ends) * min(0, min d). Above: pairs whose advantage is
    at least -c are near-tied; if every policy of near-tied pairs ends, after at most H expected steps, and
    max d * H <= c, then v + max d * H is a supersolution (Bertsekas and Tsitsiklis 1991, proposition 1). An
    infinite error_bound means that no such bound was found, not that the value is wrong.
    """
    action_value = kernel.backup(value, 1.0)
    greedy = kernel.greedy(action_value)
    backed_up = action_value[greedy]
    advantage = action_value - value[kernel.state_of_pair]
    change = advantage[greedy]
    residual = float(np.abs(change).max(initial=0.0))
    rounding = kernel.rounding(value, 1.0)
    nothing = Enclosure(value, greedy, backed_up, residual, float("inf"))
    steps = steps_until_end(kernel.keep_pairs(greedy)) if np.isfinite(residual) else None
    if steps is None:
        return nothing
    below = min(0.0, float(change.min()) - rounding) * float(steps.max())
    gain = max(0.0, float(change.max())) + rounding
    for share in TIE_SHARES:
        tie = share * scale_of(kernel, value)
        longest = _longest(kernel, advantage >= -tie, greedy)
        if longest is not None and gain * longest <= tie:
            middle = _between(greedy, value, below, gain * longest, residual, rounding)
            return replace(middle, backed_up=backed_up)
    return nothing


def policy_error(chain: Kernel, value: Floats, discount: float) -> float:
    """A bound of |value - true value| of the one-pair-per-state `chain`; infinite where none can be given."""
    residual = float(np.abs(chain.backup(value, discount) - value).max(initial=0.0)) + chain.rounding(value, discount)
    if not np.isfinite(residual):
        return float("inf")
    if discount < 1.0:
        slack = 1.0 + (chain.fan_out + 2) * UNIT_ROUNDOFF
        most = discount * float(chain.mass.max(initial=0.0)) * slack
        return residual / (1.0 - most) if most < 1.0 else float("inf")
    steps = steps_until_end(chain)
    return float("inf") if steps is None else residual * float(steps.max(initial=0.0))


def steps_until_end(chain: Kernel) -> Floats | None:
    """(S,) upper bounds of the expected steps until the chain's episode ends; None if it may not end."""
    everything = np.ones(chain.origin.size, dtype=np.bool_)
    if (attractor(chain, chain.ends, everything) < 0).any():
        return None
    steps = expected_steps(chain) if worthwhile(chain.successor.size) else None
    if steps is None:
        steps = solve_chain(chain, 1.0, np.ones(chain.n_states))
    return _certified_steps(chain, steps)


def _certified_steps(kernel: Kernel, steps: Floats) -> Floats | None:
    """`steps` enlarged so that steps >= 1 + P steps holds for every pair in spite of rounding, or None."""
    if not np.isfinite(steps).all() or (steps < 0.0).any():
        return None
    excess = 1.0 + kernel.expect(steps) - steps[kernel.state_of_pair]
    error = max(0.0, float(excess.max())) + kernel.rounding(steps, 1.0)
    return steps / (1.0 - error) if error <= 0.5 else None


def _longest(kernel: Kernel, near_tied: Bools, greedy: Ints) -> float | None:
    """A bound of the expected steps of every policy of near-tied pairs; None if one of them may stay for ever."""
    kept = near_tied.copy()
    kept[greedy] = True
    if end_components(kernel, kept)[1].any():
        return None
    ties = kernel.keep_pairs(np.flatnonzero(kept))
    if worthwhile(ties.successor.size):
        settled = expected_steps(ties)
        certified = None if settled is None else _certified_steps(ties, settled)
        if certified is not None:
            return float(certified.max())
    chosen = np.searchsorted(np.flatnonzero(kept), greedy)
    for _ in range(LONGEST_SEARCH):
        steps = solve_chain(ties.keep_pairs(chosen), 1.0, np.ones(kernel.n_states))
        if not np.isfinite(steps).all():
            return None
        longer = 1.0 + ties.expect(steps)
        improved = ties.greedy(longer)
        if (longer[improved] <= longer[chosen] + 0.25).all():
            certified = _certified_steps(ties, steps)
            return None if certified is None else float(certified.max())
        chosen = np.where(longer[improved] > longer[chosen] + 0.25, improved, chosen)
    return None
