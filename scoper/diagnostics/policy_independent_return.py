"""Does it matter for the return what is done? Rewards may vary and still sum to the same, whatever the policy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence
from scoper.diagnostics._searched import searched
from scoper.diagnostics._tables import RELATIVE, actions_differ, reachable_transitions, reward_levels, same_returns
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number

ENOUGH_EPISODES = 30


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when best and worst return are equal although rewards vary and actions have effects."""
    if evidence.table is not None:
        return _on_table(evidence)
    return _by_stepping(evidence)


def _by_stepping(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when that lasted through a search that got everywhere; a caution when it was only seen."""
    sets = list(evidence.episodes.values())
    if len(sets) < 2:
        return []
    if evidence.exploration is not None:
        sets.append(evidence.exploration.episodes)
    learned = [evidence.returns[name].mean for name in evidence.learners]
    together = np.concatenate([*(e.returns for e in sets), learned])
    low, high = min(e.reward_low for e in sets), max(e.reward_high for e in sets)
    largest = max(abs(low), abs(high))
    same = float(np.ptp(together)) <= RELATIVE * max(float(np.abs(together).max()), largest)
    if not same or high - low <= RELATIVE * largest or together.size < ENOUGH_EPISODES:
        return []
    seen = f"each of {count(together.size)} episodes returned {number(float(together[0]))}"
    if how := searched(evidence):
        return [_finding(f"{seen}, although {how}")]
    return [
        Finding(
            code="one_return_seen",
            severity="caution",
            claim=f"{seen}; whether another policy returns something else was not seen",
            remedy="compare with a policy that you know to be better, and see what the reward pays it",
        )
    ]


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
