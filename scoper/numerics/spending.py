"""What to spend next: another seed, more timesteps, or nothing more. A ladder of timesteps, judged rung by rung.

On each rung the seeds are judged by a rule for "better" with an equal part of the error: the rungs may depend on each
other in any way (Bonferroni), and which rung is looked at next may depend on everything seen. Only the last rung can
say "not better", as that speaks of the largest budget. Seeds keep their order, and a seed trains on from rung to rung.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.needed import seeds_to_decide
from scoper.numerics.statistics import Samples
from scoper.numerics.stopping import Bar, Decision, Rule, decide_by_any

Floats = NDArray[np.float64]
Action = Literal["stop", "more_seeds", "more_timesteps"]
_GENEROUS = 3


@dataclass(frozen=True)
class Ladder:
    """Timesteps per seed of every rung, rising, and the rule that judges; its error is that of the whole ladder.

    also: further rules with the same looks, each with an error of its own, which adds to the ladder's.
    """

    rungs: tuple[int, ...]
    rule: Rule
    also: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        if not self.rungs or any(b <= a for a, b in pairwise(self.rungs)):
            raise ValueError(f"timesteps must rise from rung to rung, not {self.rungs}")

        if any(rule.looks != self.rule.looks for rule in self.also):
            raise ValueError("all rules of a ladder look at the same numbers of seeds")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules."""
        return (self.rule, *self.also)

    @property
    def error(self) -> float:
        """Probability of a wrong decision of the whole ladder, at most."""
        return sum(rule.error for rule in self.rules)

    @property
    def on_each(self) -> tuple[Rule, ...]:
        """The rules for "better" on one rung."""
        return tuple(replace(rule, error=rule.error / len(self.rungs)) for rule in self.rules)

    def timesteps(self, n_seeds: Sequence[int]) -> int:
        """What was spent when rung i was reached by n_seeds[i] seeds: each of them trained on from the rung before."""
        reached = [*n_seeds, *[0] * (len(self.rungs) - len(n_seeds))]
        highest = [max(reached[i:], default=0) for i in range(len(self.rungs))]
        steps = np.diff((0, *self.rungs))
        return int(np.dot(steps, highest))


@dataclass(frozen=True)
class Move:
    """What to do next: `action` with `n_seeds` seeds on rung number `rung`, because `why`; and what is decided so far.

    For "stop" rung and n_seeds are those of the decision.
    """

    action: Action
    rung: int
    n_seeds: int
    decision: Decision
    why: str


def next_move(
    ladder: Ladder, returns: Sequence[Samples], bar: Bar, *, margin: float | None = 0.0, may_rise: bool = True
) -> Move:
    """Judge what is known: returns[i] (n_i,) of the seeds that reached rung i, in the order of seeds.

    may_rise: whether longer training is worth its price; False where the curves are flat or where their projection
    exceeds the budget, and the ladder then ends on the present rung, still without any error. Raises ValueError
    without returns.
    """
    if not returns or len(returns) > len(ladder.rungs):
        raise ValueError("every rung that was reached has returns, and the first one was")
    share = bar if bar.error == 0.0 else replace(bar, error=bar.error / len(ladder.rungs))
    for rung, samples in enumerate(returns):
        found = decide_by_any(samples, share, ladder.on_each, margin=None)
        if found.outcome == "better":
            whole = replace(found, bar=bar, margin=margin, error=ladder.error)
            return Move("stop", rung, found.n_seeds, whole, "the return is above the bar")
    rung, samples = len(returns) - 1, np.asarray(returns[-1], dtype=np.float64)
    whole = decide_by_any(samples, bar, ladder.rules, margin=margin)
    if whole.outcome == "better":  # by the whole error, not by this rung's share of it
        whole = replace(whole, outcome="undecided")
    is_last = rung == len(ladder.rungs) - 1 or not may_rise
    if whole.outcome == "not_better" and rung == len(ladder.rungs) - 1:
        return Move("stop", rung, whole.n_seeds, whole, "the largest budget does not bring the gain that would matter")
    open_yet = whole if whole.outcome == "undecided" else replace(whole, outcome="undecided")
    later = [n for n in ladder.rule.looks if n > samples.size]
    if samples.size < ladder.rule.looks[0]:
        return Move("more_seeds", rung, later[0], open_yet, "too few seeds for the first look")
    if later and _within_reach(samples, share, ladder, margin, is_last=is_last):
        return Move("more_seeds", rung, later[0], open_yet, "seeds like these would decide it")
    if not is_last:
        return Move("more_timesteps", rung + 1, samples.size, open_yet, "more seeds would not decide it here")
    why = "no number of seeds within the plan would decide it" if later else "all seeds of the plan are spent"
    return Move("stop", rung, samples.size, open_yet, why)


def _within_reach(samples: Floats, bar: Bar, ladder: Ladder, margin: float | None, *, is_last: bool) -> bool:
    """Whether the seeds of the plan may suffice if more of them come as those seen.

    Few seeds know their spread badly: on the last rung, where giving up ends everything, thrice as many may be needed.
    """
    most = ladder.rule.looks[-1]
    better = _soonest(seeds_to_decide(samples, _part(bar, rule, ladder), rule, "better") for rule in ladder.on_each)
    if not is_last:
        return better <= most
    if better <= _GENEROUS * most or margin is None:
        return better <= _GENEROUS * most
    parts = ((rule, _part(bar, rule, ladder)) for rule in ladder.rules)
    return _soonest(seeds_to_decide(samples, part, rule, "not_better", margin=margin) for rule, part in parts) <= most


def _part(bar: Bar, rule: Rule, ladder: Ladder) -> Bar:
    """The bar with this rule's part of the bar's own error."""
    return replace(bar, error=bar.error * rule.error / ladder.error)


def _soonest(numbers: Iterable[int | None]) -> float:
    return min((number for number in numbers if number is not None), default=math.inf)
