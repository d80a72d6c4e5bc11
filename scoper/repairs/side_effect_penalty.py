"""What the reward leaves out is charged: a state variable that the owner's number suffers from becomes a term."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scoper.domain.mdp import MdpSpec
from scoper.domain.numbers import number
from scoper.domain.repairs import Proposal
from scoper.domain.tabular import Floats
from scoper.repairs import DIVERGES, Case, Repair
from scoper.repairs._pay import added
from scoper.repairs._world import AMOUNTS

_MOST = 6


def propose(case: Case) -> Sequence[Proposal]:
    """A charge on one numeric state variable, the gentlest that brings the objective back; declarative specs only."""
    trials, spec = case.trials, case.spec
    defect = case.named(REPAIR.mends) or DIVERGES
    if trials is None or not trials.is_judged or not isinstance(spec, MdpSpec):
        return []
    found = []
    columns = _columns(spec, trials.world.table.state_labels)
    for name, values in list(columns.items())[:_MOST]:
        after = values[trials.world.table.successor]
        spread = max(float(np.abs(after).mean()), 1e-9)
        weights = [-_round(amount * trials.unit / spread) for amount in AMOUNTS]
        best = trials.search(f"charged {name}", after, weights)
        if best is not None:
            words = f"every unit of '{name}' after a timestep costs {number(-best.weight)}"
            text = f"{best.weight:g} * next_{name}"
            found.append(
                (abs(best.weight), added(case, REPAIR.id, defect, f"{name}_charge", text, [], words, best.share))
            )
    return [proposal for _, proposal in sorted(found, key=lambda each: -(each[1].expected or 0.0))]


def _round(value: float) -> float:
    """Two significant digits: a weight that a person would write."""
    return 0.0 if value == 0.0 else round(value, 1 - math.floor(math.log10(abs(value))))


def _columns(spec: MdpSpec, labels: Sequence[str]) -> dict[str, Floats]:
    """(S,) the values of every numeric state variable, from the names of the states."""
    rows = [dict(part.split("=", 1) for part in label.split(", ") if "=" in part) for label in labels]
    numeric = [name for name, variable in spec.state.items() if variable.kind != "categorical"]
    if not rows or any(name not in row for row in rows for name in numeric):
        return {}
    return {name: np.array([float(row[name]) for row in rows]) for name in numeric}


REPAIR = Repair(
    id="side_effect_penalty",
    summary="Charges a state variable that the reward leaves out and the objective suffers from.",
    mends=("side_effect",),
    propose=propose,
    rank=60,
    pays=True,
)
