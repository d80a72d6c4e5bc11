"""A term that is counted twice, tampered with or collected without end is left out."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.repairs import Proposal
from scoper.repairs import DIVERGES, Case, Repair
from scoper.repairs._pay import has_terms, levers, pointed_at, weighed


def propose(case: Case) -> Sequence[Proposal]:
    """The terms without which the objective comes back, the best first."""
    trials, defect = case.trials, case.named(REPAIR.mends) or DIVERGES
    if trials is None or not has_terms(case):
        return []
    if not trials.is_judged:
        return _unjudged(case)
    found = []
    for lever in levers(case):
        share = trials.share(f"without {lever.words}", trials.reward - lever.part)
        if share is not None and lever.part.any():
            words = f"the term {lever.words} is left out"
            found.append(weighed(case, REPAIR.id, defect, lever, 0.0, words, share))
    return sorted(found, key=lambda proposal: -(proposal.expected or 0.0))


def _unjudged(case: Case) -> Sequence[Proposal]:
    """Without an objective: the term that a finding points at."""
    at = pointed_at(case, REPAIR.mends)
    if at is None:
        return []
    return [weighed(case, REPAIR.id, at[0], at[1], 0.0, f"the term {at[1].words} is left out", None)]


REPAIR = Repair(
    id="drop_term",
    summary="Leaves out a term that is counted twice, tampered with or collected without end.",
    mends=("double_counting", "metric_tampering", "positive_cycle", "simulator_exploit", "shaping_changes_optimum"),
    propose=propose,
    rank=15,
    pays=True,
)
