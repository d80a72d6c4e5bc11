"""What can be read off a table: which transitions can happen at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoper.diagnostics import Evidence
from scoper.domain.tabular import Ints, TabularMdp
from scoper.numerics.reach import reachable_states

RELATIVE = 1e-9
"""Share of the largest number below which two numbers count as equal."""
_Law = dict[tuple[int, int, bool], float]


def reachable_transitions(table: TabularMdp) -> NDArray[np.bool_]:
    """(N,) transitions that can happen under some policy."""
    pair = table.pair_of_transition
    happens = (table.probability > 0) & table.available.ravel()[pair]
    return happens & reachable_states(table)[pair // table.n_actions]


def reward_levels(table: TabularMdp) -> Ints:
    """(N,) a number per reward, equal for rewards that differ by rounding only: a billionth of the largest one."""
    order = np.argsort(table.reward, kind="stable")
    ordered = table.reward[order]
    steps = np.diff(ordered) > RELATIVE * np.abs(ordered).max(initial=0.0)
    levels = np.empty(order.size, dtype=np.int64)
    levels[order] = np.concatenate([[0], np.cumsum(steps)])[: order.size]
    return levels


def same_returns(evidence: Evidence) -> bool:
    """Whether the proved best and worst return are one number but for rounding."""
    table, best, worst = evidence.table, evidence.optimal, evidence.worst
    assert table is not None
    assert best is not None
    assert worst is not None
    happens = np.abs(table.reward[table.probability > 0])
    return best - worst <= RELATIVE * max(abs(best), abs(worst), float(happens.max(initial=0.0)))


def actions_differ(table: TabularMdp) -> bool:
    """Whether in some reachable state two available actions lead to different outcomes."""
    reached, levels = reachable_states(table), reward_levels(table)
    for state in np.flatnonzero(reached & (table.available.sum(axis=1) > 1)):
        pairs = int(state) * table.n_actions + np.flatnonzero(table.available[state])
        laws = [_law(table, levels, int(pair)) for pair in pairs]
        if any(not _same_law(laws[0], law) for law in laws[1:]):
            return True
    return False


def copies_of_actions(table: TabularMdp) -> Ints:
    """(A,) the first action that does in every reachable state what this one does, available in the same ones."""
    reached, levels = np.flatnonzero(reachable_states(table)), reward_levels(table)
    first = np.arange(table.n_actions)
    for action in range(table.n_actions):
        for other in np.unique(first[:action]).tolist():
            if all(_alike(table, levels, int(state), other, action) for state in reached):
                first[action] = other
                break
    return first


def _alike(table: TabularMdp, levels: Ints, state: int, one: int, other: int) -> bool:
    if table.available[state, one] != table.available[state, other]:
        return False
    pairs = state * table.n_actions + one, state * table.n_actions + other
    return not table.available[state, one] or _same_law(*(_law(table, levels, pair) for pair in pairs))


def _law(table: TabularMdp, levels: Ints, pair: int) -> _Law:
    law: _Law = {}
    for index in range(int(table.offsets[pair]), int(table.offsets[pair + 1])):
        probability = float(table.probability[index])
        if probability > 0.0:
            ends = bool(table.terminates[index])
            outcome = (-1 if ends else int(table.successor[index]), int(levels[index]), ends)
            law[outcome] = law.get(outcome, 0.0) + probability
    return law


def _same_law(one: _Law, other: _Law) -> bool:
    return all(abs(one.get(outcome, 0.0) - other.get(outcome, 0.0)) <= 1e-12 for outcome in {*one, *other})
