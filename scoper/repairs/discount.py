"""The discount looks further ahead, as far as what is wanted needs."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.repairs import Proposal, SpecEdit
from scoper.numerics.behaviour import behaviour
from scoper.repairs import Case, Repair

_TRIED: tuple[float, ...] = (0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999)
_ENOUGH = 0.9


def propose(case: Case) -> Sequence[Proposal]:
    """The smallest of common discounts whose best policy gets nearly the undiscounted return, and a step beyond it."""
    trials, defect = case.trials, case.named(REPAIR.mends)
    if trials is None or defect is None:
        return []
    world, own = trials.world, case.spec.discount
    pay = trials.reward if world.wanted is None else world.wanted

    def reached(discount: float) -> float:
        return behaviour(world.table, world.steady(discount), world.horizon).total(pay)

    tried = [discount for discount in _TRIED if discount > own]
    values = [reached(discount) for discount in tried]
    low = reached(own)
    if not values or max(values) <= low:
        return []
    at = next(at for at, value in enumerate(values) if value >= low + _ENOUGH * (max(values) - low))
    beyond = min(at + 1, len(tried) - 1)
    chosen = tried[beyond] if values[beyond] >= values[at] else tried[at]
    words = f"the discount is {chosen:g} instead of {own:g}"
    edits = (SpecEdit(path=("discount",), text=f"{chosen:g}"),)
    return [Proposal(repair=REPAIR.id, defect=defect, words=words, edits=edits)]


REPAIR = Repair(
    id="discount",
    summary="Raises the discount until what pays late is worth waiting for.",
    mends=("discount_horizon",),
    propose=propose,
    rank=10,
)
