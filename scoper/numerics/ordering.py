"""Orders of the states in which elimination is narrow or values travel far, and walks over graphs; to be compiled."""

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


def strong_components(
    offsets: Index, first: Index, successor: Index, inside: Index, alive: Index, component: Index
) -> int:
    """Number the strongly connected components of the alive (S,) states along the inside (P,) pairs; their number.

    component (S,) must come filled with -1. Tarjan (1972), with a path in the place of recursion.
    """
    size = first.size - 1
    index, low = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    pair, entry = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    stack, path = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    counter = found = stacked = 0
    for root in range(size):
        if not alive[root] or index[root] > 0:
            continue
        depth = 1
        path[0] = root
        while depth > 0:
            node = path[depth - 1]
            if index[node] == 0:
                counter += 1
                index[node] = low[node] = counter
                stack[stacked] = node
                stacked += 1
                pair[node] = first[node]
                entry[node] = offsets[pair[node]]
            child = -1
            while pair[node] < first[node + 1] and child < 0:
                if inside[pair[node]]:
                    while entry[node] < offsets[pair[node] + 1]:
                        target = successor[entry[node]]
                        entry[node] += 1
                        if not alive[target]:
                            continue
                        if index[target] == 0:
                            child = target
                            break
                        if component[target] < 0 and index[target] < low[node]:
                            low[node] = index[target]
                if child < 0:
                    pair[node] += 1
                    if pair[node] < first[node + 1]:
                        entry[node] = offsets[pair[node]]
            if child >= 0:
                path[depth] = child
                depth += 1
                continue
            depth -= 1
            if low[node] == index[node]:
                member = -1
                while member != node:
                    stacked -= 1
                    member = stack[stacked]
                    component[member] = found
                found += 1
            if depth > 0 and low[node] < low[path[depth - 1]]:
                low[path[depth - 1]] = low[node]
    return found


def toward(offsets: Index, state_of_pair: Index, successor: Index, goal: Index, allowed: Index, chosen: Index) -> None:
    """Fill chosen (S,), which must come filled with -1: see `scoper.numerics.components.attractor`."""
    size, pairs = chosen.size, state_of_pair.size
    head, back = np.zeros(size + 2, dtype=np.int64), np.empty(successor.size, dtype=np.int64)
    for k in range(successor.size):
        head[successor[k] + 2] += 1
    for s in range(2, size + 2):
        head[s] += head[s - 1]
    for p in range(pairs):
        for k in range(offsets[p], offsets[p + 1]):
            t = successor[k] + 1
            back[head[t]] = p
            head[t] += 1
    order = np.empty(size, dtype=np.int64)
    filled = 0
    for p in range(pairs):
        s = state_of_pair[p]
        if goal[p] and allowed[p] and chosen[s] < 0:
            chosen[s] = p
            order[filled] = s
            filled += 1
    begun = 0
    while begun < filled:
        wave = filled
        for i in range(begun, wave):
            for m in range(head[order[i]], head[order[i] + 1]):
                p = back[m]
                s = state_of_pair[p]
                if not allowed[p]:
                    continue
                if chosen[s] < 0:  # told from states of earlier waves by the sign
                    if chosen[s] == -1:
                        order[filled] = s
                        filled += 1
                        chosen[s] = -2 - p
                    else:
                        chosen[s] = max(chosen[s], -2 - p)
        for i in range(wave, filled):
            chosen[order[i]] = -2 - chosen[order[i]]
        begun = wave


def wither(offsets: Index, state_of_pair: Index, successor: Index, inside: Index, n_states: int) -> None:
    """Take from inside (P,) every pair that may lead to a state without inside pairs, until none does."""
    pairs = state_of_pair.size
    head, back = np.zeros(n_states + 2, dtype=np.int64), np.empty(successor.size, dtype=np.int64)
    left = np.zeros(n_states, dtype=np.int64)
    for p in range(pairs):
        if inside[p]:
            left[state_of_pair[p]] += 1
            for k in range(offsets[p], offsets[p + 1]):
                head[successor[k] + 2] += 1
    for s in range(2, n_states + 2):
        head[s] += head[s - 1]
    for p in range(pairs):
        if inside[p]:
            for k in range(offsets[p], offsets[p + 1]):
                t = successor[k] + 1
                back[head[t]] = p
                head[t] += 1
    dead = np.empty(n_states, dtype=np.int64)
    filled = 0
    for s in range(n_states):
        if left[s] == 0:
            dead[filled] = s
            filled += 1
    i = 0
    while i < filled:
        for m in range(head[dead[i]], head[dead[i] + 1]):
            p = back[m]
            if inside[p]:
                inside[p] = False
                s = state_of_pair[p]
                left[s] -= 1
                if left[s] == 0:
                    dead[filled] = s
                    filled += 1
        i += 1
