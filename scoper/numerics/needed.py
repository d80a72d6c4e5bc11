"""What was not seen, how large it may still be, and how many seeds, episodes or trials would decide.

Plans are extrapolations: they say what further samples would do if they came as those seen. They decide nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.betting import typical_log_wealth
from scoper.numerics.statistics import Samples, share_interval, student_quantile
from scoper.numerics.stopping import Bar, Rule, Verdict

Floats = NDArray[np.float64]
POWER = 0.8
MOST_SEEDS = 10_000
_HALVINGS = 60


def chance_bound(successes: int, trials: int, error: float = 0.05) -> float:
    """The greatest chance of success that `trials` with so few `successes` leave open, missed with chance `error`.

    Clopper and Pearson (1934); without any success 1 - error^(1/trials), about 3/trials for an error of 5 % (the rule
    of three, Hanley and Lippman-Hand 1983).
    """
    return share_interval(successes, trials, level=1.0 - 2.0 * error)[2]


def trials_to_see(chance: float, error: float = 0.05) -> int:
    """The trials after which a success of this `chance` each has shown itself but for `error`: log error/log(1 - p)."""
    if not 0.0 < chance <= 1.0:
        raise ValueError(f"a chance of success lies within 0 and 1, not {chance}")
    return 1 if chance == 1.0 else math.ceil(math.log(error) / math.log1p(-chance) - 1e-9)


def seeds_to_decide(
    samples: Samples, bar: Bar, rule: Rule, side: Verdict, *, margin: float = 0.0, power: float = POWER
) -> int | None:
    """The number of seeds after which `side` (better or not_better) would be called, if seeds came as those seen (n,).

    normal: Student's test at one look with `power`, (t_error + t_power) sd / sqrt(n) (Cohen 1988, section 2.4).
    bounded: evidence grows by its mean per seed. typical: the sign test with `power` (Noether 1987, equation 2).
    None where the samples point to the other side, where more than 10,000 seeds would be needed, or for a single one.
    """
    values, error = np.asarray(samples, dtype=np.float64), rule.error - bar.error
    if error <= 0.0 or values.size == 0:
        return None
    if side == "better":
        found = _seeds(values, bar.high, rule, error, power)
    else:
        found = _seeds(-values, -(bar.low + margin), rule.mirrored(), error, power)
    return None if found is None else max(found, rule.looks[0])


def smallest_visible_gain(
    samples: Samples, bar: Bar, rule: Rule, *, n_seeds: int | None = None, power: float = POWER
) -> float:
    """The smallest gain over the bar that `n_seeds` seeds (as many as given) would have shown, spread as those seen.

    In units of return; see `seeds_to_decide` for the tests. inf where no gain would have been seen: with a single seed,
    without a lower limit, or with too few seeds for the sign test.
    """
    values, error = np.asarray(samples, dtype=np.float64), rule.error - bar.error
    n, above = n_seeds or values.size, bar.high - bar.value
    if rule.law == "normal":
        return above + _student_reach(values, n, error, power) if values.size > 1 and n > 1 else math.inf
    if rule.law == "typical":
        return above + _sign_reach(values, n, error, power)
    return above + _evidence_reach(values, n, error, bar.high, rule.low) if rule.low > -math.inf else math.inf


@dataclass(frozen=True)
class Spread:
    """Where the variance of returns comes from: `between` seeds, and `within` a seed from episode to episode."""

    between: float
    within: float

    def standard_error(self, n_seeds: int, n_episodes: int) -> float:
        """Of the mean over `n_seeds` with `n_episodes` each: sqrt(between/n + within/(n m))."""
        return math.sqrt((self.between + self.within / n_episodes) / n_seeds)

    def episodes_worth_it(self, share: float = 0.1) -> int:
        """Episodes per seed after which they add at most `share` of the seeds' own variance; 1 at least.

        Raises ValueError when seeds do not differ: then episodes are all there is.
        """
        if self.between <= 0.0:
            raise ValueError("seeds do not differ beyond their episodes")
        return max(1, math.ceil(self.within / (share * self.between)))


def spread_of(returns: Sequence[Samples]) -> Spread:
    """Components of variance from the returns of every seed's episodes, as many for each (Searle 1971, section 10.2).

    Requires two seeds with two episodes each; a negative estimate between seeds is 0.
    """
    table = np.asarray(returns, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2 or not np.isfinite(table).all():
        raise ValueError("components of variance need two seeds with as many episodes each, two at least, all finite")
    within = float(table.var(axis=1, ddof=1).mean())
    between = float(table.mean(axis=1).var(ddof=1)) - within / table.shape[1]
    return Spread(max(0.0, between), within)


def _seeds(values: Floats, bar: float, rule: Rule, error: float, power: float) -> int | None:
    """Seeds until the samples are called above the bar; None where they are not above it."""
    if rule.law == "typical":
        return _sign_seeds(float(np.mean(values > bar)), error, power)
    if float(values.mean()) <= bar:
        return None
    if rule.law == "normal":
        gap = float(values.mean()) - bar
        return _least(lambda n: _student_reach(values, n, error, power) <= gap, 2) if values.size > 1 else None
    if rule.low == -math.inf:
        return None
    return _least(lambda n: typical_log_wealth(values, bar, rule.low, n) >= -math.log(error), 1)


def _student_reach(values: Floats, n: int, error: float, power: float) -> float:
    quantiles = student_quantile(1.0 - error, n - 1) + student_quantile(power, n - 1)
    return float(quantiles * values.std(ddof=1) / math.sqrt(n))


def _sign_reach(values: Floats, n: int, error: float, power: float) -> float:
    """From the median down to what p of the seeds exceed, p being the least share that n seeds tell from one half."""
    for share in np.linspace(0.5, 1.0, 501)[1:]:
        needed = _sign_seeds(float(share), error, power)
        if needed is not None and needed <= n:
            return float(np.median(values) - np.quantile(values, 1.0 - share))
    return math.inf


def _evidence_reach(values: Floats, n: int, error: float, bar: float, low: float) -> float:
    centred = values - float(values.mean()) + bar

    def shows(gain: float) -> bool:
        return typical_log_wealth(np.maximum(centred + gain, low), bar, low, n) >= -math.log(error)

    beneath, enough = 0.0, max(bar - low, float(np.ptp(values)), 1e-300)
    while not shows(enough):
        enough *= 2.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (beneath + enough)
        beneath, enough = (beneath, middle) if shows(middle) else (middle, enough)
    return enough


def _sign_seeds(share: float, error: float, power: float) -> int | None:
    if share <= 0.5:
        return None
    normal = NormalDist()
    sides = 0.5 * normal.inv_cdf(1.0 - error) + math.sqrt(share * (1.0 - share)) * normal.inv_cdf(power)
    n = max(math.ceil((sides / (share - 0.5)) ** 2), math.ceil(-math.log2(error)))
    return n if n <= MOST_SEEDS else None


def _least(enough: Callable[[int], bool], start: int) -> int | None:
    """The least number from `start` on that is enough, by doubling and halving; None beyond 10,000."""
    high = start
    while not enough(high):
        if high >= MOST_SEEDS:
            return None
        high = min(2 * high, MOST_SEEDS)
    low = start - 1 if high == start else high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
