"""Does it matter for the return what is done? Rewards may vary and still sum to the same, whatever the policy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence
from scoper.diagnostics._tables import actions_differ, reachable_transitions, reward_levels, same_returns
from scoper.domain.findings import Finding
from scoper.domain.numbers import number

ENOUGH_EPISODES = 30


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when best and worst return are equal although rewards vary and actions have effects."""
    if evidence.table is not None:
        return _on_table(evidence)
    returns = [e.returns for e in evidence.episodes.values()]
    if len(returns) < 2:
        return []
    together = np.concatenate(returns)
    varied = max(e.reward_high for e in evidence.episodes.values()) > min(
        e.reward_low for e in evidence.episodes.values()
    )
    spread, size = float(np.ptp(together)), float(np.abs(together).max())
    learned = any(abs(evidence.returns[name].mean - together[0]) > 1e-6 * max(size, 1.0) for name in evidence.learners)
    if not varied or learned or together.size < ENOUGH_EPISODES or spread > 1e-9 * max(size, 1.0):
        return []
    return [_finding(f"every one of {together.size} episodes returned {number(float(together[0]))}, whatever was done")]


def _on_table(evidence: Evidence) -> Sequence[Finding]:
    if evidence.optimal is None or evidence.worst is None or evidence.table is None:
        return []
    possible = reachable_transitions(evidence.table)
    if not same_returns(evidence) or np.unique(reward_levels(evidence.table)[possible]).size < 2:
        return []
    if not actions_differ(evidence.table):
        return []
    return [_finding(f"the best and the worst policy both return {number(evidence.optimal)}")]


def _finding(claim: str) -> Finding:
    return Finding(
        code="policy_independent_return",
        defect="policy_independent_return",
        severity="blocker",
        claim=claim,
        remedy="rewards that telescope cancel out: pay for the state reached, not for the change, or add a final term",
    )


DIAGNOSTIC = Diagnostic(
    id="policy_independent_return",
    question="Does it matter for the return what is done?",
    summary="Finds rewards that vary but add up to the same under every policy.",
    inspect=inspect,
)
