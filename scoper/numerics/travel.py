"""Gauss-Seidel sweeps in the order in which values travel: outwards from where episodes end (or the best pay is).

Started from below (a value that no backup lowers), the iterates only rise (Puterman 2005, section 6.3.3), so a state
is right as soon as the states it leads to are. Staying in a state is summed up at once: an absorbing one costs nothing.
The states are renumbered first, so that a sweep reads memory from one end to the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import Floats
from scoper.numerics.compact import Compact
from scoper.numerics.workspace import Workspace

CERTAIN = 1.0 - 1e-12
MOST_ROUNDS = 100_000


@dataclass(frozen=True)
class Renumbered:
    """The compact form in another order: order (S,) names the old states, source (P,) the old pairs.

    The first `sources` states are those from which the waves begin.
    """

    compact: Compact
    order: NDArray[np.uint32]
    source: NDArray[np.uint32]
    sources: int


def travel(space: Workspace, most: float) -> bool:
    """Sweep until certified, or until more than `most` entries are expected to be left; whether it was certified."""
    ways = renumbered(space)
    space.sources = ways.sources
    inner = Workspace(ways.compact, space.discount, space.aim)
    value = _from_below(space)[ways.order]
    _sweep_along(inner, value, most)
    space.work += inner.work
    space.iterations += inner.iterations
    space.sweeps += inner.sweeps
    back, best = np.empty_like(value), np.empty_like(space.best)
    back[ways.order] = inner.out
    best[ways.order] = ways.source[inner.best]
    space.out, space.best = back, best
    if inner.finished:
        space.take(inner)
        return True
    space.follow()
    space.improve(back.copy())
    return space.finished


def _sweep_along(inner: Workspace, value: Floats, most: float) -> None:
    c, fast = inner.compact, inner.fast
    stays = np.empty(c.n_pairs)
    fast.loops_of(c.first, c.offsets, c.successor, c.weight, stays)
    target = 0.5 * inner.goal * (1.0 - inner.most)
    n_actions = max(1, c.n_pairs // c.n_states)
    trail: list[tuple[float, float]] = []
    for _ in range(MOST_ROUNDS):
        change = float(
            fast.settle(c.first, c.offsets, c.successor, c.weight, c.reward, stays, inner.discount, value, inner.best)
        )
        inner.work += c.n_entries + c.n_pairs
        inner.iterations += 1
        inner.follow()
        if change <= target or not math.isfinite(change):
            inner.improve(value.copy())
            target *= 0.3
            if inner.finished or not math.isfinite(change) or inner.error < 4.0 * inner.floor:
                return
        trail.append((inner.work, change))
        if inner.work >= most and _left(trail, target) > most:
            break
        for _ in range(3 * n_actions):
            step = float(fast.settle_chain(*inner.chain, inner.chain_right, inner.best, stays, inner.discount, value))
            inner.work += inner.chain_successor.size
            inner.sweeps += 1
            if step <= max(0.2 * change, 0.5 * target):
                break
    inner.improve(value.copy())


def _left(trail: list[tuple[float, float]], target: float) -> float:
    """The work that is left if changes go on falling as they did in the last half of the trail."""
    (work, change), (then, before) = trail[-1], trail[len(trail) // 2 - 1]
    if change <= target:
        return 0.0
    if change >= before:
        return math.inf
    return math.log(change / target) * (work - then) / math.log(before / change)


def _from_below(space: Workspace) -> Floats:
    """A value (S,) that no backup lowers: the better of a constant and what is certified already."""
    worst = float(np.maximum.reduceat(space.compact.reward, space.compact.starts).min())
    constant = worst / (1.0 - (space.most if worst < 0.0 else space.least))
    return np.maximum(constant, space.out + space.below)


def renumbered(space: Workspace) -> Renumbered:
    """The MDP with its states in waves from where episodes end, or, where none does, from the best pay."""
    c, fast = space.compact, space.fast
    target, stays = np.empty(c.n_pairs, dtype=np.uint32), np.empty(c.n_pairs)
    fast.likeliest(c.first, c.offsets, c.successor, c.weight, target)
    fast.loops_of(c.first, c.offsets, c.successor, c.weight, stays)
    kept = np.minimum.reduceat(stays, c.starts) >= CERTAIN
    ends = np.minimum.reduceat(np.diff(c.offsets.view(np.int64)), c.starts) == 0
    sources = np.flatnonzero(kept | ends)
    if sources.size == 0:
        top = np.maximum.reduceat(c.reward, c.starts)
        sources = np.flatnonzero(top >= top.max())
    order, place = np.empty(c.n_states, dtype=np.uint32), np.empty(c.n_states, dtype=np.uint32)
    fast.waves(c.first, target, sources.astype(np.uint32), order)
    place[order] = np.arange(c.n_states, dtype=np.uint32)
    source = np.empty(c.n_pairs, dtype=np.uint32)
    new = (np.empty_like(c.first), np.empty_like(c.offsets), np.empty_like(c.successor))
    weight, reward = np.empty_like(c.weight), np.empty_like(c.reward)
    fast.permute(order, place, c.first, c.offsets, c.successor, c.weight, c.reward, *new, weight, reward, source)
    compact = Compact(c.n_states, *new, weight, reward, None, c.least, c.most, c.magnitude, c.fan_out)
    return Renumbered(compact, order, source, sources.size)
