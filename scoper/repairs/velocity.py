"""How fast the observation changes is told beside it."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._seen import observing


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper that adds the difference to the observation before."""
    return observing(
        case,
        REPAIR,
        "what every number changed by since the timestep before is told beside it",
        size="2 * size",
        seen="np.concatenate([current, current - self.before])",
        reset=["self.before = self.last = current"],
        step=["self.before, self.last = self.last, current"],
    )


REPAIR = Repair(
    id="velocity",
    summary="Tells how fast the observation changes beside it.",
    mends=("non_markov_observation",),
    propose=propose,
    rank=10,
)
