"""Every number of the observation is told between −1 and 1, by the range in which it was seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._seen import observing, ranges


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper with the ranges that were seen as constants: the same numbers in training and in use."""
    seen = ranges(case)
    if seen is None:
        return []
    low, high = seen
    middle, half = (low + high) / 2.0, np.where(high > low, (high - low) / 2.0, 1.0)
    lists = [", ".join(f"{value:.6g}" for value in column) for column in (middle, half)]
    return observing(
        case,
        REPAIR,
        "every number of the observation is told between -1 and 1, by the range it was seen in",
        size="size",
        seen="(current - self.middle) / self.half",
        init=[f"self.middle = np.array([{lists[0]}])", f"self.half = np.array([{lists[1]}])"],
    )


REPAIR = Repair(
    id="normalise_observation",
    summary="Tells every number of the observation between −1 and 1.",
    mends=("observation_scale",),
    propose=propose,
    rank=10,
)
