"""Where no action has an effect beyond its own timestep, the problem is posed as what it is: decisions one by one."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.repairs import Proposal, SpecEdit
from scoper.repairs import Case, Repair


def propose(case: Case) -> Sequence[Proposal]:
    """A discount of zero: the same best policy, and a problem that supervised learning or a bandit solves."""
    defect = case.named(REPAIR.mends)
    if defect is None or case.spec.discount == 0.0:
        return []
    words = "the discount is 0: every timestep is a decision of its own, for a contextual bandit instead of learning"
    edits = (SpecEdit(path=("discount",), text="0.0"),)
    return [Proposal(repair=REPAIR.id, defect=defect, words=words, edits=edits, rule="myopic")]


REPAIR = Repair(
    id="contextual_bandit",
    summary="Poses a problem without consequences as decisions one by one.",
    mends=("not_sequential",),
    propose=propose,
    rank=10,
)
