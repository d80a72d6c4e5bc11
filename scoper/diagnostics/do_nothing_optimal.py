"""Is doing nothing already the best that can be done?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence
from scoper.domain.findings import Finding
from scoper.domain.numbers import number


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when the declared idle action earns what the optimum, or the best learner, earns."""
    idle = evidence.returns.get("idle")
    if idle is None:
        return []
    slack = 1e-9 * evidence.scale()
    if evidence.optimal is not None:
        best, reached = evidence.optimal, idle.mean >= evidence.optimal - slack
    else:
        learner = evidence.best_learner
        if learner is None:
            return []
        best, reached = evidence.returns[learner].mean, idle.low >= evidence.returns[learner].mean - slack
    if not reached:
        return []
    return [
        Finding(
            code="do_nothing_optimal",
            defect="do_nothing_optimal",
            severity="caution",
            claim=f"doing nothing returns {number(idle.mean)}; the best known return is {number(best)}",
            evidence={"idle": idle.mean, "best": best},
            remedy="if activity is wanted, the reward punishes it too hard or never pays for it",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="do_nothing_optimal",
    question="Is doing nothing already the best that can be done?",
    summary="Compares the declared idle action with the optimum or the best learner.",
    inspect=inspect,
)
