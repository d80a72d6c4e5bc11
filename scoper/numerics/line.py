"""The value of a policy by elimination along a line of states, and the search for a narrow line.

Orders tried: the states' own, then breadth-first along the policy's graph (Cuthill and McKee 1969). States that a
large part of all rows leads to are kept aside as hubs: one of them would make every order wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import Floats
from scoper.numerics.workspace import Workspace

MOST_HUBS = 4
WIDEST = 4_000_000
GROWTH = 20.0


@dataclass(frozen=True)
class Line:
    """place (S,) in the order, at (S,) the state at a place, hubs last from n_main on; work: expected operations."""

    name: str
    place: NDArray[np.uint32]
    at: NDArray[np.uint32]
    n_main: int
    work: float

    def solve(self, space: Workspace) -> Floats | None:
        """(S,) the value of the chain that `space` holds; None when that takes far more work than expected."""
        hubs = self.at.size - self.n_main
        known = np.empty((self.n_main, 1 + hubs))
        known[:, 0] = space.chain_right[self.at[: self.n_main]]
        start = np.empty(self.n_main + 1, dtype=np.int64)
        room = int(min(60_000_000, max(2.0 * self.work, 8.0 * self.n_main) + 1000))
        upper = np.empty(room)
        done = space.fast.eliminate(
            *space.chain, self.place, self.at, self.n_main, known, start, upper, GROWTH * self.work + 1e6
        )
        space.work += abs(float(done))
        if done < 0.0:
            return None
        value = np.empty(self.at.size)
        if hubs:
            aside = self._hub_values(space, known)
            value[self.at[self.n_main :]] = aside
            value[self.at[: self.n_main]] = known[:, 0] + known[:, 1:] @ aside
        else:
            value[self.at] = known[:, 0]
        return value

    def _hub_values(self, space: Workspace, known: Floats) -> Floats:
        count = self.at.size - self.n_main
        matrix, right = np.eye(count), np.empty(count)
        for row, state in enumerate(self.at[self.n_main :]):
            begin = int(space.room[state])
            here = slice(begin, begin + int(space.length[state]))
            weight, where = space.chain_weight[here], self.place[space.chain_successor[here]]
            inner = where < self.n_main
            right[row] = space.chain_right[state] + weight[inner] @ known[where[inner], 0]
            matrix[row] -= weight[inner] @ known[where[inner], 1:]
            np.subtract.at(matrix[row], where[~inner].astype(np.int64) - self.n_main, weight[~inner])
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)


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
    work, _ = space.fast.spread(*space.chain[:3], place, order.size)
    return Line(name, place, at, order.size, float(work) + 4.0 * at.size)


def _breadth_first(space: Workspace, main: NDArray[np.bool_]) -> NDArray[Any]:
    size = main.size
    start = np.zeros(size + 1, dtype=np.int64)
    beside = np.empty(2 * space.chain_successor.size, dtype=np.uint32)
    order = np.empty(size, dtype=np.int64)
    space.fast.neighbours(*space.chain[:3], main, start, beside)
    filled = space.fast.levels(start, beside, main, order)
    return order[:filled]
