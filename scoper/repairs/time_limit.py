"""Endless episodes get an end: a time limit, told as truncation."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.mdp import MdpSpec
from scoper.domain.repairs import Proposal, SpecEdit
from scoper.repairs import Case, Repair
from scoper.repairs._pay import wrapped

_SIGHTS, _LEAST, _MOST = 2.0, 50, 1000


def propose(case: Case) -> Sequence[Proposal]:
    """A limit of twice the timesteps that the discount looks ahead, between 50 and 1,000."""
    defect = case.named(REPAIR.mends)
    if defect is None:
        return []
    ahead = _SIGHTS / max(1.0 - case.spec.discount, 1e-6)
    limit = int(min(_MOST, max(_LEAST, round(ahead, -1))))
    words = f"an episode is cut after {limit:,} timesteps, told as truncated"
    if isinstance(case.spec, MdpSpec):
        edits = (SpecEdit(path=("horizon",), text=str(limit)),)
        return [Proposal(repair=REPAIR.id, defect=defect, words=words, edits=edits)]
    step = ["self.steps += 1", f"truncated = truncated or (self.steps >= {limit} and not terminated)"]
    return [wrapped(case.spec, REPAIR.id, defect, words, reset=["self.steps = 0"], step=step)]


REPAIR = Repair(
    id="time_limit",
    summary="Cuts endless episodes after a number of timesteps.",
    mends=("no_episode_end",),
    propose=propose,
    rank=10,
)
