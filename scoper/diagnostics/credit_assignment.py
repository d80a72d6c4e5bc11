"""Does the reward come long after the action that it is for?

Two shapes: every reward is for an action some timesteps back, with others in between; or all is paid when the time is
up or an episode ends, as a sum that was kept back. Both can be learned, slowly: every action in between is credited as
well. A way to a goal is neither - each step of it brings the reward nearer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._delay import credit_of
from scoper.domain.empirical import Steps
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, share

DELAY, AT, BEFORE = 3, 0.5, 0.25
_END, _TRUNCATED, _LONG, _ALIKE = 0.95, 0.9, 10, 0.3


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution with the delay and the share of the credit that comes so late."""
    model = evidence.model
    if model is not None and model.steps.size and (paid := _paid_at_the_end(model.steps)):
        when, length = paid
        claim = f"all reward is paid when {when}, usually {count(length)} timesteps after the first action it is for"
        return [_finding(claim, {"basis": "measured", "timesteps": length})]
    audit = evidence.audit
    world, random = audit.world, audit.rungs.get("random")
    if world is None or random is None or random.does is None:
        return []
    credit = credit_of(world, random.does.visited)
    if credit is None or credit.delay < DELAY or credit.at_delay < AT or credit.before > BEFORE:
        return []
    claim = (
        f"{share(credit.at_delay)} of what an action does to the reward shows {credit.delay} timesteps later, "
        f"{share(credit.before)} before"
    )
    numbers = {"basis": "proved" if world.exact else "measured", "delay_timesteps": credit.delay}
    return [_finding(claim, {**numbers, "share": credit.at_delay, "share_before": credit.before})]


def _paid_at_the_end(steps: Steps) -> tuple[str, int] | None:
    """When, and the usual length of an episode, where all is paid in its last timestep; None otherwise.

    Either time alone ends what is paid, or what is paid when time is up differs from episode to episode: a sum that was
    kept back. A goal pays the same to everybody, and nothing when time is up.
    """
    over = steps.terminated | steps.truncated
    ends = np.flatnonzero(over)
    paid = np.abs(steps.reward)
    if ends.size < _LONG or paid.sum() <= 0.0 or paid[ends].sum() < _END * paid.sum():
        return None
    lengths = steps.timestep[ends] + 1
    usual = int(np.median(lengths))
    at_limit = (lengths == lengths.max()) & (paid[ends] > 0.0)
    share_paid = paid[ends][at_limit].sum() / paid[ends].sum()
    by_limit = steps.truncated[ends][at_limit].mean() if at_limit.any() else 0.0
    if usual < _LONG:
        return None
    if share_paid >= _END and by_limit >= _TRUNCATED:
        return "the time is up", usual
    return ("the episode ends", usual) if _is_kept_back(steps.reward[ends], steps.truncated[ends]) else None


def _is_kept_back(paid: NDArray[np.float64], timed_out: NDArray[np.bool_]) -> bool:
    """Whether episodes (n,) that time ends are nearly all paid too, and no amount is that of many episodes."""
    late = paid[timed_out]
    if late.size < _LONG or np.count_nonzero(late) < _TRUNCATED * late.size:
        return False
    return bool(np.unique(paid.round(9), return_counts=True)[1].max() <= _ALIKE * paid.size)


def _finding(claim: str, numbers: dict[str, object]) -> Finding:
    return Finding(
        code="credit_assignment",
        defect="credit_assignment",
        severity="caution",
        claim=claim,
        evidence=numbers,
        remedy="pay when the action's effect is certain, not when it is settled (reward at the cause, or "
        "redistribution, Arjona-Medina et al. 2019); else plan for more timesteps and a high lambda",
    )


DIAGNOSTIC = Diagnostic(
    id="credit_assignment",
    question="Does the reward come long after the action that it is for?",
    summary="The delay between an action and the rewards that it changes.",
    inspect=inspect,
    group="learn",
    catches=("credit_assignment",),
    method=Method(
        formula="credit at delay k: visits times the variance over a of E[r_(t+k) | s, a, then random]",
        source="own, on the successor view of Dayan 1993; delayed rewards: Arjona-Medina et al. 2019",
        inputs=("arrays or model",),
        threshold="half of the credit at one delay of three timesteps or more and at most a quarter before it; or 95 % "
        "of the reward in the last timestep before a time limit of ten or more, or in the last of every episode and as "
        "much as came together, also when time ends it, so that no three tenths of episodes get the same",
        failure="a delay that differs from case to case spreads the credit and is not named",
    ),
    rank=50,
)
