"""The words and figures that findings about a mechanism have in common: who earns the most, what the owner loses."""

from __future__ import annotations

from typing import Any

from scoper.diagnostics import Evidence
from scoper.diagnostics._pair import pair_of, returned_more, told_pair
from scoper.diagnostics._rung import Rung
from scoper.domain.findings import Finding
from scoper.domain.numbers import number, share

FITS = "this fits what is seen and is not shown to be the cause"
MAY_BE_THE_TASK = "this may be the task: say what is wanted as an objective, then it is decided"


def figures(evidence: Evidence) -> dict[str, Any]:
    """Reward and objective of the policy that earns the most and of the wished one, with their standard errors."""
    audit, found = evidence.audit, dict[str, Any]()
    for name, rung in zip(("most_reward", "wished"), told_pair(audit), strict=True):
        if rung is not None:
            found[name] = {
                "policy": rung.name,
                "reward": rung.reward,
                "objective": None if rung.wanted is None else evidence.objective_sign * rung.wanted + 0.0,
                "timesteps": rung.length,
                "terminated": rung.terminated,
                "standard_errors": [rung.reward_error, rung.wanted_error],
            }
    if (lost := _lost(evidence)) is not None:
        found["share_lost"] = lost
    exact = audit.world is not None and audit.world.exact
    return found | {"basis": "proved" if exact else "measured"}


def blocker(evidence: Evidence, kind: str, claim: str, remedy: str, *, shown: bool = True, **numbers: Any) -> Finding:
    """A defect of the reward: the claim says how, the figures by how much.

    shown: whether it is this mechanism by which the objective is lost, as a change of the reward in this alone tells;
    otherwise it only fits what is seen, which the claim says, and it is named after the divergence itself.
    """
    lost = _lost(evidence)
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
    """The two policies in words: return and what the owner gets, in the owner's own sign."""
    audit = evidence.audit
    best, wished = told_pair(audit)
    if best is None or wished is None or best.wanted is None or wished.wanted is None:
        return ""
    gets, could_get = (number(evidence.objective_sign * wanted) for wanted in (best.wanted, wished.wanted))
    return (
        f"{_who(evidence, best)} returns {number(best.reward)} and gives the owner {gets}, "
        f"another policy returns {number(wished.reward)} and gives {could_get}"
    )


def _lost(evidence: Evidence) -> float | None:
    """The share lost by the policy that the words and figures are about."""
    audit = evidence.audit
    return audit.lost if pair_of(audit) is None else audit.share_lost(told_pair(audit)[0])


def _who(evidence: Evidence, best: Rung) -> str:
    """What earns the most, or by its name what only earns much: something else was measured to return more."""
    top = returned_more(evidence.audit, best)
    if top is None:
        return "what earns the most"
    name = best.name.replace("_", " ")
    return f"{name}, the most without a clock," if top.timed and best is evidence.audit.best else name


def _loses(lost: float) -> str:
    return "gets no more than from random actions" if lost >= 1.0 else f"loses {share(lost)} of what could be had"
