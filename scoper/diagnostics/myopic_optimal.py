"""Does looking further than one timestep pay?

Where actions move nothing, `not_sequential` says more. Here they may: the reward is then such that its immediate best
is the best for ever, as potential-based shaping by the value function makes it. That is no fault, so it is a remark.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics.learner_beats_floors import NEARLY, is_as_good
from scoper.domain.findings import Finding
from scoper.domain.numbers import number

_ROUNDING = 1e-9


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A remark when the policy that looks one timestep ahead is already optimal (and something can be gained)."""
    myopic, blind = evidence.returns.get("myopic"), evidence.blind
    if myopic is None or blind is None or evidence.optimal is None or evidence.worst is None:
        return []
    if evidence.optimal - evidence.worst <= 1e-9 * max(abs(evidence.optimal), 1.0):
        return []
    lost, span = evidence.optimal - myopic.mean, evidence.optimal - blind
    exactly = lost <= _ROUNDING * max(abs(evidence.optimal), evidence.scale())
    if not is_as_good(evidence, myopic.mean) or (lost > NEARLY * span and not exactly):
        return []
    gains = "nothing" if exactly else "next to nothing"
    what = "is already optimal" if exactly else f"is within 0.1 % of the optimum's gain over {number(blind)}"
    return [
        Finding(
            code="myopic_optimal",
            severity="info",
            claim=f"the best immediate reward {what} ({number(myopic.mean)}): planning gains {gains}",
            evidence={"myopic": myopic.mean, "optimal": evidence.optimal},
            remedy="if the immediate reward can be computed, a one-step rule or a contextual bandit is enough",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="myopic_optimal",
    question="Does looking further than one timestep pay?",
    summary="Compares the best immediate reward with the exact optimum.",
    inspect=inspect,
    group="is_rl",
    method=Method(
        formula="return of the policy with the best immediate reward = optimum",
        source="Ng, Harada and Russell 1999 (shaping by the value function makes it so)",
        inputs=("arrays",),
        threshold="equal but for a thousandth of the way from the best that looks neither at the state nor ahead",
        failure="nothing is said of tables that are estimated",
    ),
    rank=72,
)
