"""The last few observations are told together, as many as the test of the past found to be enough."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._seen import observing

_USUAL, _MOST = 2, 16


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper that stacks frames; where the finding does not say how many, two."""
    found = case.finding(case.named(REPAIR.mends) or "")
    told = found.evidence.get("frames") if found else None
    frames = int(told) if isinstance(told, int | float) and 1 < told <= _MOST else _USUAL
    return observing(
        case,
        REPAIR,
        f"the last {frames} observations are told together",
        size=f"{frames} * size",
        seen="np.concatenate(self.frames)",
        reset=[f"self.frames = [current] * {frames}"],
        step=["self.frames = [*self.frames[1:], current]"],
    )


REPAIR = Repair(
    id="frame_stack",
    summary="Tells the last few observations together.",
    mends=("non_markov_observation",),
    propose=propose,
    rank=20,
)
