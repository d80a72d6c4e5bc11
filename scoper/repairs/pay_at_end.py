"""An episode that ends by itself pays, or costs, an amount: against ending early, and against never ending."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.mdp import MdpSpec
from scoper.domain.numbers import number
from scoper.domain.repairs import Proposal
from scoper.repairs import DIVERGES, Case, Repair
from scoper.repairs._pay import added, in_next
from scoper.repairs._world import AMOUNTS


def propose(case: Case) -> Sequence[Proposal]:
    """The smallest amount at termination that brings the objective back."""
    trials, defect = case.trials, case.named(REPAIR.mends) or DIVERGES
    if trials is None or not trials.is_judged:
        return []
    ends = trials.world.table.terminates.astype(float)
    sign = -1.0 if defect == "suicide_optimal" else 1.0
    amounts = [sign * trials.unit * amount for amount in (1.0, *(10.0 * each for each in AMOUNTS[1:]))]
    found = trials.search("at the end", ends, [float(f"{amount:.3g}") for amount in amounts])
    if found is None:
        return []
    text = f"{found.weight:g}"
    expression = f"{text} * ({in_next(case.spec, case.spec.terminated)})" if isinstance(case.spec, MdpSpec) else ""
    words = f"an episode that ends by itself {'pays' if found.weight > 0 else 'costs'} {number(abs(found.weight))}"
    lines = ["if terminated:", f"    reward += {text}"]
    return [added(case, REPAIR.id, defect, "ending", expression, lines, words, found.share)]


REPAIR = Repair(
    id="pay_at_end",
    summary="Lets an episode that ends by itself pay or cost an amount.",
    mends=("suicide_optimal", "positive_cycle"),
    propose=propose,
    rank=25,
    pays=True,
)
