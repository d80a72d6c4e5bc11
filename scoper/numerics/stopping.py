"""When enough seeds were spent: is the mean return above a bar, below it, or is that still open?

A rule bounds the learner's return from below and from above after every look, all bounds of a side true at once with
probability 1 - error. A decision is taken at the first look whose bounds leave the bar on one side, so a wrong one is
taken with probability `error` at most, however many looks there are. What the seeds are assumed to be is part of the
rule: three kinds, each with its own promise. Seeds are independent, and each return is measured on fresh episodes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.betting import (
    log_wealth_above,
    lower_bound,
    running_lower_bound,
    running_upper_bound,
    upper_bound,
)
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

    def bounds(self, samples: Samples, error: float | None = None) -> tuple[float, float]:
        """Lower and upper bound at the last look for which there are samples (n,); -inf and inf before the first look.

        Bounds of earlier looks stay. error: of each side, the rule's by default. Raises ValueError for samples that
        are not finite or outside the limits.
        """
        own = self.error if error is None else error
        values = self._looked_at(samples)
        if values.size == 0:
            return -math.inf, math.inf
        if self.law == "bounded":
            return running_lower_bound(values, self.low, own), running_upper_bound(values, self.high, own)
        looks = [n for n in self.looks if n <= values.size]
        return max(self._below(values[:n], own) for n in looks), min(-self._below(-values[:n], own) for n in looks)

    def first_above(self, samples: Samples, bar: float, error: float) -> int | None:
        """The first look after which the lower bound is above the bar; None where it is at none so far."""
        values = self._looked_at(samples)
        if values.size == 0:
            return None
        if self.law == "bounded":
            crossed = np.flatnonzero(log_wealth_above(values, bar, self.low) > -math.log(error))
            return next((n for n in self.looks if n > crossed[0]), None) if crossed.size else None
        return next((n for n in self.looks if n <= values.size and self._below(values[:n], error) > bar), None)

    def mirrored(self) -> Rule:
        """The same rule for returns with the other sign."""
        return replace(self, low=-self.high, high=-self.low)

    def _looked_at(self, samples: Samples) -> Floats:
        values = np.asarray(samples, dtype=np.float64)
        if values.ndim != 1 or not np.isfinite(values).all():
            raise ValueError("a decision needs finite returns")
        return values[: max((n for n in self.looks if n <= values.size), default=0)]

    def _below(self, values: Floats, error: float) -> float:
        index = self.looks.index(values.size)
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
    margin: float | None
    error: float
    assumed: str
    law: Law

    def sentence(self, learner: str, bar: str, number: Callable[[float], str] = "{:.4g}".format) -> str:
        """What was decided, after how many seeds, at which error rate and under which assumption."""
        centre = f"{learner} returns {number(self.estimate)}"
        between = f"{number(self.low)} to {number(self.high)} after {self.n_seeds} seeds"
        held = {
            "better": f"more than {bar} ({number(self.bar.value)})",
            "not_better": f"less than {bar} ({number(self.bar.value)}) plus {number(self.margin or 0.0)}",
            "undecided": f"not decided against {bar} ({number(self.bar.value)})",
        }[self.outcome]
        return f"{centre}, {held}: {between}, wrong in {100 * self.error:g} % of probes at most; {self.assumed}"


def decide(samples: Samples, bar: Bar, rule: Rule, *, margin: float | None = 0.0) -> Decision:
    """Judge the returns (n,) of seeds, in the order they were spent, at every look up to the first that decides.

    margin >= 0: the gain over the bar that would matter; not_better means less than that, and is never called where no
    such gain is known (None). With a margin of 0 a learner that equals the bar is never decided, rightly. Wrong
    decisions have probability `rule.error` at most: where the return is at most the bar, "better" is wrong; where it is
    at least bar + margin, "not_better" is. Raises ValueError when nothing is left of the error beside the bar's own, or
    without samples.
    """
    values = np.asarray(samples, dtype=np.float64)
    left = rule.error - bar.error
    if left <= 0.0:
        raise ValueError(f"the bar's own error {bar.error:g} leaves nothing of {rule.error:g}")
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all():
        raise ValueError("a decision needs at least one seed, all returns finite")
    better = rule.first_above(values, bar.high, left)
    not_better = None if margin is None else rule.mirrored().first_above(-values, -(bar.low + margin), left)
    outcome: Verdict = "undecided"
    used = max((n for n in rule.looks if n <= values.size), default=values.size)
    if better is not None and (not_better is None or better <= not_better):
        outcome, used = "better", better
    elif not_better is not None:
        outcome, used = "not_better", not_better
    low, high = rule.bounds(values[:used], left)
    centre = np.median if rule.law == "typical" else np.mean
    estimate = float(centre(values[:used]))
    return Decision(outcome, used, estimate, low, high, bar, margin, rule.error, rule.assumed, rule.law)


def decide_by_any(samples: Samples, bar: Bar, rules: Sequence[Rule], *, margin: float | None = 0.0) -> Decision:
    """The decision of the first of several rules that decides, in order of looks, then of rules, better before not.

    What is decided is that rule's own claim. The rules' errors and the bar's, which they share, add up to the error of
    the whole: a wrong decision of any of them has that probability at most. Undecided: the last rule's bounds.
    """
    total = sum(rule.error for rule in rules)
    found = [decide(samples, replace(bar, error=bar.error * rule.error / total), rule, margin=margin) for rule in rules]
    for outcome in ("better", "not_better"):
        called = [decision for decision in found if decision.outcome == outcome]
        if called:
            return replace(min(called, key=lambda decision: decision.n_seeds), bar=bar, error=total)
    return replace(found[-1], bar=bar, error=total)
