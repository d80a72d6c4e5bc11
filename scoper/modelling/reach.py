"""Which states an episode can get to, and from which it can end: closures over the graph of a finite MDP.

Level by level while there are few levels; a graph of many, like a long corridor, is handed to scipy's search.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoper.domain.tabular import Bools, Ints, TabularMdp

FEW_LEVELS = 200


def reachable(mdp: TabularMdp) -> Bools:
    """(S,) whether an episode can be in the state while it goes on, under some policy."""
    source, target, _ = _edges(mdp)
    return closure(source, target, mdp.initial > 0)


def can_end(mdp: TabularMdp) -> Bools:
    """(S,) whether an episode that is in the state can still end, under some policy."""
    source, target, ending = _edges(mdp)
    return closure(target, source, ending)


def closure(source: Ints, target: Ints, start: Bools) -> Bools:
    """(S,) the states that the edges `source` -> `target` (E,) lead to from `start` (S,), those included."""
    order = slice(None) if (np.diff(source) >= 0).all() else np.argsort(source, kind="stable")
    heads = target[order]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=start.size))])
    reached = start.copy()
    front = np.flatnonzero(reached)
    for _ in range(FEW_LEVELS):
        if not front.size:
            return reached
        found = heads[_spans(offsets[front], offsets[front + 1] - offsets[front])]
        front = np.unique(found[~reached[found]])
        reached[front] = True
    return _searched(offsets, heads, reached)


def _searched(offsets: Ints, heads: Ints, start: Bools) -> Bools:
    from scipy.sparse import csr_array  # a tenth of a second, for long graphs only
    from scipy.sparse.csgraph import breadth_first_order

    first = np.flatnonzero(start)
    size, pointers = start.size, np.concatenate([offsets, [offsets[-1] + first.size]])
    edges = np.concatenate([heads, first])
    graph: Any = csr_array((np.ones(edges.size), edges, pointers), shape=(size + 1, size + 1))
    reached = np.zeros(size + 1, dtype=np.bool_)
    reached[breadth_first_order(graph, size, directed=True, return_predecessors=False)] = True
    return reached[:size]


def _edges(mdp: TabularMdp) -> tuple[Ints, Ints, Bools]:
    """From state to state (E,) where an episode goes on, and (S,) where it may end."""
    counts = np.diff(mdp.offsets)
    possible = (mdp.probability > 0) & np.repeat(mdp.available.ravel(), counts)
    state = np.repeat(np.arange(mdp.n_states), counts.reshape(mdp.n_states, -1).sum(axis=1))
    goes_on = possible & ~mdp.terminates
    ending = np.zeros(mdp.n_states, dtype=np.bool_)
    ending[state[possible & mdp.terminates]] = True
    return state[goes_on], mdp.successor[goes_on], ending


def _spans(first: Ints, length: Ints) -> Ints:
    """The numbers first, first + 1, ... of every span, one after the other."""
    before = np.concatenate([[0], np.cumsum(length)])
    return np.repeat(first - before[:-1], length) + np.arange(before[-1])
