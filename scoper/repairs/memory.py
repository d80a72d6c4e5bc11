"""What is shown at the start only stays in sight: the first observation is told with every later one."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._seen import observing


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper that remembers the first observation of an episode."""
    return observing(
        case,
        REPAIR,
        "the first observation of an episode is told with every later one",
        size="2 * size",
        seen="np.concatenate([current, self.first])",
        reset=["self.first = current.copy()"],
    )


REPAIR = Repair(
    id="memory",
    summary="Tells the first observation of an episode with every later one.",
    mends=("observation_at_reset_only",),
    propose=propose,
    rank=10,
)
