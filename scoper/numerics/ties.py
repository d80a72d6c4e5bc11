"""What is left open among the policies that earn the most: the least and the most of another amount.

Backward induction on the pay that keeps every action whose value is within `slack` of the best one; among the kept
actions a second recursion takes the least and the most of the other amount (Gábor, Kalmár and Szepesvári 1998,
lexicographic ordering). With a slack of rounding only this is exact; a wider one adds up over the timesteps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.numerics.kernel import Kernel, kernel_of
from scoper.numerics.solve import start_value

ROUNDING = 1e-9


@dataclass(frozen=True)
class Ties:
    """best: the most of the pay; low and high: of the other amount, among the policies that earn (nearly) as much.

    low_policy, high_policy (H, S): policies that come to them.
    """

    best: float
    low: float
    high: float
    low_policy: Ints
    high_policy: Ints


def ties(
    mdp: TabularMdp, horizon: int, pay: Floats, other: Floats, *, discount: float = 1.0, slack: float = 0.0
) -> Ties:
    """`pay` and `other` (N,) per transition; slack: absolute, per timestep, added to rounding."""
    paying, aside = kernel_of(mdp, pay), kernel_of(mdp, other)
    value, low, high = np.zeros((3, mdp.n_states))
    low_policy, high_policy = np.zeros((2, horizon, mdp.n_states), dtype=np.int64)
    for timestep in range(horizon - 1, -1, -1):
        q = paying.backup(value, discount)
        value = paying.best(q)
        gap = (value - ROUNDING * np.maximum(1.0, np.abs(value)) - slack)[paying.state_of_pair]
        kept = q >= gap
        low, low_policy[timestep] = _least(aside, aside.backup(low, discount), kept, mdp.n_actions)
        high, high_policy[timestep] = _least(aside, -aside.backup(high, discount), kept, mdp.n_actions)
        high = -high
    best, least, most = start_value(mdp, value), start_value(mdp, low), start_value(mdp, high)
    return Ties(best, least, most, low_policy, high_policy)


def _least(
    kernel: Kernel, amount: Floats, kept: np.ndarray[tuple[int], np.dtype[np.bool_]], n_actions: int
) -> tuple[Floats, Ints]:
    """(S,) the least amount (P,) among the kept pairs of every state, and the action that has it."""
    against = np.where(kept, -amount, -np.inf)
    return -kernel.best(against), kernel.origin[kernel.greedy(against)] % n_actions
