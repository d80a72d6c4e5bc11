"""How much is left to gain over the rules that the owner already has?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence
from scoper.domain.findings import Finding

LITTLE = 0.02


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """For the best named rule: what the optimum adds; a caution when that is hardly anything."""
    if evidence.optimal is None or not evidence.references or "random" not in evidence.returns:
        return []
    name = max(evidence.references, key=lambda rule: evidence.returns[rule].mean)
    rule, random = evidence.returns[name].mean, evidence.returns["random"].mean
    reach = evidence.optimal - random
    if reach <= 0.0:
        return []
    left = max(0.0, evidence.optimal - rule)
    little = left <= LITTLE * reach
    return [
        Finding(
            code="reference_optimal" if little else "reference_gap",
            severity="caution" if little else "info",
            claim=f"the rule '{name}' returns {rule:.6g} of at most {evidence.optimal:.6g}: {left:.4g} is left to gain",
            evidence={"rule": name, "return": rule, "optimal": evidence.optimal, "share_left": left / reach},
            remedy="weigh this gain against the cost of learning and running a policy",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="reference_optimal",
    question="How much is left to gain over the rules that exist?",
    summary="Compares the owner's best rule with the exact optimum.",
    inspect=inspect,
)
