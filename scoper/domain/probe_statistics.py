"""What a probe's numbers say beyond the numbers: decided or not, how likely better, how far to go, worth it or not.

Values only; part of the protocol in `scoper.domain.probe`.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from scoper.domain.questionnaire import Value


def _bounding(value: Any) -> Any:
    """JSON has no infinity: a bound that bounds nothing is None."""
    return None if isinstance(value, float) and math.isinf(value) else value


Bound = Annotated[float | None, BeforeValidator(_bounding)]
"""A number, or None where nothing bounds."""
LEARNING_PAYS = ": learning pays"
"""How a sentence on worth ends where the learner gains more than a rule and than what else was found."""


class DecisionSummary(Value):
    """Whether a learner's return is above the best floor, after how many seeds, and what the error rate rests on.

    outcome: not_better means less than `margin` above the floor. claim: what was decided on, the mean return or that
    of a typical seed (the median). bar: the floor's return, at most `bar_high`. low and high: bounds of the learner's
    return that hold at all looks at once, None where there is none. error: greatest probability that this probe's
    outcome is wrong, over all its learners, looks and rungs. assumed: what that rests on. looks: numbers of seeds
    at which was decided. steps: those per seed of the rung that decided or came last. saved: share of the plan's
    timesteps that were not taken. needed: seeds that would decide, if further ones came as those seen; None where no
    number does. excluded: the smallest gain that these seeds would have shown in four of five probes.
    """

    outcome: Literal["better", "not_better", "undecided"]
    learner: str
    floor: str
    claim: Literal["mean", "median"]
    law: Literal["bounded", "normal", "typical"]
    estimate: float
    low: Bound
    high: Bound
    bar: float
    bar_high: float
    n_seeds: int
    looks: tuple[int, ...]
    steps: int
    error: float
    assumed: str
    margin: float | None = None
    saved: float = 0.0
    needed: int | None = None
    excluded: float | None = None
    why: str = ""


class ImprovementSummary(Value):
    """Chance that one seed of the learner returns more than one episode (or the exact return) of the best floor.

    With a 95 % interval; `n` seeds.
    """

    learner: str
    floor: str
    chance: float
    low: float
    high: float
    n: int


class ProjectionSummary(Value):
    """Timesteps per seed until the mean learning curve reaches `target`, with a band at `level`; or why none is given.

    target_name: what the target is. hours: (low, middle, high) for one seed at the measured speed of learning.
    """

    status: Literal["reached", "projected", "refused"]
    target: float
    target_name: str
    level: float = 0.9
    steps: tuple[float, float, float] | None = None
    hours: tuple[float, float, float] | None = None
    why: str = ""


class WorthSummary(Value):
    """What the learner, or the exact optimum, gains over the best classical rule, with a 95 % interval.

    verdict: learner (it gains more than `tolerance`), rule (the rule is better), alike (no difference beyond
    `tolerance` is left), open (the rule does as well within the interval, and a gain up to `high` is not excluded).
    """

    verdict: Literal["learner", "rule", "alike", "open"]
    learner: str
    rule: str
    gain: float
    low: float
    high: float
    n: int
    tolerance: float = 0.0
    sentence: str = ""
