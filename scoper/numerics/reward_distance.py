"""How far two rewards are apart, once what cannot matter is taken off: STARC and EPIC distances.

Potential-based shaping and positive factors leave every optimal policy as it is, so a reward is first brought to a
canonical form. STARC (Skalse et al. 2024): value-adjusted levelling takes V(s) - discount * V(s') off, V being the
value of a reference policy, then the norm is made one; half the distance of two such forms is 0 for equivalent rewards,
1 for opposite ones, 1/2 from a reward that is shaping alone. EPIC (Gleave et al. 2021) needs no transition law: it
averages over states and actions drawn independently, and compares by Pearson's correlation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp
from scoper.numerics.evaluate import evaluate
from scoper.numerics.kernel import kernel_of, tally
from scoper.numerics.reach import reachable_states

ZERO = 1e-9
"""Share of the reward's own size below which a canonical form is zero: nothing but shaping is left."""

Reward = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], Floats]
"""The reward of n states, actions and next states, given as numbers (n,)."""


@dataclass(frozen=True)
class Distance:
    """value: within 0 and 1, nan where both rewards are shaping alone. flat: which of the two rewards are that.

    nan also where a canonical form has no limit; then neither is flat.
    """

    value: float
    flat: tuple[bool, bool]


def starc(
    mdp: TabularMdp,
    first: Floats,
    second: Floats,
    *,
    policy: Floats | None = None,
    discount: float | None = None,
    horizon: int | None = None,
    weight: Floats | None = None,
) -> Distance:
    """The STARC distance of two rewards (N,) per transition of `mdp`, after value-adjusted levelling.

    policy (S, A): the reference, the uniform random policy when None. Under a `horizon` the canonical form is taken per
    timestep, with that many left. weight (S, A): of the norm, equal over the pairs that can be reached when None.
    """
    counted = reachable_states(mdp)[:, None] & mdp.available if weight is None else weight
    forms = [levelled(mdp, r, policy=policy, discount=discount, horizon=horizon) for r in (first, second)]
    sizes = [_size(mdp, r, horizon) for r in (first, second)]
    root = np.sqrt(np.asarray(counted, dtype=np.float64))
    return _apart([np.where(root > 0.0, form, 0.0) * root for form in forms], [s * float(root.max()) for s in sizes])


def levelled(
    mdp: TabularMdp,
    reward: Floats,
    *,
    policy: Floats | None = None,
    discount: float | None = None,
    horizon: int | None = None,
) -> Floats:
    """(S, A), or (H, S, A): E[r - V(s) + discount * V(s')], the advantage of every action under the reference policy.

    The value-adjusted levelling of Skalse et al. (2024), section 3; 0 where an action is not available. All nan where
    the reference policy's value has no limit, without discount and horizon.
    """
    gamma = mdp.discount if discount is None else float(discount)
    if policy is None:
        policy = mdp.available / mdp.available.sum(axis=1, keepdims=True)
    kernel = kernel_of(mdp, reward)
    share = policy.ravel()[kernel.origin]

    def advantage(value: Floats) -> tuple[Floats, Floats]:
        q = kernel.backup(value, gamma)
        mean = np.asarray(np.add.reduceat(share * q, kernel.first_pair[:-1]), dtype=np.float64)
        full = np.zeros(mdp.n_states * mdp.n_actions)
        full[kernel.origin] = q - mean[kernel.state_of_pair]
        return full.reshape(mdp.n_states, mdp.n_actions), mean

    if horizon is None:
        value = evaluate(mdp, policy, discount=gamma, reward=reward)
        without = np.full((mdp.n_states, mdp.n_actions), np.nan)
        return advantage(value)[0] if np.isfinite(value).all() else without
    forms, value = [], np.zeros(mdp.n_states)
    for _ in range(horizon):
        form, value = advantage(value)
        forms.append(form)
    return np.stack(forms[::-1])


