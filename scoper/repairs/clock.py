"""The time that is left in an episode is told beside the observation."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._seen import observing


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper that adds the share of the episode that is over; only where the limit is known."""
    horizon = case.evidence.horizon
    if horizon is None:
        return []
    return observing(
        case,
        REPAIR,
        f"the share of the {horizon:,} timesteps that is over is told beside the observation",
        size="size + 1",
        seen=f"np.append(current, self.steps / {horizon})",
        reset=["self.steps = 0"],
        step=["self.steps += 1"],
    )


REPAIR = Repair(
    id="clock",
    summary="Tells the share of the episode that is over beside the observation.",
    mends=("time_limit_leak",),
    propose=propose,
    rank=30,
)
