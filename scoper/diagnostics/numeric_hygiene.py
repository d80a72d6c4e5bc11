"""Are the rewards numbers that can be added up? NaN and infinity stop the probe before this is asked."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics.reward_scale import ABSURD, largest_reward
from scoper.domain.findings import Finding


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker for rewards beyond the precision of their sum."""
    largest = largest_reward(evidence)
    if largest < ABSURD:
        return []
    return [
        Finding(
            code="reward_overflow",
            defect="unbounded_reward",
            severity="blocker",
            claim=f"a reward of magnitude {largest:.3g} drowns every other one in the sum",
            evidence={"largest": largest},
            remedy="bound the reward; a reward of this size is mostly an overflow or a wrong unit",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="numeric_hygiene",
    question="Are the rewards numbers that can be added up?",
    summary="Looks for rewards so large that they drown all others.",
    inspect=inspect,
    group="signal",
    catches=("unbounded_reward", "nan_or_inf_reward"),
    method=Method(
        formula="largest |r| of all timesteps against 2^53, the whole numbers that a float tells apart",
        source="IEEE 754 double precision",
        inputs=("arrays or episodes",),
        threshold="1e15",
        failure="NaN and infinity are found while stepping, by whatever visits the state; a state that no search and "
        "no learner visits keeps its fault to itself",
    ),
    rank=4,
)