def starc_of_samples(
    state: Ints,
    action: Ints,
    first: Floats,
    second: Floats,
    successor: Ints,
    ended: Bools,
    *,
    discount: float,
) -> Distance:
    """The same from n steps with both rewards: law and reference policy are those of the sample.

    States and actions are any numbers; discount below 1, or all states lead to an end. Pairs count by their visits. The
    value of a state that is only arrived at is zero. The distance of noisy rewards is biased: few visits look alike.
    """
    states, codes = np.unique(np.concatenate([state, successor]), return_inverse=True)
    here, there = codes[: state.size], codes[state.size :]
    n_actions = int(action.max(initial=0)) + 1
    pair, number = np.unique(here * n_actions + action, return_inverse=True)
    visits = np.bincount(number).astype(np.float64)
    at = pair // n_actions
    in_state = np.bincount(here, minlength=states.size).astype(np.float64)
    moves = np.zeros((pair.size, states.size))
    np.add.at(moves, (number[~ended], there[~ended]), 1.0)
    moves /= visits[:, None]
    share = visits / in_state[at]
    chain = np.zeros((states.size, states.size))
    np.add.at(chain, at, share[:, None] * moves)
    forms = []
    for reward in (first, second):
        mean = np.bincount(number, weights=reward) / visits
        value = np.linalg.lstsq(np.eye(states.size) - discount * chain, tally(at, share * mean, states.size))[0]
        forms.append((mean + discount * (moves @ value) - value[at]) * np.sqrt(visits))
    largest = [float(np.abs(r).max(initial=0.0)) * math.sqrt(state.size) for r in (first, second)]
    return _apart(forms, largest)


def epic(first: Floats, second: Floats, discount: float, *, coverage: Floats | None = None) -> Distance:
    """The EPIC distance of two rewards (S, A, S), states and actions drawn uniformly (Gleave et al. 2021, section 4).

    coverage (S, A, S): the law of the transitions over which the canonical forms are correlated, uniform when None.
    """
    law = np.full(first.shape, 1.0 / first.size) if coverage is None else coverage / coverage.sum()
    forms, sizes = [], []
    for reward in (first, second):
        ahead = reward.mean(axis=(1, 2))
        form = reward + discount * ahead[None, None, :] - ahead[:, None, None] - discount * float(reward.mean())
        forms.append((form - float((law * form).sum())) * np.sqrt(law))
        sizes.append(float(np.abs(reward).max(initial=0.0)))
    return _apart(forms, sizes)


def epic_of_samples(
    first: Reward,
    second: Reward,
    transitions: tuple[Ints, Ints, Ints],
    rng: np.random.Generator,
    discount: float,
    *,
    draws: int = 256,
) -> Distance:
    """EPIC from a sample: rewards that can be asked for any transition, and n transitions (states, actions, next).

    States and actions of the averages are drawn from the sample, independently, and are the same for every transition,
    as in the authors' estimate (appendix A.1), so that shaping cancels exactly.
    """
    state, action, successor = transitions
    actions = rng.choice(action, size=draws)
    nexts = rng.choice(successor, size=draws)
    forms, sizes = [], []
    for reward in (first, second):

        def ahead(states: Ints, reward: Reward = reward) -> Floats:
            distinct, back = np.unique(states, return_inverse=True)
            tiled = [np.repeat(distinct, draws), np.tile(actions, distinct.size), np.tile(nexts, distinct.size)]
            return np.asarray(reward(*tiled).reshape(-1, draws).mean(axis=1)[back], dtype=np.float64)

        paid = reward(state, action, successor)
        form = paid + discount * ahead(successor) - ahead(state)
        forms.append((form - form.mean()) / math.sqrt(form.size))
        sizes.append(float(np.abs(paid).max(initial=0.0)))
    return _apart(forms, sizes)


def _apart(forms: list[Floats], sizes: list[float]) -> Distance:
    """Half the Euclidean distance of the normalised forms; for centred ones that is EPIC's sqrt((1 - rho) / 2)."""
    norms = [float(np.linalg.norm(form)) for form in forms]
    if not np.isfinite(norms).all():
        return Distance(math.nan, (False, False))
    flat = tuple(norm <= ZERO * size or norm == 0.0 for norm, size in zip(norms, sizes, strict=True))
    if all(flat):
        return Distance(math.nan, (True, True))
    if any(flat):
        return Distance(0.5, (flat[0], flat[1]))
    apart = forms[0] / norms[0] - forms[1] / norms[1]
    return Distance(min(1.0, 0.5 * float(np.linalg.norm(apart))), (False, False))


def _size(mdp: TabularMdp, reward: Floats, horizon: int | None) -> float:
    return float(np.abs(reward[mdp.probability > 0]).max(initial=0.0)) * math.sqrt(horizon or 1)
