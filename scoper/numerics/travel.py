"""Gauss-Seidel sweeps in the order in which values travel: outwards from where episodes end (or the best pay is).

Started from below (a value that no backup lowers), the iterates only rise (Puterman 2005, section 6.3.3), so a state
is right as soon as the states it leads to are. Staying in a state is summed up at once: an absorbing one costs nothing.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import Floats
from scoper.numerics.workspace import Workspace

CERTAIN = 1.0 - 1e-12


def travel(space: Workspace, most_sweeps: int = 400) -> None:
    """Sweep until certified, or until the sweeps stop helping; leaves the certified value in `space`."""
    c, fast = space.compact, space.fast
    stays = np.empty(c.n_pairs)
    fast.loops_of(c.first, c.offsets, c.successor, c.weight, stays)
    order = _order(space, stays)
    value = _from_below(space)
    target = 0.5 * space.goal * (1.0 - space.most)
    arguments = (order, c.first, c.offsets, c.successor, c.weight, c.reward, stays, space.discount)
    n_actions = max(1, c.n_pairs // c.n_states)
    for _ in range(most_sweeps):
        change = float(fast.ordered_best(*arguments, value, space.best))
        space.work += c.n_entries + c.n_pairs
        space.iterations += 1
        if not math.isfinite(change):
            return
        if change <= target:
            space.follow()
            space.out = np.empty_like(value)
            space.improve(value.copy())
            if space.finished or space.error > 4.0 * space.goal:
                pass
            if space.finished:
                return
            target *= 0.3
            if target < space.floor * (1.0 - space.most) * 1e-3:
                return
        space.follow()
        for _ in range(4 * n_actions):
            inner = float(
                fast.ordered_chain(order, *space.chain, space.chain_right, space.best, stays, space.discount, value)
            )
            space.work += space.chain_successor.size
            space.sweeps += 1
            if inner <= max(0.1 * change, 0.5 * target):
                break


def _from_below(space: Workspace) -> Floats:
    """A value (S,) that no backup lowers: the better of a constant and what is certified already."""
    top = np.maximum.reduceat(space.compact.reward, space.compact.starts)
    worst = float(top.min())
    constant = worst / (1.0 - (space.most if worst < 0.0 else space.least))
    return np.maximum(constant, space.out + space.below)


def _order(space: Workspace, stays: Floats) -> NDArray[np.uint32]:
    c = space.compact
    target = np.empty(c.n_pairs, dtype=np.uint32)
    space.fast.likeliest(c.first, c.offsets, c.successor, c.weight, target)
    kept = np.minimum.reduceat(stays, c.starts) >= CERTAIN
    lengths = np.diff(c.offsets)
    ends = np.minimum.reduceat(lengths, c.starts) == 0
    sources = np.flatnonzero(kept | ends)
    if sources.size == 0:
        top = np.maximum.reduceat(c.reward, c.starts)
        sources = np.flatnonzero(top >= top.max())
    order = np.empty(c.n_states, dtype=np.uint32)
    space.fast.waves(c.first, target, sources.astype(np.uint32), order)
    return order
