"""How often a policy visits every state: discounted, until the episode ends, within a time limit, or in the long run.

The occupancy d of a policy solves d = start + discount * P' d (Puterman 2005, section 6.9): d(s) is the expected
discounted number of timesteps in s. With it the return of any reward r is the sum of d(s) r(s), which the tests use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, TabularMdp
from scoper.errors import ProbeError, Problem
from scoper.numerics.bounds import steps_until_end
from scoper.numerics.evaluate import Policy, policy_chain
from scoper.numerics.kernel import Kernel, kernel_of, tally

SWEEPS = 200_000
DENSE_STATES = 1_500
STEADY = 1e-13
"""Share of the mass that may still change its place when the rest of the visits is extrapolated."""


@dataclass(frozen=True)
class Occupancy:
    """state (S,): expected (discounted) timesteps in every state; total: their sum, the (discounted) episode length.

    The sum of |state - true occupancy| is at most error_bound.
    """

    state: Floats
    total: float
    error_bound: float

    @property
    def share(self) -> Floats:
        """(S,) the share of the (discounted) time that is spent in every state."""
        return self.state / self.total if self.total > 0.0 else self.state


def occupancy(
    mdp: TabularMdp, policy: Policy, *, discount: float | None = None, horizon: int | None = None
) -> Occupancy:
    """The occupancy of `policy` from the start distribution.

    policy: as in `evaluate`. discount: the MDP's when None. horizon: timesteps after which the episode is cut; None
    means no time limit, an (H, S) policy has the horizon H. Raises ProbeError for a discount of 1 without a time limit
    when the episode may never end: the visits have no finite sum.
    """
    gamma = mdp.discount if discount is None else float(discount)
    kernel = kernel_of(mdp)
    timed = policy.ndim == 2 and policy.dtype.kind in "iu"
    if timed or horizon is not None:
        return _within(mdp, kernel, policy, gamma, policy.shape[0] if horizon is None else horizon)
    chain = policy_chain(mdp, kernel, policy)
    if gamma < 1.0:
        longest = 1.0 / (1.0 - gamma)
    else:
        steps = steps_until_end(chain)
        if steps is None:
            text = "without a discount or a time limit the visits of an episode that may not end have no finite sum"
            raise ProbeError(Problem("no-occupancy", text, mdp.source))
        longest = float(steps.max(initial=0.0))
    visits = _dense(chain, gamma, mdp.initial) if mdp.n_states <= DENSE_STATES else _swept(chain, gamma, mdp.initial)
    residual = float(np.abs(mdp.initial + _pushed(chain, gamma, visits) - visits).sum())
    rounding = (chain.fan_out + 8) * 2.0**-53 * float(np.abs(visits).sum())
    return Occupancy(visits, float(visits.sum()), (residual + rounding) * longest)


def _within(mdp: TabularMdp, kernel: Kernel, policy: Policy, discount: float, horizon: int) -> Occupancy:
    timed = policy.ndim == 2 and policy.dtype.kind in "iu"
    fixed = None if timed else policy_chain(mdp, kernel, policy)
    here, visits = mdp.initial.astype(np.float64), np.zeros(mdp.n_states)
    for timestep in range(horizon):
        visits = visits + here
        chain = fixed if fixed is not None else policy_chain(mdp, kernel, policy[timestep])
        here = _pushed(chain, discount, here)
    total = float(visits.sum())
    return Occupancy(visits, total, (kernel.fan_out + 8) * 2.0**-53 * horizon * total)


def _pushed(chain: Kernel, discount: float, visits: Floats) -> Floats:
    """(S,) where the mass `visits` (S,) is one timestep later."""
    return tally(chain.successor, discount * chain.weight * visits[chain.pair_of_transition], chain.n_states)


def _dense(chain: Kernel, discount: float, start: Floats) -> Floats:
    size = chain.n_states
    cell = chain.successor * size + chain.pair_of_transition
    moves = tally(cell, chain.weight, size * size).reshape(size, size)
    solution = np.linalg.solve(np.eye(size) - discount * moves, start)
    return np.asarray(np.maximum(solution, 0.0), dtype=np.float64)


def _swept(chain: Kernel, discount: float, start: Floats) -> Floats:
    """Follow the start distribution until the mass that still moves is below rounding.

    Once a distribution hardly moves, all that is still to come is a multiple of it; the caller's bound counts the rest.
    """
    here, visits = start.astype(np.float64), np.zeros(chain.n_states)
    for _ in range(SWEEPS):
        visits = visits + here
        after = _pushed(chain, discount, here)
        mass, kept = float(here.sum()), float(after.sum())
        if kept <= 1e-17 * float(visits.sum()):
            break
        shrink = kept / mass
        if shrink < 1.0 and float(np.abs(after - shrink * here).sum()) <= STEADY * kept:
            return visits + after / (1.0 - shrink)
        here = after
    return visits
