"""What a child tells for repairs: how good the reward's best policy is for the owner, and what may mend the reward.

Proposals are tried on the known world only. Applying them to a copy and auditing that is the parent's work, a child for
each.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Evidence
from scoper.domain.findings import Finding
from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.repairs import Attained, Diagnosis
from scoper.repairs import Case, proposals


def diagnosis_of(
    spec: MdpSpec | EnvironmentSpec, evidence: Evidence, findings: Sequence[Finding], most: int
) -> Diagnosis:
    """Attained objective and at most `most` proposals."""
    offered = proposals(Case(spec, evidence, findings), most) if most else ()
    return Diagnosis(attained=attained(evidence), by_discount=_by_discount(evidence, findings), proposals=offered)


def _by_discount(evidence: Evidence, findings: Sequence[Finding]) -> float | None:
    """The share of the attainable return that the spec's discount leaves, solved or as a finding tells it."""
    told = [found.evidence.get("share_lost") for found in findings if found.defect == "discount_horizon"]
    lost = evidence.discounted_loss if evidence.discounted_loss is not None else next(iter(told), None)
    return None if lost is None else 1.0 - float(lost)


def attained(evidence: Evidence) -> Attained | None:
    """Of the policies that decide a verdict the one that loses less: the best for the reward, plain or discounted.

    The floor is random actions, or the least of any policy where those leave nothing to gain. None without objective.
    """
    if evidence.table is None and evidence.approximate is None and evidence.model is None:
        return None
    audit = evidence.audit
    wished, low = audit.wished, audit.floor_wanted
    chosen = [rung for rung in (audit.best, audit.rungs.get("reward_discounted_kind")) if rung is not None]
    values = [rung.wanted for rung in chosen if rung.wanted is not None]
    if wished is None or wished.wanted is None or low is None or not values:
        return None
    high, best = wished.wanted, max(values)
    if high - low <= 0.02 * audit.wanted_span:
        low = min(rung.wanted for rung in audit.rungs.values() if rung.wanted is not None)
    share = 1.0 if high <= low else (best - low) / (high - low)
    return Attained(of_best=best, attainable=high, floor=low, share=share)
