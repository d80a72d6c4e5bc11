"""The change of a backup to more digits than the values have, written to be compiled.

With large values and a discount near 1, rounding of Lv alone would make the bound of the error coarse. But Lv - v is
r + discount * sum p (v' - v) - (1 - discount * sum p) v: differences of neighbouring values are small and nearly exact,
and the sum of the probabilities is carried in two floats (Knuth 1997, section 4.2.2, theorem B).
"""

from __future__ import annotations

import numpy as np

from scoper.domain.tabular import Floats
from scoper.numerics.loops import ONE, Index, U

ROUNDOFF = 2.0**-53


def changes(
    first: Index,
    offsets: Index,
    successor: Index,
    weight: Floats,
    right: Floats,
    discount: float,
    magnitude: float,
    value: Floats,
    best: Index,
    slack: float,
    change: Floats,
) -> tuple[float, float]:
    """Fill change (S,) with that of the best pairs; bounds of the change over all pairs, rounding included.

    A pair whose plain action value is below the value by more than `slack` cannot be the largest and is passed over.
    """
    low, high = np.inf, -np.inf
    for s in range(value.size):
        here, own = value[s], U(best[s])
        p, end = U(first[s]), U(first[s + 1])
        top = -np.inf
        while p < end:
            k, stop = U(offsets[p]), U(offsets[p + ONE])
            rough = right[p] - here
            while k < stop:
                rough += discount * weight[k] * value[successor[k]]
                k += ONE
            if rough < -slack and p != own:
                p += ONE
                continue
            total, size, mass, rest = right[p], 0.0, 0.0, 0.0
            k = U(offsets[p])
            n = float(stop - k)
            while k < stop:
                part = discount * weight[k] * (value[successor[k]] - here)
                total += part
                size += abs(part)
                up = mass + weight[k]
                bit = up - mass
                rest += (mass - (up - bit)) + (weight[k] - bit)
                mass = up
                k += ONE
            decay = (1.0 - discount) + discount * ((1.0 - mass) - rest)
            error = (n + 10.0) * ROUNDOFF * (size + magnitude + abs(total)) + 8.0 * ROUNDOFF * abs(decay * here)
            error += 4.0 * n * n * ROUNDOFF * ROUNDOFF * abs(here)
            total -= decay * here
            if p == own:
                change[s] = total
                low = min(low, total - error)
            top = max(top, total + error)
            p += ONE
        high = max(high, top)
    return low, high
