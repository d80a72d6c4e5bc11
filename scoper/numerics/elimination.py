"""Solving v = right + P v of a chain by elimination along a line of states, written to be compiled.

I - P is an M-matrix, so no row is ever exchanged (Berman and Plemmons 1994, chapter 6). Rows are eliminated in a
given order; a row keeps its entries behind the diagonal as one stretch, which costs what the bandwidth is at that
place. A few states that everything leads to (hubs) are kept aside: every value is found as a + b * v(hubs), then the
hubs are solved.
"""

from __future__ import annotations

import numpy as np

from scoper.domain.tabular import Floats
from scoper.numerics.loops import ONE, Index, U


def arrivals(room: Index, length: Index, successor: Index, count: Index) -> None:
    """Fill count (S,): how many rows of the chain lead to every state."""
    for s in range(length.size):
        k = U(room[s])
        stop = k + U(length[s])
        while k < stop:
            count[successor[k]] += ONE
            k += ONE


def spread(room: Index, length: Index, successor: Index, place: Index, n_main: int) -> tuple[float, int]:
    """(operations that elimination in this order is expected to need, widest stretch); place (S,), hubs at the end."""
    work, reach, widest = 0.0, 0, 0
    for s in range(length.size):
        i = int(place[s])
        if i >= n_main:
            continue
        low, high = i, i
        k = U(room[s])
        stop = k + U(length[s])
        while k < stop:
            j = int(place[successor[k]])
            if j < n_main:
                low, high = min(low, j), max(high, j)
            k += ONE
        work += float(i - low) * float(high - i + 1) + float(high - low)
        widest = max(widest, high - low)
        reach = max(reach, high - i)
    return work, widest


def eliminate(
    room: Index,
    length: Index,
    successor: Index,
    weight: Floats,
    place: Index,
    at: Index,
    n_main: int,
    known: Floats,
    start: Index,
    upper: Floats,
    budget: float,
) -> float:
    """Solve for known (S, 1+H) in place, row i being the state at[i]; hubs are the places from n_main on.

    known[:, 0] holds the right-hand side, the other columns are scratch. start (n_main+1,) and upper (room for all
    stretches) are scratch. Returns the operations done, or -1.0 where budget or room did not suffice.
    """
    size, columns = at.size, known.shape[1]
    row = np.zeros(size)
    done = 0.0
    start[0] = 0
    for i in range(n_main):
        s = at[i]
        low, high = i, i
        row[i] = 1.0
        for c in range(1, columns):
            known[i, c] = 0.0
        k = U(room[s])
        stop = k + U(length[s])
        while k < stop:
            j = int(place[successor[k]])
            if j < n_main:
                row[j] -= weight[k]
                low, high = min(low, j), max(high, j)
            else:
                known[i, 1 + j - n_main] += weight[k]
            k += ONE
        for j in range(low, i):
            x = row[j]
            row[j] = 0.0
            if x == 0.0:
                continue
            base = int(start[j])
            width = int(start[j + 1]) - base
            for m in range(width):
                row[j + 1 + m] -= x * upper[base + m]
            high = max(high, j + width)
            for c in range(columns):
                known[i, c] -= x * known[j, c]
            done += width + columns
        scale = 1.0 / row[i]
        row[i] = 0.0
        base = int(start[i])
        width = high - i
        if base + width > upper.size or done > budget:
            return -1.0
        start[i + 1] = base + width
        for m in range(width):
            upper[base + m] = row[i + 1 + m] * scale
            row[i + 1 + m] = 0.0
        for c in range(columns):
            known[i, c] *= scale
        done += width + high - low + columns
    for i in range(n_main - 1, -1, -1):
        base = int(start[i])
        width = int(start[i + 1]) - base
        for c in range(columns):
            total = known[i, c]
            for m in range(width):
                total -= upper[base + m] * known[i + 1 + m, c]
            known[i, c] = total
    return done
