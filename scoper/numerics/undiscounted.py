"""Undiscounted MDPs without a time limit, made into stochastic shortest paths that can be solved and certified.

Where a policy may linger for ever without reward, the equation v = Lv has many solutions and a greedy policy may never
get anywhere. So end components whose rewards are all zero are merged into one state each, which may also stay for good
at value zero; the optimum is unchanged. What remains must lose reward by lingering: then the optimum is finite and
unique, or it is said why not. `lift` turns values and pairs of the quotient back into those of the MDP.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints
from scoper.numerics.components import attractor, end_components
from scoper.numerics.kernel import Kernel, ends_of, segments

GAIN_SWEEPS = 20_000


@dataclass(frozen=True)
class ShortestPath:
    """A quotient of `whole` in which every state can end and lingering costs.

    kernel: the quotient; its origin numbers the pairs of `whole`, -1 meaning "stay". state_of (S,): quotient state of
    every state of `whole`, -1 where every policy loses without end. component (S,), inside (P,): the merged components.
    proper (Q,): pairs of a policy that ends with certainty. obstacle: why there is no finite optimum, else empty.
    """

    whole: Kernel
    kernel: Kernel
    state_of: Ints
    component: Ints
    inside: Bools
    proper: Ints
    obstacle: str = ""


def shortest_path(whole: Kernel) -> ShortestPath:
    """The quotient of `whole`; look at `obstacle` before using it."""
    component, inside = end_components(whole, whole.magnitude == 0.0)
    merged, state_of = _merge(whole, component, inside)
    obstacle = _obstacle(merged)
    kept, proper = _winning(merged)
    kernel, new_number = _restrict(merged, kept)
    state_of = new_number[state_of]
    if kernel.n_states == 0 and not obstacle:
        obstacle = "no policy ends the episode, and going on costs without end"
    return ShortestPath(whole, kernel, state_of, component, inside, proper, obstacle)


def lift(problem: ShortestPath, value: Floats, pairs: Ints) -> tuple[Floats, Ints]:
    """Value (S,) and pairs (S,) of the whole kernel from those of the quotient; -inf where every policy loses."""
    known = problem.state_of >= 0
    lifted = np.full(problem.whole.n_states, -np.inf)
    lifted[known] = value[problem.state_of[known]]
    chosen = problem.whole.first_pair[:-1].copy()
    source = np.full(problem.whole.n_states, -1, dtype=np.int64)
    source[known] = problem.kernel.origin[pairs[problem.state_of[known]]]
    plain = known & (problem.component < 0)
    chosen[plain] = source[plain]
    members = np.flatnonzero(problem.component >= 0)
    exits = members[(source[members] >= 0) & (problem.whole.state_of_pair[source[members]] == members)]
    staying = _first_inside(problem)
    chosen[members] = staying[members]
    if exits.size:
        chosen = _walk_to(problem, exits, source, chosen)
    return lifted, chosen


def _first_inside(problem: ShortestPath) -> Ints:
    first = np.full(problem.whole.n_states, -1, dtype=np.int64)
    pairs = np.flatnonzero(problem.inside)[::-1]
    first[problem.whole.state_of_pair[pairs]] = pairs
    return first


def _walk_to(problem: ShortestPath, exits: Ints, source: Ints, chosen: Ints) -> Ints:
    """Inside every merged component whose best pair is an exit: go to that exit's state, then take it."""
    goal = np.zeros(problem.whole.origin.size, dtype=np.bool_)
    goal[source[exits]] = True
    toward = attractor(problem.whole, goal, problem.inside | goal)
    leaving = np.isin(problem.component, problem.component[exits]) & (toward >= 0)
    result = chosen.copy()
    result[leaving] = toward[leaving]
    return result


