"""A reward without bound is paid by its logarithm, the sign kept: ten times as much counts little more."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._pay import wrapped


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper with sign(r) log(1 + |r|); environments only."""
    defect = case.named(REPAIR.mends)
    if defect is None or not isinstance(case.spec, EnvironmentSpec):
        return []
    words = "the reward is paid by its logarithm, the sign kept"
    step = ["reward = float(np.sign(reward) * np.log1p(abs(float(reward))))"]
    return [wrapped(case.spec, REPAIR.id, defect, words, step=step)]


REPAIR = Repair(
    id="logarithm",
    summary="Pays an unbounded reward by its logarithm.",
    mends=("unbounded_reward", "ill_formed_reward"),
    propose=propose,
    rank=10,
)
