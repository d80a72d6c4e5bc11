"""How one set of returns stands against another: over tasks and seeds, by chance of improvement, on paired seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoper.domain.probe_statistics import LEARNING_PAYS
from scoper.numerics.statistics import (
    Samples,
    interquartile_mean,
    mean_interval,
    share_interval,
    student_quantile,
)

Floats = NDArray[np.float64]
Worth = Literal["learner", "rule", "alike", "open"]
_HALVINGS = 60


def stratified_bootstrap(
    strata: Sequence[Samples],
    rng: np.random.Generator,
    *,
    statistic: Callable[[Floats], float] = interquartile_mean,
    level: float = 0.95,
    resamples: int = 2_000,
) -> tuple[float, float, float]:
    """Statistic of all samples together (interquartile mean by default), low and high of its percentile interval.

    Samples are drawn anew within each stratum, such as the seeds of one task (Agarwal et al. 2021, section 4.1). With
    three to five seeds in a single stratum such intervals are too narrow: ask for Student's or a decision rule's there.
    """
    tasks = [np.asarray(samples, dtype=np.float64) for samples in strata]
    if not tasks or any(task.ndim != 1 or task.size == 0 or not np.isfinite(task).all() for task in tasks):
        raise ValueError("a bootstrap needs at least one sample in every stratum, all finite")
    drawn = np.concatenate([task[rng.integers(task.size, size=(resamples, task.size))] for task in tasks], axis=1)
    estimates = np.array([statistic(row) for row in drawn])
    low, high = np.quantile(estimates, [0.5 - 0.5 * level, 0.5 + 0.5 * level])
    return statistic(np.concatenate(tasks)), float(low), float(high)


def improvement(ours: Samples, theirs: Samples, *, level: float = 0.95) -> tuple[float, float, float]:
    """Chance that one of `ours` (m,) is above one of `theirs` (n,), ties half, with an interval: low, high.

    Mann and Whitney's statistic over m n (1947). The interval holds the chances p whose own standard error, with
    Hanley and McNeil's variance p (1-p) (1 + k ((1-p)/(2-p) + p/(1+p))) / (m n) and k = (m+n)/2 - 1 for both sizes, is
    compatible with the estimate (Newcombe 2006, part 2, method 5); it is not degenerate when all of one are above.
    """
    first, second = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    if first.size == 0 or second.size == 0 or not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("a comparison needs at least one sample on each side, all finite")
    ordered = np.sort(second)
    below = np.searchsorted(ordered, first, side="left") + np.searchsorted(ordered, first, side="right")
    chance = float(below.sum()) / (2.0 * first.size * second.size)
    z = NormalDist().inv_cdf(0.5 + 0.5 * level)
    pairs, k = first.size * second.size, 0.5 * (first.size + second.size) - 1.0

    def is_compatible(p: float) -> bool:
        variance = p * (1.0 - p) * (1.0 + k * ((1.0 - p) / (2.0 - p) + p / (1.0 + p))) / pairs
        return (chance - p) ** 2 <= z * z * variance

    return chance, _end(is_compatible, chance, 0.0), _end(is_compatible, chance, 1.0)


def share_above(samples: Samples, bar: float, *, level: float = 0.95) -> tuple[float, float, float]:
    """Chance that a seed is above a bar that is known, ties not counted, with Clopper and Pearson's interval."""
    values = np.asarray(samples, dtype=np.float64)
    return share_interval(int(np.count_nonzero(values > bar)), values.size, level=level)


@dataclass(frozen=True)
class Gain:
    """What a learner gains over a rule: mean, low and high at `level`, from `n` samples of the learner.

    worth: learner (it gains more than `tolerance`), rule (the rule is better), alike (no difference beyond `tolerance`
    is left), open (the rule does as well within the interval, and a gain up to `high` is not excluded).
    """

    mean: float
    low: float
    high: float
    n: int
    level: float
    tolerance: float
    paired: bool

    @property
    def worth(self) -> Worth:
        """Whether learning is worth it."""
        if self.low > self.tolerance:
            return "learner"
        if -self.tolerance <= self.low and self.high <= self.tolerance:
            return "alike"
        return "rule" if self.high < 0.0 else "open"

    def sentence(self, learner: str, rule: str, number: Callable[[float], str] = "{:.4g}".format) -> str:
        """Whether learning is worth it, in a sentence."""
        between = f"{number(self.low)} to {number(self.high)} over {self.n} {'paired ' if self.paired else ''}seeds"
        if self.worth == "learner":
            return f"{learner} gains {number(self.mean)} over {rule} ({between}){LEARNING_PAYS}"
        if self.worth == "rule":
            return f"{rule} returns {number(-self.mean)} more than {learner} ({between}): plain automation"
        if self.worth == "alike":
            return (
                f"{rule} does as well as {learner}: the difference is {between}, "
                f"at most {number(self.tolerance)} either way: plain automation"
            )
        return (
            f"{rule} does as well as {learner} within the interval ({between}): plain automation, "
            f"unless a gain of up to {number(self.high)} matters, which is not excluded"
        )


def paired_gain(ours: Samples, theirs: Samples, *, level: float = 0.95, tolerance: float = 0.0) -> Gain:
    """The gain of `ours` (n,) over `theirs` (n,), pair by pair: the same seeds of episodes, in the same order.

    A rule that was measured on one set of episodes only is paired by repeating its return, but then its own noise is
    not in the interval. tolerance >= 0: the gain that would not matter. The interval is Student's of the differences.
    Raises ValueError for samples that are not pairs.
    """
    first, second = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError(f"{first.size} and {second.size} samples are not pairs")
    mean, low, high = mean_interval(first - second, level=level)
    return Gain(mean, low, high, first.size, level, tolerance, paired=True)


def independent_gain(ours: Samples, theirs: Samples, *, level: float = 0.95, tolerance: float = 0.0) -> Gain:
    """The gain of the mean of `ours` (m,) over that of `theirs` (n,), measured apart; one of theirs: known exactly.

    The interval is Welch's (1947) with Satterthwaite's degrees of freedom; without bounds for a single one of ours.
    """
    first, second = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    if first.size == 0 or second.size == 0 or not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("a gain needs at least one sample on each side, all finite")
    mean = float(first.mean() - second.mean())
    if first.size == 1:
        return Gain(mean, -math.inf, math.inf, 1, level, tolerance, paired=False)
    parts = [values.var(ddof=1) / values.size if values.size > 1 else 0.0 for values in (first, second)]
    half = 0.0
    if (variance := float(sum(parts))) > 0.0:
        shares = [part / variance for part in parts]
        freedom = 1.0 / sum(q * q / max(1, v.size - 1) for q, v in zip(shares, (first, second), strict=True))
        half = student_quantile(0.5 + 0.5 * level, freedom) * math.sqrt(variance)
    return Gain(mean, mean - half, mean + half, first.size, level, tolerance, paired=False)


def _end(is_compatible: Callable[[float], bool], inside: float, outside: float) -> float:
    """The end of the compatible chances towards `outside`."""
    for _ in range(_HALVINGS):
        middle = 0.5 * (inside + outside)
        inside, outside = (middle, outside) if is_compatible(middle) else (inside, middle)
    return inside
