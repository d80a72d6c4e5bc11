"""The box of actions is narrowed to the part that does something: what was outside of it did the same anyway."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._pay import wrapped

_WIDER = 1.5


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper whose actions reach from -1 to 1, which are the least and the greatest that still differ."""
    defect = case.named(REPAIR.mends)
    found = case.finding(defect) if defect else None
    if defect is None or found is None or not isinstance(case.spec, EnvironmentSpec):
        return []
    low, high, share = (found.evidence.get(key) for key in ("low", "high", "saturates_at_share"))
    if not all(isinstance(value, int | float) for value in (low, high, share)) or not share or share >= 1.0:
        return []
    half = float(f"{_WIDER * share * max(abs(low), abs(high)):.2g}")  # type: ignore[arg-type]
    words = f"actions from -1 to 1 stand for {-half:g} to {half:g}, beyond which all did the same"
    box = "gymnasium.spaces.Box(-1.0, 1.0, self.env.action_space.shape, np.float32)"
    init = [
        "inner = self.env.action_space",
        f"self.action_space = {box}",
        "self.low, self.high = inner.low, inner.high",
    ]
    before = [f"action = np.clip({half:g} * np.asarray(action, dtype=np.float64), self.low, self.high)"]
    before.append("action = action.astype(self.env.action_space.dtype)")
    return [wrapped(case.spec, REPAIR.id, defect, words, init=init, before=before)]


REPAIR = Repair(
    id="rescale_actions",
    summary="Narrows the actions to the part that does something.",
    mends=("action_scale",),
    propose=propose,
    rank=10,
)
