"""Inner loops of the solvers, written to be compiled: `scoper.numerics.compiled` does that; as Python they crawl.

Arrays follow `scoper.numerics.compact`: indices are unsigned, because a signed one costs a test for negatives at every
read. Sums stay sequential: vectorised gathers of rows this short are slower (1.5 against 0.4 ns an entry).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoper.domain.tabular import Floats

U = np.uint64
ONE = np.uint64(1)

Index = Any  # unsigned integer arrays; numpy's stubs have no name for "uint32 or uint64"


def describe(
    offsets: Index, probability: Floats, reward: Floats, ends: Index, use: Index, right: Floats, mass: Floats
) -> tuple[float, int, int, bool]:
    """Fill right (P,), the expected reward, and mass (P,), the probability of going on.

    Returns the largest expected |reward|, the longest row, the entries that continue, and whether any is left out.
    """
    largest, longest, kept, gaps = 0.0, 0, 0, False
    for pair in range(right.size):
        total = size = goes_on = 0.0
        k, stop = U(offsets[pair]), U(offsets[pair + 1])
        longest = max(longest, int(stop - k))
        before = kept
        while k < stop:
            p = probability[k]
            total += p * reward[k]
            size += p * abs(reward[k])
            if p > 0.0 and not ends[k]:
                goes_on += p
                kept += 1
            k += ONE
        right[pair], mass[pair] = total, goes_on
        if not use[pair]:
            kept, gaps = before, True
            continue
        if kept - before != int(stop - U(offsets[pair])):
            gaps = True
        if size > largest:
            largest = size
    return largest, longest, kept, gaps


def pack(
    offsets: Index,
    successor: Index,
    probability: Floats,
    ends: Index,
    pairs: Index,
    new_offsets: Index,
    new_successor: Index,
    weight: Floats,
) -> None:
    """Copy the continuing entries of `pairs` (Q,)."""
    m = U(0)
    for q in range(pairs.size):
        new_offsets[q] = m
        k, stop = U(offsets[pairs[q]]), U(offsets[pairs[q] + 1])
        while k < stop:
            if probability[k] > 0.0 and not ends[k]:
                new_successor[m] = successor[k]
                weight[m] = probability[k]
                m += ONE
            k += ONE
    new_offsets[pairs.size] = m


def best_reward(first: Index, right: Floats, best: Index, out: Floats) -> None:
    """The backup of a value of zero: out (S,) and best (S,)."""
    for s in range(out.size):
        p = U(first[s])
        top, at = right[p], p
        p += ONE
        while p < first[s + 1]:
            if right[p] > top:
                top, at = right[p], p
            p += ONE
        out[s], best[s] = top, at


def follow(
    offsets: Index,
    successor: Index,
    weight: Floats,
    right: Floats,
    discount: float,
    room: Index,
    best: Index,
    held: Index,
    length: Index,
    chain_successor: Index,
    chain_weight: Floats,
    chain_right: Floats,
) -> int:
    """Bring the chain's rows up to date with `best` (S,); held (S,) is what they hold. Returns the rows that changed.

    room (S,) is where the row of a state begins: rows have room for the longest, so one can be replaced in place.
    """
    changed = 0
    for s in range(best.size):
        p = best[s]
        if held[s] == p:
            continue
        changed += 1
        held[s] = p
        k, stop, m = U(offsets[p]), U(offsets[p + ONE]), U(room[s])
        length[s] = stop - k
        while k < stop:
            chain_successor[m] = successor[k]
            chain_weight[m] = discount * weight[k]
            m += ONE
            k += ONE
        chain_right[s] = right[p]
    return changed


def sweep(
    room: Index, length: Index, successor: Index, weight: Floats, right: Floats, value: Floats, out: Floats
) -> tuple[float, float]:
    """Set out (S,) to right + weight * value; the least and the largest change."""
    low, high = np.inf, -np.inf
    for s in range(out.size):
        q = right[s]
        k = U(room[s])
        stop = k + U(length[s])
        while k < stop:
            q += weight[k] * value[successor[k]]
            k += ONE
        out[s] = q
        d = q - value[s]
        low = d if d < low else low
        high = d if d > high else high
    return low, high


def improve(
    first: Index,
    offsets: Index,
    successor: Index,
    weight: Floats,
    right: Floats,
    discount: float,
    room: Index,
    length: Index,
    chain_successor: Index,
    chain_weight: Floats,
    chain_right: Floats,
    value: Floats,
    out: Floats,
    best: Index,
    upper: Floats,
    rival: Floats,
    drift: float,
    slack: float,
) -> tuple[float, float, float, int]:
    """The backup of `value` (S,): out, best (S,), least and largest change, largest gain over the chain, entries read.

    The chain must hold `best`. upper (P,) bounds every pair's action value less the drift at the time it was last
    computed, rival (S,) those of all pairs but the best; what is below the best by more than `slack` need not be
    looked at (temporary action elimination, Puterman 2005, section 6.7.3).
    """
    low, high, gain, read = np.inf, -np.inf, 0.0, 0
    for s in range(out.size):
        q = chain_right[s]
        k = U(room[s])
        stop = k + U(length[s])
        while k < stop:
            q += chain_weight[k] * value[chain_successor[k]]
            k += ONE
        top = q
        limit = q - drift - slack
        if rival[s] >= limit:
            own = U(best[s])
            at, second = own, -np.inf
            p, end = U(first[s]), U(first[s + 1])
            while p < end:
                if p != own:
                    x = upper[p]
                    if x >= limit:
                        x = 0.0
                        k, stop = U(offsets[p]), U(offsets[p + ONE])
                        read += int(stop - k)
                        while k < stop:
                            x += weight[k] * value[successor[k]]
                            k += ONE
                        x = right[p] + discount * x
                        if x > top:
                            second = max(second, top - drift)
                            top, at = x, p
                            limit = top - drift - slack
                            x -= drift
                            upper[p] = x
                        else:
                            x -= drift
                            upper[p] = x
                            second = max(second, x)
                    else:
                        second = max(second, x)
                p += ONE
            upper[own] = q - drift
            rival[s] = second
            best[s] = at
            gain = max(gain, top - q)
        out[s] = top
        d = top - value[s]
        low = d if d < low else low
        high = d if d > high else high
    return low, high, gain, read


def moved(value: Floats, before: Floats) -> tuple[float, float]:
    """The least and the largest of value - before, both (S,)."""
    low, high = np.inf, -np.inf
    for s in range(value.size):
        d = value[s] - before[s]
        low = d if d < low else low
        high = d if d > high else high
    return low, high


def loops_of(first: Index, offsets: Index, successor: Index, weight: Floats, stays: Floats) -> int:
    """Fill stays (P,), the probability of staying in the pair's own state; the number of pairs that may stay."""
    count = 0
    for s in range(first.size - 1):
        p, end = U(first[s]), U(first[s + 1])
        while p < end:
            x = 0.0
            k, stop = U(offsets[p]), U(offsets[p + ONE])
            while k < stop:
                if successor[k] == s:
                    x += weight[k]
                k += ONE
            stays[p] = x
            if x > 0.0:
                count += 1
            p += ONE
    return count


