"""A part of the reward weighs more or less: by the gentlest factor that brings the objective back."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.numbers import number
from scoper.domain.repairs import Proposal
from scoper.repairs import DIVERGES, Case, Repair
from scoper.repairs._pay import levers, pointed_at, weighed
from scoper.repairs._world import FACTORS

_MOST_TRIED = 6


def propose(case: Case) -> Sequence[Proposal]:
    """For every part the gentlest factor that serves, the gentlest of all parts first."""
    trials, defect = case.trials, case.named(REPAIR.mends) or DIVERGES
    if trials is None:
        return []
    if not trials.is_judged:
        return _unjudged(case)
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


def _unjudged(case: Case) -> Sequence[Proposal]:
    """Without an objective: the term that outweighs all others, made as large as they are."""
    at, found = pointed_at(case, ("scale_domination",)), case.finding("scale_domination")
    times = found.evidence.get("times") if found else None
    if at is None or not isinstance(times, int | float) or times <= 1.0:
        return []
    factor = float(f"{1.0 / times:.1g}")
    words = f"{at[1].words} weighs {number(factor)} times as much"
    return [weighed(case, REPAIR.id, at[0], at[1], factor, words, None)]


REPAIR = Repair(
    id="rescale_terms",
    summary="Weighs a part of the reward anew, by the gentlest factor that brings the objective back.",
    mends=("scale_domination", "risk_mispriced", "do_nothing_optimal", "clipped_reward", DIVERGES),
    propose=propose,
    rank=20,
    pays=True,
)
