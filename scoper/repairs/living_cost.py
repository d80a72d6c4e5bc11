"""Every timestep costs, or pays, a little: against dawdling on the one hand and throwing the task away on the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.domain.numbers import number
from scoper.domain.repairs import Proposal
from scoper.repairs import DIVERGES, Case, Repair
from scoper.repairs._pay import added
from scoper.repairs._world import AMOUNTS


def propose(case: Case) -> Sequence[Proposal]:
    """The smallest amount per timestep that brings the objective back."""
    trials, defect = case.trials, case.named(REPAIR.mends) or DIVERGES
    if trials is None or not trials.is_judged:
        return []
    ones, unit = np.ones(trials.reward.size), trials.unit
    amounts = [sign * unit * amount for amount in AMOUNTS for sign in _signs(defect)]
    found = trials.search("per timestep", ones, [float(f"{amount:.3g}") for amount in amounts])
    if found is None:
        return []
    text = f"{found.weight:g}"
    words = f"every timestep {'pays' if found.weight > 0 else 'costs'} {number(abs(found.weight))}"
    return [added(case, REPAIR.id, defect, "living", text, [f"reward += {text}"], words, found.share)]


def _signs(defect: str) -> tuple[float, ...]:
    return (1.0,) if defect == "suicide_optimal" else (-1.0,) if defect == "positive_cycle" else (-1.0, 1.0)


REPAIR = Repair(
    id="living_cost",
    summary="Lets every timestep cost or pay a constant amount.",
    mends=("suicide_optimal", "positive_cycle", "do_nothing_optimal"),
    propose=propose,
    rank=20,
    pays=True,
)
