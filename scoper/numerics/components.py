"""End components: sets of states in which a policy can stay for ever without the episode ending.

They decide whether an undiscounted MDP has a finite optimum (de Alfaro 1997, chapter 3; Haddad and Monmege 2018).
Everything here is about the graph; no number is compared. Large graphs are walked by compiled loops, with the same
result.
"""

from __future__ import annotations

import numpy as np

from scoper.domain.tabular import Bools, Ints
from scoper.numerics import compiled
from scoper.numerics.kernel import Kernel


def end_components(kernel: Kernel, allowed: Bools) -> tuple[Ints, Bools]:
    """The maximal end components among the `allowed` (P,) pairs in which the episode cannot end.

    Returns component (S,), -1 for states in none, numbered by their smallest state; and inside (P,), the pairs that
    stay within the component of their state.
    """
    inside = allowed & ~kernel.ends
    state, pair_of = kernel.state_of_pair, kernel.pair_of_transition
    fast = compiled.worthwhile(kernel.successor.size)
    while True:
        inside = _withered(kernel, inside, fast)
        alive = np.bincount(state[inside], minlength=kernel.n_states) > 0
        if fast:
            component = np.full(kernel.n_states, -1, dtype=np.int64)
            graph = (kernel.offsets, kernel.first_pair, kernel.successor)
            compiled.kernels().strong_components(*graph, inside, alive, component)
        else:
            component = _strong_components(kernel, inside, alive)
        leaves = component[kernel.successor] != component[state[pair_of]]
        kept = inside & ~(np.bincount(pair_of[leaves], minlength=inside.size) > 0)
        if (kept == inside).all():
            return _renumbered(component), inside
        inside = kept


def _withered(kernel: Kernel, inside: Bools, fast: bool) -> Bools:
    """The `inside` (P,) pairs without those that may lead, now or after others went, to a state that has none left."""
    if fast:
        left = inside.copy()
        compiled.kernels().wither(kernel.offsets, kernel.state_of_pair, kernel.successor, left, kernel.n_states)
        return left
    while True:
        alive = np.bincount(kernel.state_of_pair[inside], minlength=kernel.n_states) > 0
        lost = np.bincount(kernel.pair_of_transition[~alive[kernel.successor]], minlength=inside.size) > 0
        if not (lost & inside).any():
            return inside
        inside = inside & ~lost


def _renumbered(component: Ints) -> Ints:
    members = np.flatnonzero(component >= 0)
    _, first, inverse = np.unique(component[members], return_index=True, return_inverse=True)
    order = np.empty(first.size, dtype=np.int64)
    order[np.argsort(first)] = np.arange(first.size)
    result = np.full(component.size, -1, dtype=np.int64)
    result[members] = order[inverse]
    return result


def _strong_components(kernel: Kernel, inside: Bools, alive: Bools) -> Ints:
    """Strongly connected components of the `alive` states along `inside` pairs (Tarjan 1972, without recursion)."""
    used = inside[kernel.pair_of_transition] & alive[kernel.successor]
    source = kernel.state_of_pair[kernel.pair_of_transition[used]]
    starts = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=kernel.n_states))]).tolist()
    targets = kernel.successor[used].tolist()
    index = [0] * kernel.n_states
    low = [0] * kernel.n_states
    component = [-1] * kernel.n_states
    position = list(starts)
    stack: list[int] = []
    counter = found = 0
    for root in np.flatnonzero(alive).tolist():
        if index[root]:
            continue
        path = [root]
        while path:
            node = path[-1]
            if not index[node]:
                counter += 1
                index[node] = low[node] = counter
                stack.append(node)
            child = _next_child(node, position, starts, targets, index, low, component)
            if child >= 0:
                path.append(child)
                continue
            path.pop()
            if low[node] == index[node]:
                while True:
                    member = stack.pop()
                    component[member] = found
                    if member == node:
                        break
                found += 1
            if path:
                low[path[-1]] = min(low[path[-1]], low[node])
    return np.array(component, dtype=np.int64)


def _next_child(
    node: int,
    position: list[int],
    starts: list[int],
    targets: list[int],
    index: list[int],
    low: list[int],
    found: list[int],
) -> int:
    """The next unvisited successor of `node`, or -1; updates its low link along visited ones."""
    end = starts[node + 1]
    while position[node] < end:
        target = targets[position[node]]
        position[node] += 1
        if not index[target]:
            return target
        if found[target] < 0 and index[target] < low[node]:
            low[node] = index[target]
    return -1


def attractor(kernel: Kernel, goal: Bools, allowed: Bools) -> Ints:
    """(S,) for every state the `allowed` pair that may bring it nearer to a pair of `goal` (P,); -1 where none can.

    A policy that takes these pairs reaches the goal with positive probability from every state that has one, and with
    probability one when the allowed pairs never leave those states.
    """
    chosen = np.full(kernel.n_states, -1, dtype=np.int64)
    if compiled.worthwhile(kernel.successor.size):
        graph = (kernel.offsets, kernel.state_of_pair, kernel.successor)
        compiled.kernels().toward(*graph, goal, allowed, chosen)
        return chosen
    state, pair_of = kernel.state_of_pair, kernel.pair_of_transition
    candidates = np.flatnonzero(goal & allowed)
    by_target = np.argsort(kernel.successor, kind="stable")
    bounds = np.searchsorted(kernel.successor[by_target], np.arange(kernel.n_states + 1))
    while candidates.size:
        candidates = candidates[chosen[state[candidates]] < 0]
        reached, first = np.unique(state[candidates], return_index=True)
        chosen[reached] = candidates[first]
        lengths = bounds[reached + 1] - bounds[reached]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        arriving = by_target[np.repeat(bounds[reached] - offsets[:-1], lengths) + np.arange(offsets[-1])]
        candidates = np.unique(pair_of[arriving])
        candidates = candidates[allowed[candidates]]
    return chosen