def _merge(whole: Kernel, component: Ints, inside: Bools) -> tuple[Kernel, Ints]:
    """Every component one state with an extra pair that ends at once and pays nothing."""
    n_merged = int(component.max(initial=-1)) + 1
    single = component < 0
    state_of = np.where(single, n_merged + np.cumsum(single) - 1, component)
    n_states = n_merged + int(single.sum())
    outside = np.flatnonzero(~inside)
    home = np.concatenate([state_of[whole.state_of_pair[outside]], np.arange(n_merged)])
    order = np.argsort(home, kind="stable")
    lengths = np.concatenate([np.diff(whole.offsets)[outside], np.zeros(n_merged, dtype=np.int64)])[order]
    starts = np.concatenate([whole.offsets[outside], np.zeros(n_merged, dtype=np.int64)])[order]
    chosen = segments(starts, lengths)
    blank = np.zeros(n_merged)
    merged = Kernel(
        n_states=n_states,
        first_pair=ends_of(np.bincount(home, minlength=n_states)),
        origin=np.concatenate([outside, np.full(n_merged, -1, dtype=np.int64)])[order],
        offsets=ends_of(lengths),
        successor=state_of[whole.successor[chosen]],
        weight=whole.weight[chosen],
        reward=np.concatenate([whole.reward[outside], blank])[order],
        magnitude=np.concatenate([whole.magnitude[outside], blank])[order],
        ends=np.concatenate([whole.ends[outside], np.ones(n_merged, dtype=np.bool_)])[order],
        fan_out=whole.fan_out,
    )
    return merged, state_of


def _obstacle(kernel: Kernel) -> str:
    """Why lingering does not cost everywhere, or an empty text."""
    component, inside = end_components(kernel, np.ones(kernel.origin.size, dtype=np.bool_))
    for number in range(int(component.max(initial=-1)) + 1):
        pairs = np.flatnonzero(inside & (component[kernel.state_of_pair] == number))
        if float(kernel.reward[pairs].max()) <= 0.0:
            continue
        low, high = gain_bounds(_members(kernel, component == number, pairs))
        if low > 0.0:
            return "reward can be collected without end, so the undiscounted return has no finite optimum"
        if high >= 0.0:
            return "it could not be shown that going round in circles costs reward; use a discount or a time limit"
    return ""


def _members(kernel: Kernel, member: Bools, pairs: Ints) -> Kernel:
    number = np.where(member, np.cumsum(member) - 1, -1)
    return part(kernel, pairs, number, int(member.sum()))


def gain_bounds(component: Kernel) -> tuple[float, float]:
    """Bounds of the best reward per timestep in an end component, until they tell its sign (Odoni 1969).

    Every backup goes half the way only, which keeps a periodic component from swinging.
    """
    value = np.zeros(component.n_states)
    low, high = float("-inf"), float("inf")
    for _ in range(GAIN_SWEEPS):
        change = component.best(component.backup(value, 1.0)) - value
        slack = component.rounding(value, 1.0)
        low, high = float(change.min()) - slack, float(change.max()) + slack
        if low > 0.0 or high < 0.0:
            break
        value = value + 0.5 * change
        value = value - value[0]
    return low, high


def part(kernel: Kernel, pairs: Ints, number: Ints, n_states: int) -> Kernel:
    """The kernel of `pairs`, whose successors all have a `number` (S,) within the part's states."""
    lengths = np.diff(kernel.offsets)[pairs]
    chosen = segments(kernel.offsets[pairs], lengths)
    return Kernel(
        n_states=n_states,
        first_pair=ends_of(np.bincount(number[kernel.state_of_pair[pairs]], minlength=n_states)),
        origin=kernel.origin[pairs],
        offsets=ends_of(lengths),
        successor=number[kernel.successor[chosen]],
        weight=kernel.weight[chosen],
        reward=kernel.reward[pairs],
        magnitude=kernel.magnitude[pairs],
        ends=kernel.ends[pairs],
        fan_out=kernel.fan_out,
    )


def _winning(kernel: Kernel) -> tuple[Bools, Ints]:
    """Pairs that never leave the states from which the episode can be ended with certainty, and a policy doing so.

    The policy is numbered in the kept states and pairs.
    """
    kept = np.ones(kernel.origin.size, dtype=np.bool_)
    while True:
        toward = attractor(kernel, kernel.ends, kept)
        lost = toward < 0
        risky = np.bincount(kernel.pair_of_transition[lost[kernel.successor]], minlength=kept.size) > 0
        smaller = kept & ~risky & ~lost[kernel.state_of_pair]
        if (smaller == kept).all():
            place = np.cumsum(kept) - 1
            return kept, place[toward[~lost]]
        kept = smaller


def _restrict(kernel: Kernel, kept: Bools) -> tuple[Kernel, Ints]:
    """The kernel of the kept pairs and their states, and the new number of every state, -1 for those gone."""
    pairs = np.flatnonzero(kept)
    alive = np.bincount(kernel.state_of_pair[pairs], minlength=kernel.n_states) > 0
    number = np.where(alive, np.cumsum(alive) - 1, -1)
    return part(kernel, pairs, number, int(alive.sum())), number
