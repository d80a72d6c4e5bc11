"""The owner's own number is paid beside the reward, with the least weight that brings it back, or else instead of it.

It says nothing about what was wrong, so it comes after those that do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from scoper.domain.mdp import EnvironmentSpec, MdpSpec, Objective
from scoper.domain.numbers import number
from scoper.domain.repairs import Proposal, SpecEdit
from scoper.repairs import DIVERGES, Case, Repair
from scoper.repairs._pay import added, wrapped

_WEIGHTS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)


def propose(case: Case) -> Sequence[Proposal]:
    """The least weight of the owner's number that serves."""
    trials, objective = case.trials, case.spec.objective
    defect = case.named(REPAIR.mends) or (case.defects[0] if case.defects else DIVERGES)
    if trials is None or trials.world.wanted is None or objective is None or not _is_told(case, objective):
        return []
    wanted, sign = trials.world.wanted, -1.0 if objective.direction == "minimise" else 1.0
    size = float(np.abs(wanted).mean())
    if size <= 0.0:
        return []
    weights = [float(f"{weight * float(np.abs(trials.reward).mean()) / size:.2g}") for weight in _WEIGHTS]
    found = trials.search("objective", wanted, [weight for weight in weights if weight > 0.0])
    if found is None:
        return _instead(case, objective, defect, sign)
    weight = f"{sign * found.weight:g}"
    words = f"the objective itself, times {number(found.weight)}, is paid beside the reward"
    if isinstance(case.spec, MdpSpec):
        text = f"{weight} * ({objective.expression})"
        return [added(case, REPAIR.id, defect, "wanted", text, [], words, found.share)]
    init, reset, step = told_lines(objective)
    step = ["reward = float(reward)", *step, f"reward += {weight} * grown"]
    proposal = wrapped(case.spec, REPAIR.id, defect, words, init=init, reset=reset, step=step, expected=found.share)
    return [proposal]


def _instead(case: Case, objective: Objective, defect: str, sign: float) -> Sequence[Proposal]:
    """The owner's number in the place of the reward; whether that serves is left to the audit of it."""
    words = "the objective itself is paid instead of the reward"
    if isinstance(case.spec, MdpSpec):
        terms = list(case.spec.reward)
        text = json.dumps(f"{sign:g} * ({objective.expression})", ensure_ascii=False)
        edits = [SpecEdit(path=("reward", terms[0]), text=text)]
        edits += [SpecEdit(path=("reward", name), text=None) for name in terms[1:]]
        return [Proposal(repair=REPAIR.id, defect=defect, words=words, edits=tuple(edits))]
    init, reset, step = told_lines(objective)
    step = [*step, f"reward = {sign:g} * grown"]
    return [wrapped(case.spec, REPAIR.id, defect, words, init=init, reset=reset, step=step)]


def told_lines(objective: Objective) -> tuple[list[str], list[str], list[str]]:
    """Code of a wrapper that gives `grown`, what step's info adds to the owner's number: of init, reset and step."""
    if objective.at == "sum":
        return [], [], [f"grown = float(info.get({objective.info!r}, 0.0))"]
    step = [f"total = float(info.get({objective.info!r}, self.total))", "grown, self.total = total - self.total, total"]
    return ["self.total = 0.0"], ["self.total = 0.0"], step


def _is_told(case: Case, objective: Objective) -> bool:
    """Whether the reward can be made of the objective: step by step, from what the reward sees."""
    if isinstance(case.spec, EnvironmentSpec):
        return objective.info is not None
    if objective.expression is None or objective.at != "sum":
        return False
    return not any(name in objective.expression for name in case.spec.reward)


REPAIR = Repair(
    id="pay_the_objective",
    summary="Pays the objective itself beside the reward, or instead of it.",
    mends=(),
    propose=propose,
    rank=90,
    pays=True,
)
