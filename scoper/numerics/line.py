"""The value of a policy by elimination along a line of states, and the search for a narrow line.

Orders tried: the states' own, then breadth-first along the policy's graph (Cuthill and McKee 1969). States that a
large part of all rows leads to are kept aside as hubs: one of them would make every order wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import Floats
from scoper.numerics.workspace import Workspace

MOST_HUBS = 4
GROWTH = 20.0
MOST_ROOM = 100_000_000
"""Entries kept by elimination: 0.8 GB."""


@dataclass(frozen=True)
class Line:
    """place (S,) in the order, at (S,) the state at a place, hubs last from n_main on.

    work: expected operations. room: entries that elimination may keep.
    """

    name: str
    place: NDArray[np.uint32]
    at: NDArray[np.uint32]
    n_main: int
    work: float
    room: int

    @cached_property
    def stretches(self) -> Floats:
        """Room for the rows behind the diagonal."""
        return np.empty(self.room)

    def solve(self, space: Workspace, right: Floats | None = None) -> Floats | None:
        """(S,) the value of the chain that `space` holds; None when that takes far more work than expected.

        right (S,): what the chain pays, if not its reward.
        """
        fast, hubs = space.fast, self.at.size - self.n_main
        known, start = np.empty((self.n_main, 1 + hubs)), np.empty(self.n_main + 1, dtype=np.int64)
        value = np.empty(self.at.size)
        line = (*space.chain, space.chain_right if right is None else right, self.place, self.at, self.n_main, known)
        done = float(fast.eliminate(*line, start, self.stretches, GROWTH * self.work + 1e6))
        space.work += abs(done)
        if done < 0.0:
            return None
        fast.solve_hubs(*line, value)
        return value


def best_line(space: Workspace, most: float) -> Line | None:
    """The narrowest order found for the chain that `space` holds, None when all cost more than `most` operations."""
    size = space.best.size
    count = np.zeros(size, dtype=np.uint64)
    space.fast.arrivals(*space.chain[:3], count)
    crowded = np.flatnonzero(count > max(32, size // 16))
    hubs = crowded if crowded.size <= MOST_HUBS else crowded[:0]
    main = np.ones(size, dtype=np.bool_)
    main[hubs] = False
    own = _line(space, "the states' own order", np.flatnonzero(main), hubs)
    if own.work < 0.02 * most or own.work < 4.0 * space.chain_successor.size:
        return own
    found = _line(space, "breadth-first order", _breadth_first(space, main), hubs)
    best = min(own, found, key=lambda line: line.work)
    return best if best.work < most else None


def _line(space: Workspace, name: str, order: NDArray[Any], hubs: NDArray[Any]) -> Line:
    at = np.concatenate([order, hubs]).astype(np.uint32)
    place = np.empty(at.size, dtype=np.uint32)
    place[at] = np.arange(at.size, dtype=np.uint32)
    work, kept = space.fast.spread(*space.chain[:3], place, at, order.size)
    room = int(min(MOST_ROOM, 4.0 * kept + 4.0 * at.size + 1000))
    return Line(name, place, at, order.size, float(work) + 4.0 * at.size, room)


def _breadth_first(space: Workspace, main: NDArray[np.bool_]) -> NDArray[Any]:
    size = main.size
    start = np.zeros(size + 1, dtype=np.int64)
    beside = np.empty(2 * space.chain_successor.size, dtype=np.uint32)
    order = np.empty(size, dtype=np.int64)
    space.fast.neighbours(*space.chain[:3], main, start, beside)
    filled = space.fast.levels(start, beside, main, order)
    return order[:filled]
