"""Did anything that learned do better than everything that did not?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scoper.diagnostics import BLIND, Diagnostic, Evidence, Method
from scoper.diagnostics.trivial_constant import optimal_floor
from scoper.domain.findings import Finding
from scoper.domain.numbers import number, share

MUST_BEAT = BLIND
NEARLY = 1e-3
"""Share of the way from random actions to the optimum that is as good as nothing."""
_RELATIVE = 1e-9


def floors_to_beat(evidence: Evidence) -> tuple[str, ...]:
    """The floors that a learner is measured against: all, but a myopic one only while it is not as good as optimal."""
    beaten = tuple(name for name in MUST_BEAT if name in evidence.returns)
    greedy = evidence.returns.get("myopic")
    if greedy is None or is_as_good(evidence, greedy.mean):
        return beaten
    return (*beaten, "myopic")


def is_as_good(evidence: Evidence, value: float) -> bool:
    """Whether a return lacks no thousandth of the way from random actions to the proved optimum."""
    random = evidence.returns.get("random")
    if evidence.optimal is None:
        return False
    span = evidence.scale() if random is None else evidence.optimal - random.mean
    return value >= evidence.optimal - max(_RELATIVE * max(abs(evidence.optimal), span), NEARLY * span)


def tolerance(best: float, worst: float) -> float:
    """By how much returns may differ that count as equal: rounding, or a thousandth of what is possible."""
    return max(_RELATIVE * max(1.0, abs(best)), NEARLY * (best - worst))


def every_floor(evidence: Evidence) -> str:
    """The words for the floors that a learner is measured against; the exception is named."""
    left_out = "myopic" in evidence.returns and "myopic" not in floors_to_beat(evidence)
    return "every floor but myopic, which is as good as optimal" if left_out else "every floor"


def beats_floors(evidence: Evidence, learner: str) -> bool:
    """Whether the learner is shown to return more than every floor: as decided, else by intervals that stand apart."""
    if evidence.decisions:
        return evidence.is_shown(learner)
    return all(evidence.returns[learner].low > evidence.returns[name].high for name in floors_to_beat(evidence))


def why_not_shown(evidence: Evidence, learner: str, floor: str) -> str:
    """By which rule a learner that is not decided against a floor is not shown to be above it, with its numbers."""
    ours, bar, decision = evidence.returns[learner], evidence.returns[floor], evidence.decisions.get(learner)
    if decision is None:
        return f"its interval begins at {number(ours.low)}, that of {floor} ends at {number(bar.high)}"
    if decision.outcome == "not_better":
        return f"the seeds show less than that plus {number(decision.margin or 0.0)}, the gain that matters"
    seeds = "1 seed does" if decision.n_seeds == 1 else f"{decision.n_seeds} seeds do"
    asked = f"{seeds} not show it with at most {share(decision.error)} of probes wrong"
    if ours.low <= bar.high:
        return asked
    return f"{asked}; that the intervals stand apart is not enough, so few seeds may all be lucky ones"


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """The chance that the learner's next seed beats the best floor (Mann and Whitney 1947), and by how much."""
    learner = evidence.best_learner
    floors = floors_to_beat(evidence)
    if learner is None or not floors:
        return []
    floor = max(floors, key=lambda name: evidence.returns[name].high)
    ours = np.asarray(evidence.samples.get(learner, (evidence.returns[learner].mean,)))
    bar = evidence.returns[floor]
    better = float(np.mean((ours > bar.mean) + 0.5 * (ours == bar.mean)))
    numbers: dict[str, Any] = {
        "learner": learner,
        "floor": floor,
        "learner_low": evidence.returns[learner].low,
        "floor_high": bar.high,
        "share_of_seeds_above": better,
    }
    if last := evidence.last.get(learner):
        numbers["last_checkpoint"] = float(np.mean(last))
    mean = number(evidence.returns[learner].mean)
    if evidence.decisions:
        decision = evidence.decisions.get(learner)
        numbers |= {"outcome": decision.outcome, "error": decision.error} if decision else {}
    if beats_floors(evidence, learner):
        claim = f"{learner} returns {mean}, above {every_floor(evidence)} (best: {floor}, {number(bar.mean)})"
        return [Finding(code="learner_beats_floors", severity="info", claim=claim, evidence=numbers)]
    if optimal_floor(evidence) is not None:
        return []
    why = why_not_shown(evidence, learner, floor)
    return [
        Finding(
            code="learner_not_above_floors",
            severity="caution",
            claim=f"{learner} returns {mean}, not shown to be above {floor} ({number(bar.mean)}): {why}",
            evidence=numbers,
            remedy="a larger budget, more seeds, a shaped reward, or simpler observations",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="learner_beats_floors",
    question="Did learning do better than not learning?",
    summary="Says whether the best learner is decided to return more than the best floor.",
    inspect=inspect,
    group="learn",
    method=Method(
        formula="a sequential test of the learner's seeds against the best floor plus the gain that matters",
        source="Waudby-Smith and Ramdas 2024 (betting); the looks: Lan and DeMets 1983",
        inputs=("learner", "episodes"),
        threshold="decided with the error rate that the result states, over all looks; nothing else is calibrated",
        failure="a policy that no learner of this probe finds within the budget is not seen; the planners say whether"
        " there is one",
    ),
)
