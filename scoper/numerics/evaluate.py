"""The exact value of a given policy, under a time limit or without one, for the MDP's own or any other reward."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.errors import ProbeError, Problem
from scoper.numerics.bounds import close_enough, policy_error, scale_of
from scoper.numerics.components import attractor, end_components
from scoper.numerics.kernel import Kernel, kernel_of, mixed_chain, tally
from scoper.numerics.linear import solve_chain
from scoper.numerics.undiscounted import gain_bounds, part

EVALUATION_TOLERANCE = 1e-8
DOUBLING_HORIZON, DOUBLING_STATES = 2_000, 300
"""Beyond this horizon, and up to these many states, products of dense matrices are faster than timestep by timestep."""

Policy = NDArray[np.int64] | NDArray[np.float64]


def evaluate(
    mdp: TabularMdp,
    policy: Policy,
    *,
    discount: float | None = None,
    horizon: int | None = None,
    reward: Floats | None = None,
) -> Floats:
    """(S,) expected return of `policy`, certified to 1e-8 of the largest reward or value.

    policy: (S,) action numbers, (S, A) action probabilities (floats), or (H, S) action numbers per timestep.
    discount: the MDP's when None. horizon: timesteps after which the episode is cut; None means no time limit, except
    that an (H, S) policy has the horizon H. reward: (N,) per transition instead of the MDP's own.
    Without discount and time limit a value is -inf or inf where the policy loses or earns without end, and nan where
    the sum has no limit. Raises ProbeError when the certificate fails, ValueError for a policy that is none.
    """
    gamma = mdp.discount if discount is None else float(discount)
    kernel = kernel_of(mdp, reward)
    timed = policy.ndim == 2 and policy.dtype.kind in "iu"
    if timed or horizon is not None:
        return _within(mdp, kernel, policy, gamma, horizon)
    return chain_value(policy_chain(mdp, kernel, policy), gamma, mdp.source)


def policy_chain(mdp: TabularMdp, kernel: Kernel, policy: Policy) -> Kernel:
    """The chain of a policy given as (S,) action numbers or (S, A) action probabilities."""
    if policy.shape == (mdp.n_states,) and policy.dtype.kind in "iu":
        return kernel.keep_pairs(_pairs_of(mdp, kernel, policy))
    if policy.shape != (mdp.n_states, mdp.n_actions):
        raise ValueError(
            f"a policy of {mdp.n_states} states and {mdp.n_actions} actions cannot have shape {policy.shape}"
        )
    share = np.asarray(policy, dtype=np.float64)
    if (share < 0.0).any() or (np.abs(share.sum(axis=1) - 1.0) > 1e-9).any() or share[~mdp.available].any():
        raise ValueError("action probabilities must sum to one in every state, over available actions")
    return mixed_chain(kernel, share.ravel()[kernel.origin])


def _pairs_of(mdp: TabularMdp, kernel: Kernel, actions: NDArray[np.int64] | NDArray[np.float64]) -> Ints:
    chosen = np.arange(mdp.n_states) * mdp.n_actions + actions.astype(np.int64)
    pairs = np.searchsorted(kernel.origin, chosen)
    if (
        (actions < 0).any()
        or (actions >= mdp.n_actions).any()
        or (kernel.origin[pairs % kernel.origin.size] != chosen).any()
    ):
        raise ValueError("the policy takes an action that is not available")
    return np.asarray(pairs, dtype=np.int64)


def _within(mdp: TabularMdp, kernel: Kernel, policy: Policy, discount: float, horizon: int | None) -> Floats:
    value = np.zeros(mdp.n_states)
    if policy.ndim == 2 and policy.dtype.kind in "iu":
        if policy.shape[1] != mdp.n_states or (horizon is not None and horizon != policy.shape[0]):
            raise ValueError(f"a policy per timestep has shape (horizon, {mdp.n_states}), not {policy.shape}")
        for actions in policy[::-1]:
            value = kernel.keep_pairs(_pairs_of(mdp, kernel, actions)).backup(value, discount)
        return value
    chain = policy_chain(mdp, kernel, policy)
    if horizon is not None and horizon > DOUBLING_HORIZON and mdp.n_states <= DOUBLING_STATES:
        return _doubled(chain, discount, horizon)
    for _ in range(horizon or 0):
        value = chain.backup(value, discount)
    return value


def _doubled(chain: Kernel, discount: float, horizon: int) -> Floats:
    """(S,) the value of a chain within `horizon` timesteps: spans of 1, 2, 4, ... timesteps are put together."""
    size = chain.n_states
    cell = chain.pair_of_transition * size + chain.successor
    moves = discount * tally(cell, chain.weight, size * size).reshape(size, size)
    earned, value = chain.reward, np.zeros(size)
    for bit in range(horizon.bit_length()):
        if horizon >> bit & 1:
            value = earned + moves @ value
        earned, moves = earned + moves @ earned, moves @ moves
    return value


def chain_value(chain: Kernel, discount: float, source: str = "") -> Floats:
    """(S,) the value of a chain without time limit; see `evaluate`."""
    if discount < 1.0:
        return _certified(chain, discount, source)
    component, _ = end_components(chain, np.ones(chain.origin.size, dtype=np.bool_))
    idle = np.zeros(chain.n_states, dtype=np.bool_)
    value = np.zeros(chain.n_states)
    for number in range(int(component.max(initial=-1)) + 1):
        states = np.flatnonzero(component == number)
        if not chain.magnitude[states].any():
            idle[states] = True
            continue
        doomed = attractor(chain, component == number, np.ones(chain.origin.size, dtype=np.bool_)) >= 0
        with np.errstate(invalid="ignore"):  # inf and -inf together have no limit: nan
            value[doomed] += _endless(chain, states)
    open_ended = ~np.isfinite(value)
    rest = np.flatnonzero(~open_ended & ~idle)
    if rest.size:
        number_of = np.full(chain.n_states, -1, dtype=np.int64)
        number_of[rest] = np.arange(rest.size)
        value[rest] = _certified(_without(chain, rest, number_of), 1.0, source)
    return value


def _endless(chain: Kernel, states: Ints) -> float:
    """What a closed class of states pays in the limit: inf, -inf, or nan when that cannot be told."""
    number = np.full(chain.n_states, -1, dtype=np.int64)
    number[states] = np.arange(states.size)
    low, high = gain_bounds(part(chain, states, number, states.size))
    return float("inf") if low > 0.0 else float("-inf") if high < 0.0 else float("nan")


def _without(chain: Kernel, rest: Ints, number: Ints) -> Kernel:
    """The chain on the states `rest`; moving anywhere else counts as the end."""
    pair_of = chain.pair_of_transition
    stays = (number[pair_of] >= 0) & (number[chain.successor] >= 0)
    ends = chain.ends | (np.bincount(pair_of[number[chain.successor] < 0], minlength=chain.origin.size) > 0)
    lengths = np.bincount(pair_of[stays], minlength=chain.n_states)[rest]
    return Kernel(
        n_states=rest.size,
        first_pair=np.arange(rest.size + 1, dtype=np.int64),
        origin=chain.origin[rest],
        offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)]),
        successor=number[chain.successor[stays]],
        weight=chain.weight[stays],
        reward=chain.reward[rest],
        magnitude=chain.magnitude[rest],
        ends=ends[rest],
        fan_out=chain.fan_out,
    )


def _certified(chain: Kernel, discount: float, source: str) -> Floats:
    value = solve_chain(chain, discount, chain.reward)
    error = policy_error(chain, value, discount)
    if not close_enough(error, EVALUATION_TOLERANCE * scale_of(chain, value)):
        raise ProbeError(Problem("not-converged", f"a policy's value is only known within {error:.3g}", source))
    return value
