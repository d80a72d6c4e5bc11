"""Does an action change what comes next, or only what is paid at once?

Only a table tells. Where it changes nothing that follows, every decision stands alone: what was called a decision
process is a bandit, and the best immediate reward is the best policy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence
from scoper.diagnostics._tables import reachable_states
from scoper.domain.findings import Finding
from scoper.domain.numbers import count
from scoper.domain.tabular import TabularMdp

_SLACK = 1e-12
CODE = "actions_move_nothing"


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """An info when in every reachable state all available actions lead to the same states with the same chances."""
    table = evidence.table
    if table is None or table.n_actions < 2:
        return []
    states = np.flatnonzero(reachable_states(table) & (table.available.sum(axis=1) > 1))
    if states.size == 0 or any(_moves(table, int(state)) for state in states):
        return []
    return [
        Finding(
            code=CODE,
            severity="info",
            claim=f"in all {count(states.size)} states with a choice the next state does not depend on the action",
            evidence={"basis": "proved", "states": int(states.size)},
            remedy="every decision stands alone: a one-step rule, a prediction or a contextual bandit is enough",
        )
    ]


def _moves(table: TabularMdp, state: int) -> bool:
    """Whether two available actions differ in where they lead, the end of the episode being one place."""
    pairs = state * table.n_actions + np.flatnonzero(table.available[state])
    laws = [_successors(table, int(pair)) for pair in pairs]
    return any(
        abs(laws[0].get(place, 0.0) - law.get(place, 0.0)) > _SLACK for law in laws[1:] for place in {*laws[0], *law}
    )


def _successors(table: TabularMdp, pair: int) -> dict[int, float]:
    law: dict[int, float] = {}
    for index in range(int(table.offsets[pair]), int(table.offsets[pair + 1])):
        if table.probability[index] > 0:
            place = -1 if table.terminates[index] else int(table.successor[index])
            law[place] = law.get(place, 0.0) + float(table.probability[index])
    return law


DIAGNOSTIC = Diagnostic(
    id=CODE,
    question="Does an action change what comes next?",
    summary="Compares, on a table, where the actions of each reachable state lead.",
    inspect=inspect,
)
