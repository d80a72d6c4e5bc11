"""When enough seeds were spent: is the mean return above a bar, below it, or is that still open?

A rule bounds the learner's return from below and from above after every look, all bounds of a side true at once with
probability 1 - error. A decision is taken at the first look whose bounds leave the bar on one side, so a wrong one is
taken with probability `error` at most, however many looks there are. What the seeds are assumed to be is part of the
rule: three kinds, each with its own promise. Seeds are independent, and each return is measured on fresh episodes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.betting import lower_bound, lower_sequence, upper_bound, upper_sequence
from scoper.numerics.looks import Spending, sign_boundaries, student_boundaries
from scoper.numerics.statistics import Samples, mean_interval

Floats = NDArray[np.float64]
Law = Literal["bounded", "normal", "typical"]
Verdict = Literal["better", "not_better", "undecided"]
_ASSUMED = {
    "bounded": "the mean over seeds; no seed returns less than {low:g} or more than {high:g}",
    "normal": "the mean over seeds, whose returns are normally distributed",
    "typical": "the median over seeds, whatever their returns",
}


@dataclass(frozen=True)
class Rule:
    """How seeds are judged.

    law: what is assumed. `bounded`: nothing but the limits `low` and `high` of a return, either of which may be
    infinite and then decides nothing on its side; valid for any law, also learners that fail now and then. `normal`:
    returns of seeds are normal with unknown variance; decides sooner, and too often wrongly where seeds fail now and
    then. `typical`: nothing at all, but it speaks of the median, "more than half of the seeds".
    error: greatest probability of a wrong decision. looks: numbers of seeds, rising, at which is decided; `bounded`
    may look at any time and keeps its error beyond the last one. spending: how the error is shared over the looks,
    by default as Pocock for `normal` and at once for `typical`.
    """

    law: Law
    error: float = 0.05
    looks: tuple[int, ...] = (3, 4, 5, 6, 7, 8, 9, 10)
    low: float = -math.inf
    high: float = math.inf
    spending: Spending | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.error < 0.5:
            raise ValueError(f"an error rate lies within 0 and 0.5, not {self.error}")
        if not self.looks or self.looks[0] < 1 or any(b <= a for a, b in pairwise(self.looks)):
            raise ValueError(f"looks are rising numbers of seeds, not {self.looks}")
        if self.low > self.high:
            raise ValueError(f"no return lies within {self.low} and {self.high}")

    @property
    def assumed(self) -> str:
        """What is estimated, and under which assumption, in words."""
        return _ASSUMED[self.law].format(low=self.low, high=self.high)

    def bounds(self, samples: Samples, error: float | None = None) -> tuple[Floats, Floats]:
        """(looks,) lower and (looks,) upper bounds after each look for which there are samples.

        error: of each side, the rule's by default. Raises ValueError for samples that are not finite or outside the
        limits.
        """
        values = np.asarray(samples, dtype=np.float64)
        looks = [n for n in self.looks if n <= values.size]
        if not looks:
            return np.empty(0), np.empty(0)
        own = self.error if error is None else error
        if self.law == "bounded":
            at = np.asarray(looks) - 1
            used = values[: looks[-1]]
            return lower_sequence(used, self.low, own)[at], upper_sequence(used, self.high, own)[at]
        below = np.array([self._below(values[:n], own) for n in looks])
        above = np.array([-self._below(-values[:n], own) for n in looks])
        return np.maximum.accumulate(below), np.minimum.accumulate(above)

    def _below(self, values: Floats, error: float) -> float:
        index = self.looks.index(values.size)
        if not np.isfinite(values).all():
            raise ValueError("a decision needs finite returns")
        if self.law == "normal":
            boundary = student_boundaries(self.looks, error, self.spending or "pocock")[index]
            return float(values.mean() - boundary * values.std(ddof=1) / math.sqrt(values.size))
        least = sign_boundaries(self.looks, error, self.spending or "at_once")[index]
        return -math.inf if least > values.size else float(np.sort(values)[values.size - least])


@dataclass(frozen=True)
class Bar:
    """What is to be beaten: a number between `low` and `high`, each side missed with probability `error` at most."""

    value: float
    low: float
    high: float
    error: float = 0.0

    def at_share(self, share: float, ceiling: float) -> Bar:
        """The return that closes `share` of the gap from this floor to a known `ceiling` (a gap share's threshold)."""

        def between(floor: float) -> float:
            return floor + share * (ceiling - floor)

        return Bar(between(self.value), between(self.low), between(self.high), self.error)


def exact_bar(value: float) -> Bar:
    """A bar that is known exactly."""
    return Bar(value, value, value)


def measured_bar(samples: Samples, error: float, low: float = -math.inf, high: float = math.inf) -> Bar:
    """The mean return of a policy, from its episodes (n,).

    Where the limits are known the bounds hold for any law (betting), else they are Student's for the episodes' mean.
    """
    values = np.asarray(samples, dtype=np.float64)
    mean, below, above = mean_interval(values, level=1.0 - 2.0 * error)
    if low > -math.inf:
        below = lower_bound(values, low, error)
    if high < math.inf:
        above = upper_bound(values, high, error)
    return Bar(mean, below, above, error)


def highest_bar(bars: Sequence[Bar]) -> Bar:
    """The best of several floors; their errors add up. Raises ValueError without any."""
    if not bars:
        raise ValueError("there is no floor to compare with")
    return Bar(
        max(bar.value for bar in bars),
        max(bar.low for bar in bars),
        max(bar.high for bar in bars),
        sum(bar.error for bar in bars),
    )


@dataclass(frozen=True)
class Decision:
    """What the seeds decided.

    outcome: better (the return is above the bar), not_better (below the bar plus margin) or undecided. n_seeds: of the
    look that decided, or the last one; later seeds are not used. estimate: mean (typical: median) of these seeds. low
    and high: bounds of it that hold at every look at once, each side with probability 1 - error at least, of which the
    bar's own error is already taken off. assumed: what the error rate rests on.
    """

    outcome: Verdict
    n_seeds: int
    estimate: float
    low: float
    high: float
    bar: Bar
    margin: float
    error: float
    assumed: str


def decide(samples: Samples, bar: Bar, rule: Rule, *, margin: float = 0.0) -> Decision:
    """Judge the returns (n,) of seeds, in the order they were spent, at every look up to the first that decides.

    margin >= 0: the gain over the bar that would matter; not_better means less than that. With a margin of 0 a learner
    that equals the bar is never decided, rightly. Wrong decisions have probability `rule.error` at most: where the
    return is at most the bar, "better" is wrong; where it is at least bar + margin, "not_better" is. Raises ValueError
    when nothing is left of the error beside the bar's own, or without samples.
    """
    values = np.asarray(samples, dtype=np.float64)
    left = rule.error - bar.error
    if left <= 0.0:
        raise ValueError(f"the bar's own error {bar.error:g} leaves nothing of {rule.error:g}")
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all():
        raise ValueError("a decision needs at least one seed, all returns finite")
    below, above = rule.bounds(values, left)
    outcome: Verdict = "undecided"
    used, low, high = values.size, -math.inf, math.inf
    for n, low, high in zip(rule.looks, below, above, strict=False):
        used = n
        if low > bar.high:
            outcome = "better"
        elif high < bar.low + margin:
            outcome = "not_better"
        if outcome != "undecided":
            break
    centre = np.median if rule.law == "typical" else np.mean
    estimate = float(centre(values[:used]))
    return Decision(outcome, used, estimate, float(low), float(high), bar, margin, rule.error, rule.assumed)
