"""The words and figures that findings about a mechanism have in common: who earns the most, what the owner loses."""

from __future__ import annotations

from typing import Any

from scoper.diagnostics import Evidence
from scoper.diagnostics._pair import pair_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import number, share

FITS = "this fits what is seen and is not shown to be the cause"
MAY_BE_THE_TASK = "this may be the task: say what is wanted as an objective, then it is decided"


def figures(evidence: Evidence) -> dict[str, Any]:
    """Reward and objective of the policy that earns the most and of the wished one, with their standard errors."""
    audit, found = evidence.audit, dict[str, Any]()
    for name, rung in zip(("most_reward", "wished"), pair_of(audit) or (audit.best, audit.wished), strict=True):
        if rung is not None:
            found[name] = {
                "policy": rung.name,
                "reward": rung.reward,
                "objective": rung.wanted,
                "timesteps": rung.length,
                "terminated": rung.terminated,
                "standard_errors": [rung.reward_error, rung.wanted_error],
            }
    if audit.lost is not None:
        found["share_lost"] = audit.lost
    exact = audit.world is not None and audit.world.exact
    return found | {"basis": "proved" if exact else "measured"}


def blocker(evidence: Evidence, kind: str, claim: str, remedy: str, *, shown: bool = True, **numbers: Any) -> Finding:
    """A defect of the reward: the claim says how, the figures by how much.

    shown: whether it is this mechanism by which the objective is lost, as a change of the reward in this alone tells;
    otherwise it only fits what is seen, which the claim says, and it is named after the divergence itself.
    """
    pair = pair_of(evidence.audit)
    lost = evidence.audit.lost if pair is None else evidence.audit.share_lost(pair[0])
    cost = "" if lost is None else f"; the owner {_loses(lost)}"
    return Finding(
        code=kind,
        defect=kind,
        severity="blocker",
        claim=f"{claim}{cost}" if shown else f"{FITS}: {claim}{cost}",
        evidence=figures(evidence) | numbers | {"shown": shown},
        remedy=remedy,
    )


def caution(kind: str, claim: str, **numbers: Any) -> Finding:
    """A shape that is suspicious where nobody said what is wanted."""
    return Finding(
        code=f"{kind}_shape", defect=kind, severity="caution", claim=claim, evidence=numbers, remedy=MAY_BE_THE_TASK
    )


def rewards(evidence: Evidence) -> str:
    """The two policies in words: return and what the owner gets."""
    audit = evidence.audit
    best, wished = pair_of(audit) or (audit.best, audit.wished)
    if best is None or wished is None or best.wanted is None or wished.wanted is None:
        return ""
    return (
        f"what earns the most returns {number(best.reward)} and gives the owner {number(best.wanted)}, "
        f"another policy returns {number(wished.reward)} and gives {number(wished.wanted)}"
    )


def _loses(lost: float) -> str:
    return "gets no more than from random actions" if lost >= 1.0 else f"loses {share(lost)} of what could be had"
