"""What can be read off a table: which transitions can happen at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import TabularMdp


def reachable_states(table: TabularMdp) -> NDArray[np.bool_]:
    """(S,) states that some policy reaches from the start, the start included."""
    pair = table.pair_of_transition
    source = pair // table.n_actions
    moves = (table.probability > 0) & ~table.terminates & table.available.ravel()[pair]
    reached = table.initial > 0
    while True:
        grown = reached.copy()
        grown[table.successor[moves & reached[source]]] = True
        if (grown == reached).all():
            return reached
        reached = grown


def reachable_transitions(table: TabularMdp) -> NDArray[np.bool_]:
    """(N,) transitions that can happen under some policy."""
    pair = table.pair_of_transition
    happens = (table.probability > 0) & table.available.ravel()[pair]
    return happens & reachable_states(table)[pair // table.n_actions]


def actions_differ(table: TabularMdp) -> bool:
    """Whether in some reachable state two available actions lead to different outcomes."""
    reached = reachable_states(table)
    for state in np.flatnonzero(reached & (table.available.sum(axis=1) > 1)):
        laws = [_law(table, int(state) * table.n_actions + int(a)) for a in np.flatnonzero(table.available[state])]
        if any(not _same_law(laws[0], law) for law in laws[1:]):
            return True
    return False


def _law(table: TabularMdp, pair: int) -> dict[tuple[int, float, bool], float]:
    law: dict[tuple[int, float, bool], float] = {}
    for index in range(int(table.offsets[pair]), int(table.offsets[pair + 1])):
        probability = float(table.probability[index])
        if probability > 0.0:
            ends = bool(table.terminates[index])
            outcome = (-1 if ends else int(table.successor[index]), float(table.reward[index]), ends)
            law[outcome] = law.get(outcome, 0.0) + probability
    return law


def _same_law(one: dict[tuple[int, float, bool], float], other: dict[tuple[int, float, bool], float]) -> bool:
    return all(abs(one.get(outcome, 0.0) - other.get(outcome, 0.0)) <= 1e-12 for outcome in {*one, *other})
