"""A part of the reward weighs more or less: by the gentlest factor that brings the objective back."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.numbers import number
from scoper.domain.repairs import Proposal
from scoper.repairs import DIVERGES, Case, Repair
from scoper.repairs._pay import levers, weighed
from scoper.repairs._world import FACTORS

_MOST_TRIED = 6


def propose(case: Case) -> Sequence[Proposal]:
    """For every part the gentlest factor that serves, the gentlest of all parts first."""
    trials, defect = case.trials, case.named(REPAIR.mends) or DIVERGES
    if trials is None or not trials.is_judged:
        return []
    found = []
    for lever in levers(case)[:_MOST_TRIED]:
        better = trials.search(f"times {lever.words}", lever.part, [factor - 1.0 for factor in FACTORS])
        if better is None:
            continue
        factor = better.weight + 1.0
        words = f"{lever.words} weighs {number(factor)} times as much"
        gentle = FACTORS.index(min(FACTORS, key=lambda each: abs(each - factor)))
        found.append((gentle, -better.share, weighed(case, REPAIR.id, defect, lever, factor, words, better.share)))
    return [proposal for *_, proposal in sorted(found, key=lambda each: each[:2])]


REPAIR = Repair(
    id="rescale_terms",
    summary="Weighs a part of the reward anew, by the gentlest factor that brings the objective back.",
    mends=("scale_domination", "risk_mispriced", "do_nothing_optimal", "clipped_reward", DIVERGES),
    propose=propose,
    rank=20,
    pays=True,
)
