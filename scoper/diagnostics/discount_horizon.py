"""Does the discount look far enough?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence
from scoper.domain.findings import Finding
from scoper.domain.numbers import share

LOSS = 0.2


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when the policy that is optimal under the discount loses more than 20 % without it."""
    loss = evidence.discounted_loss
    if loss is None or loss <= LOSS:
        return []
    sight = 1.0 / max(1.0 - evidence.discount, 1e-12)
    return [
        Finding(
            code="discount_horizon",
            defect="discount_horizon",
            severity="caution",
            claim=f"with the discount {evidence.discount:g} the best policy loses {share(loss)} of what can be had",
            evidence={"share_lost": loss, "effective_horizon_timesteps": sight},
            remedy=f"the discount sees about {sight:.0f} timesteps ahead: raise it until this loss is small",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="discount_horizon",
    question="Does the discount look far enough?",
    summary="Measures on a table what the discounted optimum loses without discount.",
    inspect=inspect,
)
