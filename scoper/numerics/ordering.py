"""Orders of the states in which elimination is narrow or in which values travel far in one sweep; to be compiled."""

from __future__ import annotations

import numpy as np

from scoper.domain.tabular import Floats
from scoper.numerics.loops import ONE, Index, U


def likeliest(first: Index, offsets: Index, successor: Index, weight: Floats, target: Index) -> None:
    """Fill target (P,): the most probable successor of every pair other than its own state; the own state if none."""
    for s in range(first.size - 1):
        p, end = U(first[s]), U(first[s + 1])
        while p < end:
            at, most = U(s), 0.0
            k, stop = U(offsets[p]), U(offsets[p + ONE])
            while k < stop:
                if weight[k] > most and successor[k] != s:
                    at, most = U(successor[k]), weight[k]
                k += ONE
            target[p] = at
            p += ONE


def waves(first: Index, target: Index, sources: Index, order: Index) -> int:
    """Fill order (S,): states by the steps they need to a source along `target` edges; how many get there.

    The others follow in their own order.
    """
    size = first.size - 1
    head = np.zeros(size + 2, dtype=np.int64)
    for p in range(target.size):
        head[target[p] + 2] += 1
    for s in range(2, size + 2):
        head[s] += head[s - 1]
    back = np.empty(target.size, dtype=np.uint32)
    for s in range(size):
        for p in range(first[s], first[s + 1]):
            t = target[p]
            back[head[t + 1]] = s
            head[t + 1] += 1
    seen = np.zeros(size, dtype=np.bool_)
    filled = 0
    for source in sources:
        seen[source] = True
        order[filled] = source
        filled += 1
    i = 0
    while i < filled:
        s = order[i]
        for m in range(head[s], head[s + 1]):
            t = back[m]
            if not seen[t]:
                seen[t] = True
                order[filled] = t
                filled += 1
        i += 1
    reached = filled
    for s in range(size):
        if not seen[s]:
            order[filled] = s
            filled += 1
    return reached


def neighbours(room: Index, length: Index, successor: Index, main: Index, start: Index, beside: Index) -> None:
    """The undirected graph of a chain among the `main` (S,) states: beside[start[s]:start[s+1]], with repetitions."""
    size = length.size
    for s in range(size):
        for k in range(room[s], room[s] + length[s]):
            t = successor[k]
            if t != s and main[s] and main[t]:
                start[s + 1] += 1
                start[t + 1] += 1
    for s in range(size):
        start[s + 1] += start[s]
    cursor = start[:-1].copy()
    for s in range(size):
        for k in range(room[s], room[s] + length[s]):
            t = successor[k]
            if t != s and main[s] and main[t]:
                beside[cursor[s]] = t
                cursor[s] += 1
                beside[cursor[t]] = s
                cursor[t] += 1


def levels(start: Index, beside: Index, main: Index, order: Index) -> int:
    """Breadth-first order of the main states, every part from an end of it (Cuthill and McKee 1969); their number."""
    size = start.size - 1
    mark = np.zeros(size, dtype=np.int64)
    stamp, filled = 0, 0
    done = np.zeros(size, dtype=np.bool_)
    for seed in range(size):
        if done[seed] or not main[seed]:
            continue
        root = seed
        for _ in range(3):  # the last state reached is far from the root: begin again there
            stamp += 1
            mark[root] = stamp
            order[filled] = root
            i, n = filled, filled + 1
            while i < n:
                s = order[i]
                for m in range(start[s], start[s + 1]):
                    t = beside[m]
                    if mark[t] != stamp:
                        mark[t] = stamp
                        order[n] = t
                        n += 1
                i += 1
            root = order[n - 1]
        for i in range(filled, n):
            done[order[i]] = True
        filled = n
    return filled


def permute(
    order: Index,
    place: Index,
    first: Index,
    offsets: Index,
    successor: Index,
    weight: Floats,
    right: Floats,
    new_first: Index,
    new_offsets: Index,
    new_successor: Index,
    new_weight: Floats,
    new_right: Floats,
    source: Index,
) -> None:
    """Renumber the states by `order`; source (P,): the old number of every pair."""
    q, m = U(0), U(0)
    for i in range(order.size):
        s = order[i]
        new_first[i] = q
        p, end = U(first[s]), U(first[s + ONE])
        while p < end:
            new_offsets[q] = m
            new_right[q], source[q] = right[p], p
            k, stop = U(offsets[p]), U(offsets[p + ONE])
            while k < stop:
                new_successor[m] = place[successor[k]]
                new_weight[m] = weight[k]
                m += ONE
                k += ONE
            q += ONE
            p += ONE
    new_first[order.size] = q
    new_offsets[q] = m
