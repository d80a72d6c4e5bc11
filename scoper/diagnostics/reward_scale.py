"""Are rewards of a size that a learner can work with?

Learners with fixed steps, clipping or thresholds go blind for rewards that are far from one. Hundreds do no harm, nor
do a few thousands in a return.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._tables import reachable_transitions
from scoper.domain.findings import Finding

LARGE, SMALL, ABSURD = 1e4, 1e-4, 1e15


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution for rewards that are all tiny or reach very large."""
    largest = largest_reward(evidence)
    if largest == 0.0 or SMALL < largest < LARGE or largest >= ABSURD:
        return []
    what = f"rewards reach {largest:.3g}" if largest >= LARGE else f"no reward is larger than {largest:.3g}"
    return [
        Finding(
            code="reward_scale",
            defect="reward_scale",
            severity="caution",
            claim=f"{what}: learners with usual settings need them near 1",
            evidence={"largest": largest},
            remedy=f"divide the reward by {10.0 ** round(np.log10(largest)):.0e}, or let the learner normalise it",
        )
    ]


def largest_reward(evidence: Evidence) -> float:
    """The largest absolute reward that was met or can be met."""
    sizes = [max(abs(e.reward_low), abs(e.reward_high)) for e in evidence.episodes.values()]
    if evidence.model is not None and evidence.model.steps.size:
        sizes.append(float(np.abs(evidence.model.steps.reward).max()))
    if evidence.table is not None and evidence.table.reward.size:
        possible = reachable_transitions(evidence.table)
        sizes.append(float(np.abs(evidence.table.reward[possible]).max(initial=0.0)))
    return max(sizes, default=0.0)


DIAGNOSTIC = Diagnostic(
    id="reward_scale",
    question="Are rewards of a size that a learner can work with?",
    summary="Looks for rewards that are all tiny or very large.",
    inspect=inspect,
    group="signal",
    catches=("reward_scale",),
    method=Method(
        formula="largest |r| of all timesteps or reachable transitions",
        source="Henderson et al. 2018, section 4 (reward scale); own limits",
        inputs=("arrays or episodes",),
        threshold="below 1e-4 or above 1e4; clean cases of the development half reach some hundreds",
        failure="a single rare reward hides that all others are tiny; learners that normalise are not hindered",
    ),
    rank=60,
)
