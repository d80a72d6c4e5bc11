"""How firmly an optimum stands: how much worse the second-best action is, and what another discount would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import action_values, solve, start_value


@dataclass(frozen=True)
class DiscountEffect:
    """The optimum under one discount, beside a reference policy that is optimal under another.

    value: optimal return at the start. reference: what the reference policy returns there under this discount. differs:
    share of the states in which the reference's action falls short by more than the tolerance. policy (S,): optimal.
    """

    discount: float
    value: float
    reference: float
    differs: float
    policy: Ints


def discount_sensitivity(
    mdp: TabularMdp, policy: Ints, discounts: Sequence[float], *, tolerance: float = 1e-9
) -> tuple[DiscountEffect, ...]:
    """What every one of `discounts` makes of the optimum and of the reference `policy` (S,).

    An action counts as different only if it loses more than `tolerance` of the largest value, so ties do not count.
    Where a discount has no certified finite optimum all its numbers are nan.
    """
    return tuple(_effect(mdp, policy, discount, tolerance) for discount in discounts)


def _effect(mdp: TabularMdp, policy: Ints, discount: float, tolerance: float) -> DiscountEffect:
    solution = solve(mdp, discount=discount)
    if not solution.converged or not np.isfinite(start_value(mdp, solution.value)):
        return DiscountEffect(discount, np.nan, np.nan, np.nan, policy)
    best = solution.value
    advantage = action_values(mdp, best, discount=discount)
    short = advantage.max(axis=1) - advantage[np.arange(mdp.n_states), policy]
    scale = max(float(np.abs(best[np.isfinite(best)]).max(initial=0.0)), np.finfo(float).tiny)
    return DiscountEffect(
        discount=discount,
        value=start_value(mdp, best),
        reference=start_value(mdp, evaluate(mdp, policy, discount=discount)),
        differs=float(np.mean(short > tolerance * scale)),
        policy=solution.policy,
    )


def action_gaps(mdp: TabularMdp, value: Floats, *, discount: float | None = None) -> Floats:
    """(S,) by how much the best action value exceeds the second best; inf where only one action is available.

    With the optimal `value` (S,): the action gap of Farahmand (2011). A gap of 0 is a tie.
    """
    ordered = np.sort(action_values(mdp, value, discount=discount), axis=1)
    if mdp.n_actions == 1:
        return np.full(mdp.n_states, np.inf)
    with np.errstate(invalid="ignore"):
        return np.asarray(ordered[:, -1] - ordered[:, -2], dtype=np.float64)
