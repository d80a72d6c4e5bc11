"""What is paid late is paid when it happens: the steps by which the owner's number grows become the reward."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.numbers import number
from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._pay import wrapped
from scoper.repairs.pay_the_objective import told_lines


def propose(case: Case) -> Sequence[Proposal]:
    """A wrapper that pays what the owner's number grew by, in the size of the reward; environments only."""
    defect, trials, objective = case.named(REPAIR.mends), case.trials, case.spec.objective
    if defect is None or trials is None or trials.world.wanted is None or objective is None:
        return []
    if not isinstance(case.spec, EnvironmentSpec) or objective.info is None:
        return []
    size = float(np.abs(trials.world.wanted).mean())
    if size <= 0.0:
        return []
    weight = float(f"{float(np.abs(trials.reward).mean()) / size:.2g}") or 1.0
    sign = -1.0 if objective.direction == "minimise" else 1.0
    words = f"every timestep pays what the objective grows by in it, times {number(weight)}, not the late reward"
    init, reset, step = told_lines(objective)
    step = [*step, f"reward = {sign * weight:g} * grown"]
    return [wrapped(case.spec, REPAIR.id, defect, words, init=init, reset=reset, step=step)]


REPAIR = Repair(
    id="reward_at_the_cause",
    summary="Pays when it happens what was paid late.",
    mends=("credit_assignment",),
    propose=propose,
    rank=10,
)
