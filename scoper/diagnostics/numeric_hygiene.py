"""Are the rewards numbers a learner can work with? NaN and infinity stop the probe before this is asked."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence
from scoper.domain.findings import Finding

LARGE = 1e4
ABSURD = 1e15


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution for large rewards, a blocker for rewards beyond the precision of their sum."""
    extremes = [max(abs(e.reward_low), abs(e.reward_high)) for e in evidence.episodes.values()]
    if evidence.table is not None and evidence.table.reward.size:
        extremes.append(float(abs(evidence.table.reward).max()))
    largest = max(extremes, default=0.0)
    if largest >= ABSURD:
        return [
            Finding(
                code="reward_overflow",
                defect="ill_formed_reward",
                severity="blocker",
                claim=f"a reward of magnitude {largest:.3g} drowns every other one in the sum",
                evidence={"largest": largest},
                remedy="bound the reward; a reward of this size is mostly an overflow or a wrong unit",
            )
        ]
    if largest >= LARGE:
        return [
            Finding(
                code="reward_scale",
                severity="info",
                claim=f"rewards reach {largest:.3g}: deep learners need them near 1",
                evidence={"largest": largest},
                remedy="divide the reward by a constant, or let the learner normalise it",
            )
        ]
    return []


DIAGNOSTIC = Diagnostic(
    id="numeric_hygiene",
    question="Are the rewards numbers a learner can work with?",
    summary="Looks for rewards so large that they drown all others or unsettle a learner.",
    inspect=inspect,
)
