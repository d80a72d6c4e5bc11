"""Does the discount look far enough?

What is best under the spec's discount is held against what is best when looking further, without discount: on the
ladder of the audit, or, where returns are discounted themselves, by the exact solution. A short sight is no fault of
the reward - except where it leaves nothing to learn at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._audit import LOSS, Audit
from scoper.diagnostics._rung import Rung
from scoper.domain.findings import Finding
from scoper.domain.numbers import share

_FLOORS = ("random", "idle", "constant")
_RELATIVE, _HARDLY, _KEPT = 1e-9, 0.02, 0.05


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when the policy that is optimal under the discount loses more than 20 % without it."""
    loss, whose = _loss(evidence), "what can be had"
    if loss is None or loss <= LOSS:
        loss, whose = _lost_to_owner(evidence), "what the owner could have, and looking further loses none of it"
    if loss is None or loss <= LOSS:
        return []
    sight = 1.0 / max(1.0 - evidence.discount, 1e-12)
    empty = _floor_is_optimal(evidence)
    claim = f"with the discount {evidence.discount:g} the best policy loses {share(loss)} of {whose}"
    return [
        Finding(
            code="discount_horizon",
            defect="discount_horizon",
            severity="blocker" if empty else "caution",
            claim=f"{claim}, and {empty} is already best: nothing is left to learn" if empty else claim,
            evidence={"share_lost": loss, "effective_horizon_timesteps": sight},
            remedy=f"the discount sees about {sight:.0f} timesteps ahead: raise it until this loss is small",
        )
    ]


def _loss(evidence: Evidence) -> float | None:
    """The share of the attainable return that the spec's discount loses, None where that cannot be told."""
    if evidence.discounted_loss is not None:
        return evidence.discounted_loss
    audit = evidence.audit
    if audit.world is None or audit.world.discount < 1.0:
        return None
    near, random = audit.rungs.get("reward_discounted"), audit.rungs.get("random")
    far = [rung for name in ("reward_near", "reward_far") if (rung := audit.rungs.get(name)) is not None]
    if near is None or random is None or not far:
        return None
    return _lost_by(near, max(far, key=_promised), random, audit)


def _lost_by(near: Rung, far: Rung, random: Rung, audit: Audit) -> float | None:
    """What a short sight loses in the arrays, and also where it was followed in the environment."""
    reach = _promised(far) - _promised(random)
    if reach <= _RELATIVE * max(1.0, abs(_promised(far))):
        return None
    lost = (_promised(far) - _promised(near)) / reach
    best = audit.best
    if near.episodes is not None and best is not None and not best.earns_more(near):
        return 0.0
    return lost


def _lost_to_owner(evidence: Evidence) -> float | None:
    """What a short sight costs the owner where the reward, looked at from afar, serves him; None where it does not.

    In the arrays, where ties are broken in his favour; and where both were followed, also there.
    """
    audit = evidence.audit
    world = audit.world
    if world is None or world.wanted is None or world.discount < 1.0 or audit.diverges:
        return None
    known = {rung.name: rung for rung in audit.rungs.values() if rung.does is not None and not rung.timed}
    near = [known[name] for name in ("reward_discounted", "reward_discounted_kind") if name in known]
    far = [known[name] for name in ("reward_near_kind", "reward_far_kind") if name in known]
    if not near or not far or "random" not in known:
        return None
    got = {name: rung.does.total(world.wanted) for name, rung in known.items() if rung.does is not None}
    most = max(got.values())
    reach = most - got["random"]
    if reach <= max(_RELATIVE * max(1.0, abs(most)), _HARDLY * (most - min(got.values()))):
        return None
    kept = max(got[rung.name] for rung in far)
    if most - kept > _KEPT * reach:
        return None
    best = max(far, key=lambda rung: got[rung.name])
    if best.episodes is not None and any(r.episodes is not None and not best.wanted_more(r) for r in near):
        return None
    return (kept - max(got[rung.name] for rung in near)) / reach


def _promised(rung: Rung) -> float:
    """What a rung earns in the arrays of the world."""
    return rung.reward if rung.does is None else rung.does.total(rung.does.mdp.reward)


def _floor_is_optimal(evidence: Evidence) -> str:
    """The floor that is proved optimal under the discount; empty for none."""
    best = evidence.optimal
    if best is None or evidence.evaluation_discount >= 1.0:
        return ""
    for name in _FLOORS:
        floor = evidence.returns.get(name)
        if floor is not None and floor.basis == "proved" and floor.mean >= best - _RELATIVE * max(1.0, abs(best)):
            return f"{name} ({floor.policy})" if name == "constant" and floor.policy else name
    return ""


DIAGNOSTIC = Diagnostic(
    id="discount_horizon",
    question="Does the discount look far enough?",
    summary="What the discounted optimum loses without discount, on arrays or in the model.",
    inspect=inspect,
    group="learn",
    catches=("discount_horizon",),
    method=Method(
        formula="(J(far) - J(discounted)) / (J(far) - J(random)), undiscounted within the time limit; the same of the "
        "owner's number, where looking far loses at most a twentieth of it",
        source="Blackwell 1962; effective planning horizon, Jiang et al. 2015",
        inputs=("arrays or model",),
        threshold="0.2, the share whose loss counts as a defect throughout; in the environment the best known policy "
        "must also earn clearly more",
        failure="an estimated model that is wrong about rare events is wrong about how far one must look",
    ),
    rank=25,
)
