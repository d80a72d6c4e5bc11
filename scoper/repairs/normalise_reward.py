"""The whole reward is told in units in which a timestep pays about 1: no policy becomes better or worse by it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.repairs import Proposal, SpecEdit
from scoper.repairs import Case, Repair
from scoper.repairs._pay import wrapped


def propose(case: Case) -> Sequence[Proposal]:
    """A power of ten for every term, or for what step returns."""
    trials, defect, spec = case.trials, case.named(REPAIR.mends), case.spec
    if trials is None or defect is None or not trials.reward.any():
        return []
    factor = 10.0 ** -round(math.log10(trials.unit))
    if factor == 1.0:
        return []
    words = f"the whole reward is multiplied by {factor:g}"
    if isinstance(spec, EnvironmentSpec):
        return [wrapped(spec, REPAIR.id, defect, words, step=[f"reward = {factor:g} * float(reward)"])]
    edits = tuple(
        SpecEdit(path=("reward", name), text=json.dumps(f"{factor:g} * ({term})", ensure_ascii=False))
        for name, term in spec.reward.items()
    )
    return [Proposal(repair=REPAIR.id, defect=defect, words=words, edits=edits)]


REPAIR = Repair(
    id="normalise_reward",
    summary="Tells the reward in units in which a timestep pays about 1.",
    mends=("reward_scale",),
    propose=propose,
    rank=10,
)
