"""An episode that is cut by the clock is told as truncated, not as ended: what comes after still counts."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._pay import wrapped


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper that tells an end at the time limit as truncation."""
    defect, limit = case.named(REPAIR.mends), _limit(case)
    if defect is None or limit is None or not isinstance(case.spec, EnvironmentSpec):
        return []
    words = f"an end after {limit:,} timesteps is told as truncated, not as terminated"
    step = ["self.steps += 1", f"if terminated and self.steps >= {limit}:", "    terminated, truncated = False, True"]
    return [wrapped(case.spec, REPAIR.id, defect, words, reset=["self.steps = 0"], step=step)]


def _limit(case: Case) -> int | None:
    """The timestep at which episodes end that nothing else ends: the longest, if it is common."""
    model = case.evidence.model
    if model is None or not model.steps.size:
        return None
    ends = model.steps.timestep[model.steps.terminated] + 1
    if not ends.size:
        return None
    longest = int(ends.max())
    return longest if int((ends == longest).sum()) > 1 else None


REPAIR = Repair(
    id="truncation",
    summary="Tells an episode that the clock cuts as truncated.",
    mends=("time_limit_leak",),
    propose=propose,
    rank=10,
)
