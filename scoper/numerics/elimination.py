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


def spread(room: Index, length: Index, successor: Index, place: Index, at: Index, n_main: int) -> tuple[float, float]:
    """At most so many operations and entries does elimination in this order need; place (S,), hubs at the end."""
    work, kept, reach = 0.0, 0.0, 0
    for i in range(n_main):
        s = at[i]
        low, high = i, i
        k = U(room[s])
        stop = k + U(length[s])
        while k < stop:
            j = int(place[successor[k]])
            if j < n_main:
                low, high = min(low, j), max(high, j)
            k += ONE
        if low < i:  # rows above fill this one as far as they reach
            high = max(high, reach)
        reach = max(reach, high)
        work += float(i - low) * float(high - i + 1) + float(high - low)
        kept += float(high - i)
    return work, kept


def eliminate(
    room: Index,
    length: Index,
    successor: Index,
    weight: Floats,
    right: Floats,
    place: Index,
    at: Index,
    n_main: int,
    known: Floats,
    start: Index,
    upper: Floats,
    budget: float,
) -> float:
    """Solve for known (n_main, 1+H), row i being the state at[i]; hubs are the places from n_main on.

    Column 0 is the part of the value that no hub has a share in, the others are the shares of the hubs. start
    (n_main+1,) and upper (room for all stretches) are scratch. Returns the operations done, or -1.0 where budget or
    room did not suffice.
    """
    size, columns = at.size, known.shape[1]
    row = np.zeros(size)
    done = 0.0
    start[0] = 0
    for i in range(n_main):
        s = at[i]
        low, high = i, i
        row[i], known[i, 0] = 1.0, right[s]
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


def solve_hubs(
    room: Index,
    length: Index,
    successor: Index,
    weight: Floats,
    right: Floats,
    place: Index,
    at: Index,
    n_main: int,
    known: Floats,
    value: Floats,
) -> None:
    """Fill value (S,) from what `eliminate` left in known: solve the hubs, then put them into all others."""
    hubs = at.size - n_main
    matrix, aside = np.eye(hubs), np.empty(hubs)
    for h in range(hubs):
        s = at[n_main + h]
        aside[h] = right[s]
        k = U(room[s])
        stop = k + U(length[s])
        while k < stop:
            j = int(place[successor[k]])
            if j >= n_main:
                matrix[h, j - n_main] -= weight[k]
            else:
                aside[h] += weight[k] * known[j, 0]
                for c in range(hubs):
                    matrix[h, c] -= weight[k] * known[j, 1 + c]
            k += ONE
    for h in range(hubs):  # an M-matrix again: no exchange of rows
        for g in range(h + 1, hubs):
            x = matrix[g, h] / matrix[h, h]
            aside[g] -= x * aside[h]
            for c in range(h, hubs):
                matrix[g, c] -= x * matrix[h, c]
    for h in range(hubs - 1, -1, -1):
        for c in range(h + 1, hubs):
            aside[h] -= matrix[h, c] * aside[c]
        aside[h] /= matrix[h, h]
        value[at[n_main + h]] = aside[h]
    for i in range(n_main):
        x = known[i, 0]
        for c in range(hubs):
            x += known[i, 1 + c] * aside[c]
        value[at[i]] = x
