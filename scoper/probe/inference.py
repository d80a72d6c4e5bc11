"""What the returns say beyond themselves: chance of improvement, projection to the target, worth over a classical rule.

Pure but for the generator passed in. The statistics are those of numerics/improvement and numerics/projection.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scoper.baselines import Outcome
from scoper.diagnostics import Evidence
from scoper.domain.numbers import number
from scoper.domain.probe import GapShare, LearningCurve
from scoper.domain.probe_statistics import LEARNING_PAYS, ImprovementSummary, ProjectionSummary, WorthSummary
from scoper.numerics.improvement import Gain, independent_gain, share_above
from scoper.numerics.projection import project

LEAST_SEEDS = 2
TOLERANCE = 0.05
"""Share of the way from the best floor to the best known return: a difference within it would not matter."""
_CLOSE = 0.95


def improvement_of(learned: Outcome, share: GapShare) -> ImprovementSummary:
    """Chance that a further seed of the learner returns more than the best floor, by the seeds that were trained."""
    floor = share.floor_return if share.floor_return is not None else 0.0
    chance, low, high = share_above(learned.samples, floor)
    return ImprovementSummary(
        learner=share.learner, floor=share.floor, chance=chance, low=low, high=high, n=len(learned.samples)
    )


def projection_of(
    learned: Outcome, share: GapShare, target: float | None, rng: np.random.Generator
) -> ProjectionSummary | None:
    """When the mean curve reaches the declared target, or 95 % of the way to the ceiling; hours at the speed measured.

    None where nothing but the learner itself says what is possible: there is nothing to reach then. A seed that
    stopped early keeps its last return. Refused where curves are too few, flat, short of the target, or too wide.
    """
    floor, ceiling = share.floor_return, share.ceiling_return
    if target is not None:
        goal, name = target, "the declared target"
    elif floor is None or ceiling is None or share.ceiling == "best found":
        return None
    else:
        goal, name = floor + _CLOSE * (ceiling - floor), f"95 % of the way from {share.floor} to {share.ceiling}"
    steps, returns = aligned(learned.curves)
    if len(steps) == 0:
        return None
    found = project(steps, returns, goal, rng)
    if found.status == "refused":
        return ProjectionSummary(status="refused", target=goal, target_name=name, level=found.level, why=found.why)
    band = (found.low, found.middle, found.high)
    speed = learned.steps / learned.seconds if learned.seconds > 0.0 else 0.0
    hours = (band[0] / speed / 3600.0, band[1] / speed / 3600.0, band[2] / speed / 3600.0) if speed > 0.0 else None
    return ProjectionSummary(
        status=found.status,
        target=goal,
        target_name=name,
        level=found.level,
        steps=band,
        hours=hours,
        why=found.why,
    )


def aligned(curves: Sequence[LearningCurve]) -> tuple[tuple[int, ...], list[list[float]]]:
    """Timesteps at which every seed is known, and the returns there; a seed that ended keeps its last return."""
    longest = max(curves, key=lambda curve: len(curve.steps), default=None)
    if longest is None or not longest.steps:
        return (), []
    rows = []
    for curve in curves:
        places = np.searchsorted(np.asarray(curve.steps), np.asarray(longest.steps), side="right") - 1
        rows.append([curve.returns[max(0, int(place))] for place in places])
    return longest.steps, rows


def gain_over(evidence: Evidence, rule: str) -> Gain | None:
    """By how much the best learner beats the rule; None where their samples are not known or bound nothing."""
    ours, theirs = evidence.samples.get(evidence.best_learner or "", ()), evidence.samples.get(rule, ())
    if len(ours) < LEAST_SEEDS or not theirs:
        return None
    return independent_gain(ours, theirs, tolerance=tolerance_of(evidence))


def tolerance_of(evidence: Evidence) -> float:
    """The difference that would not matter: a share of the way from the best floor to the best return known."""
    floors = [evidence.returns[name].mean for name in evidence.floors]
    known = [summary.mean for summary in evidence.returns.values() if math.isfinite(summary.mean)]
    return TOLERANCE * max(0.0, max(known) - max(floors)) if floors and known else 0.0


def worth_of(evidence: Evidence) -> WorthSummary | None:
    """What the best learner gains over the best classical rule; None without either."""
    rule, learner = evidence.best_rule, evidence.best_learner
    gain = gain_over(evidence, rule) if rule is not None else None
    if rule is None or learner is None or gain is None:
        return None
    return WorthSummary(
        verdict=gain.worth,
        learner=learner,
        rule=rule,
        gain=gain.mean,
        low=gain.low,
        high=gain.high,
        n=gain.n,
        tolerance=gain.tolerance,
        sentence=_beside_planning(evidence, gain.sentence(learner, rule, number)),
    )


def _beside_planning(evidence: Evidence, sentence: str) -> str:
    """The sentence without the claim that learning pays where a policy planned on a model does as well."""
    planned = evidence.best_planned
    gain = gain_over(evidence, planned) if planned is not None else None
    if planned is None or gain is None or gain.worth == "learner" or not sentence.endswith(LEARNING_PAYS):
        return sentence
    at = f"{planned}, {number(evidence.returns[planned].mean)}"
    claim = f", but not clearly over the policy planned on a model of the environment ({at}): planning may do"
    return sentence.removesuffix(LEARNING_PAYS) + claim