def settle(
    first: Index,
    offsets: Index,
    successor: Index,
    weight: Floats,
    right: Floats,
    stays: Floats,
    discount: float,
    value: Floats,
    best: Index,
) -> float:
    """One Gauss-Seidel sweep from the first state to the last, staying summed up at once; the largest change."""
    largest = 0.0
    for s in range(value.size):
        old = value[s]
        p, end = U(first[s]), U(first[s + 1])
        top, at = -np.inf, p
        while p < end:
            x = 0.0
            k, stop = U(offsets[p]), U(offsets[p + ONE])
            while k < stop:
                x += weight[k] * value[successor[k]]
                k += ONE
            x = right[p] + discount * x
            loop = discount * stays[p]
            if loop > 0.0:
                x = (x - loop * old) / (1.0 - loop)
            if x > top:
                top, at = x, p
            p += ONE
        value[s], best[s] = top, at
        largest = max(largest, abs(top - old))
    return largest


def settle_chain(
    room: Index,
    length: Index,
    successor: Index,
    weight: Floats,
    right: Floats,
    best: Index,
    stays: Floats,
    discount: float,
    value: Floats,
) -> float:
    """The same for the chain of one policy."""
    largest = 0.0
    for s in range(value.size):
        old, q = value[s], right[s]
        k = U(room[s])
        stop = k + U(length[s])
        while k < stop:
            q += weight[k] * value[successor[k]]
            k += ONE
        loop = discount * stays[best[s]]
        if loop > 0.0:
            q = (q - loop * old) / (1.0 - loop)
        value[s] = q
        largest = max(largest, abs(q - old))
    return largest
