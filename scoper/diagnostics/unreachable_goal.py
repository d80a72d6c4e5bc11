"""Can the transitions that pay be reached from the start at all?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence
from scoper.diagnostics._tables import reachable_transitions, reward_levels, same_returns
from scoper.domain.findings import Finding
from scoper.domain.numbers import number


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when all policies return the same and everything that pays otherwise lies out of reach."""
    table = evidence.table
    if table is None or evidence.optimal is None or evidence.worst is None:
        return []
    if not same_returns(evidence):
        return []
    possible, levels = reachable_transitions(table), reward_levels(table)
    inside = np.unique(levels[possible])
    outside = (table.probability > 0) & ~possible & ~np.isin(levels, inside)
    beyond = table.reward[outside]
    out_of_time = evidence.horizon is not None and inside.size > 1
    if beyond.size == 0 and not out_of_time:
        return []
    what = f"rewards of {number(float(beyond.max()))} exist" if beyond.size else "other rewards exist"
    where = "no policy reaches them from the start" if beyond.size else f"not within {evidence.horizon} timesteps"
    if not beyond.size and not _all_same_in_time(evidence):
        return []
    return [
        Finding(
            code="unreachable_goal",
            defect="unreachable_goal",
            severity="blocker",
            claim=f"{what}, but {where}: every policy returns {number(evidence.optimal)}",
            evidence={"return": evidence.optimal},
            remedy="open a way to the goal: check start, walls and what terminates; or lengthen the horizon",
        )
    ]


def _all_same_in_time(evidence: Evidence) -> bool:
    """Whether within the horizon only one reward can be met, although more lie beyond it."""
    table, horizon = evidence.table, evidence.horizon
    assert table is not None
    assert horizon is not None
    pair = table.pair_of_transition
    source = pair // table.n_actions
    happens = (table.probability > 0) & table.available.ravel()[pair]
    reached, met = table.initial > 0, np.zeros(table.reward.size, dtype=np.bool_)
    for _ in range(horizon):
        now = happens & reached[source]
        if not (now & ~met).any():
            break
        met |= now
        reached = reached.copy()
        reached[table.successor[now & ~table.terminates]] = True
    return np.unique(reward_levels(table)[met]).size <= 1


DIAGNOSTIC = Diagnostic(
    id="unreachable_goal",
    question="Can what pays be reached from the start?",
    summary="Proves on a table that no policy reaches any reward that differs.",
    inspect=inspect,
)
