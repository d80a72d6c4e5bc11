"""Is a policy that looks at nothing already the best there is?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence
from scoper.diagnostics._tables import RELATIVE, same_returns
from scoper.domain.findings import Finding

_BLIND = {
    "constant": "a constant action",
    "idle": "the declared idle action",
    "random": "acting at random",
}


def optimal_floor(evidence: Evidence) -> str | None:
    """The floor that looks at nothing and is proved to return the optimum; None when there is none."""
    if evidence.optimal is None:
        return None
    slack = RELATIVE * max(abs(evidence.optimal), evidence.scale())
    for name in _BLIND:
        floor = evidence.returns.get(name)
        if floor is not None and floor.basis == "proved" and floor.mean >= evidence.optimal - slack:
            return name
    return None


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution with the action to take, when that is proved optimal and other policies do worse."""
    name = optimal_floor(evidence)
    if name is None or evidence.table is None or evidence.worst is None or same_returns(evidence):
        return []
    floor = evidence.returns[name]
    action = floor.policy.partition(",")[0] or name
    return [
        Finding(
            code=f"{name}_optimal",
            severity="caution",
            claim=f"{_BLIND[name]} is proved optimal: nothing is to be learned: use it ({action})",
            evidence={"policy": floor.policy, "return": floor.mean, "optimal": evidence.optimal},
            remedy=f"plain automation: {action.replace('always', 'take action', 1)} always",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="constant_optimal",
    question="Is a policy that looks at nothing already the best?",
    summary="Compares constant and random actions with the proved optimum.",
    inspect=inspect,
)
