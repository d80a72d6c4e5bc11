"""A reward that is no number, or infinite, is told as one: the worst of the episode so far, within a bound."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._pay import wrapped

_BOUND = 1e6


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper in whose reward every number is finite; environments only, a spec's own expressions are refused."""
    defect = case.named(REPAIR.mends)
    if defect is None or not isinstance(case.spec, EnvironmentSpec):
        return []
    words = f"a reward that is no number counts as the least of the episode so far, and none beyond {_BOUND:,.0f}"
    step = [
        "reward = float(reward)",
        "if np.isnan(reward):",
        "    reward = self.least",
        f"reward = min(max(reward, {-_BOUND:g}), {_BOUND:g})",
        "self.least = min(self.least, reward)",
    ]
    return [wrapped(case.spec, REPAIR.id, defect, words, reset=["self.least = 0.0"], step=step)]


REPAIR = Repair(
    id="bound_reward",
    summary="Tells rewards that are no number as finite ones.",
    mends=("nan_or_inf_reward", "unbounded_reward", "ill_formed_reward"),
    propose=propose,
    rank=20,
)
