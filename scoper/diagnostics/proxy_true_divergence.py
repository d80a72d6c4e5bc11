"""Does more reward mean more of what the owner wants?

Two tests, each with its witness. Against the objective's own optimum, where a table gives it: the share of the
attainable objective that the reward's best policy loses. And between measured policies: one that clearly earns more
reward and clearly less objective (a hackable proxy in the sense of Skalse et al. 2022).
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence
from scoper.domain.findings import Finding
from scoper.domain.numbers import number

LOSS = 0.2
MARGIN = 0.1


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with the two policies that disagree; without a declared objective, a remark that there is none."""
    if not evidence.objective_declared:
        return [_undeclared()]
    if evidence.best_objective is not None and "optimal" in evidence.objective:
        return _against_optimum(evidence)
    return _between_policies(evidence)


def _against_optimum(evidence: Evidence) -> Sequence[Finding]:
    best, wanted = evidence.best_objective, evidence.objective["optimal"]
    low = evidence.objective.get("random")
    if best is None or low is None or best - low <= 1e-9 * max(abs(best), 1.0):
        return []
    loss = (best - wanted) / (best - low)
    if loss <= LOSS:
        return []
    claim = f"the policy with the most reward earns {number(wanted)} of the objective; {number(best)} is possible"
    return [_divergence(claim, {"of_best_reward_policy": wanted, "best": best, "random": low, "share_lost": loss})]


def _between_policies(evidence: Evidence) -> Sequence[Finding]:
    best = "optimal" if "optimal" in evidence.objective and "optimal" in evidence.returns else evidence.best_learner
    if best is None or best not in evidence.objective:
        return []
    ours, spread = evidence.returns[best], evidence.scale()
    values = evidence.objective.values()
    wanted_spread = max(values) - min(values)
    for name in (*evidence.floors, *evidence.references):
        other = evidence.returns[name]
        if name not in evidence.objective or wanted_spread <= 0.0:
            continue
        more_reward = ours.low > other.high and ours.mean - other.mean > MARGIN * spread
        less_wanted = evidence.objective[name] - evidence.objective[best] > LOSS * wanted_spread
        if more_reward and less_wanted:
            rewards = f"{number(ours.mean)} against {number(other.mean)}"
            who = "the optimal policy" if best == "optimal" else best
            claim = f"{who} earns more reward than {name} ({rewards}) but less of the objective"
            numbers = {f"objective_of_{policy}": evidence.objective[policy] for policy in (best, name)}
            return [_divergence(claim, numbers)]
    return []


def _divergence(claim: str, numbers: dict[str, float]) -> Finding:
    return Finding(
        code="proxy_true_divergence",
        defect="proxy_true_divergence",
        severity="blocker",
        claim=claim,
        evidence=numbers,
        remedy="look at what the two policies do differently, and let the reward pay for the objective itself",
    )


def _undeclared() -> Finding:
    return Finding(
        code="objective_not_declared",
        severity="info",
        claim="no objective is declared: the reward is taken for what the owner wants",
        remedy="declare an objective in the spec, so that a reward that can be gamed is found",
    )


DIAGNOSTIC = Diagnostic(
    id="proxy_true_divergence",
    question="Does more reward mean more of what the owner wants?",
    summary="Compares the objective of the reward's best policy with what is possible and with other policies.",
    inspect=inspect,
)
