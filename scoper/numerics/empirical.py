"""A finite MDP estimated from timesteps, and what is best in it: certainty equivalence (Mannor et al. 2007).

Counts become probabilities, sums become means. Two tables come from the same counts: one for planning, in which only
what was tried is possible, and one for exploring, in which the untried promises most (Brafman and Tennenholtz 2002).
No randomness, no environment: arrays in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.empirical import Aim, Steps
from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp
from scoper.numerics.solve import action_values, backward_induction, solve, start_value

MOST_CELLS_IN_TIME = 4_000_000
"""Timesteps times cells up to which a policy by timestep is worked out; beyond, a stationary one stands in."""
_CURIOUS_DISCOUNT = 0.97
_STATIONARY_TOLERANCE = 1e-3
_ROUNDING = 1e-12
_RARE = 0.05
"""Share of the timesteps up to which a loss of the owner's is rare."""


@dataclass(frozen=True)
class Estimate:
    """Counts of S cells and A actions; the N transitions that happened, sorted by pair, successor and ending.

    counts (S, A). pair, successor, ends, times (N,): a transition and how often it happened;
    rare losses of the owner's are transitions of their own. reward, wanted (N,): its
    means. reward_mean, reward_sd, wanted_mean, termination_share, truncation_share (S, A): nan where never tried.
    initial (S,): share of the episodes that began in a cell. noise: see `EmpiricalModel`.
    """

    counts: Ints
    pair: Ints
    successor: Ints
    ends: Bools
    times: Ints
    reward: Floats
    wanted: Floats
    reward_mean: Floats
    reward_sd: Floats
    wanted_mean: Floats
    termination_share: Floats
    truncation_share: Floats
    initial: Floats
    noise: float


def estimate(steps: Steps, state: Ints, successor: Ints, shape: tuple[int, int], horizon: int | None) -> Estimate:
    """Count the `steps`, told in cells: `state` and `successor` (n,), `shape` being (S, A).

    An episode ends where it terminated, and where it was truncated before `horizon` timesteps had passed: nothing is
    earned after either. Truncation at the horizon is left to planning, which stops there by itself.
    """
    n_states, n_actions = shape
    early = steps.truncated & ~steps.terminated
    if horizon is not None:
        early &= steps.timestep + 1 < horizon
    ends = steps.terminated | early
    pair_of = state * n_actions + steps.action
    key = ((pair_of * n_states + successor) * 2 + ends) * 2 + _rare_losses(steps.wanted)
    distinct, index, times = np.unique(key, return_inverse=True, return_counts=True)
    distinct = distinct // 2
    pair = distinct // 2 // n_states
    counts = np.bincount(pair_of, minlength=n_states * n_actions)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [
            np.bincount(pair_of, weights=column.astype(np.float64), minlength=counts.size) / counts
            for column in (steps.reward, steps.wanted, steps.terminated, steps.truncated & ~steps.terminated)
        ]
        off = steps.reward - means[0][pair_of]
        off[np.abs(off) <= _ROUNDING * np.abs(steps.reward).max()] = 0.0
        spread = np.bincount(pair_of, weights=off**2, minlength=counts.size) / np.where(counts > 1, counts - 1, np.nan)
    freedom = int(np.maximum(counts - 1, 0).sum())
    reward_mean, wanted_mean, terminated, truncated = (mean.reshape(shape) for mean in means)
    starts = np.bincount(state[steps.starts], minlength=n_states).astype(np.float64)
    return Estimate(
        counts=counts.reshape(shape),
        pair=pair,
        successor=distinct // 2 % n_states,
        ends=distinct % 2 == 1,
        times=times,
        reward=np.bincount(index, weights=steps.reward) / times,
        wanted=np.bincount(index, weights=steps.wanted) / times,
        reward_mean=reward_mean,
        reward_sd=np.sqrt(spread).reshape(shape),
        wanted_mean=wanted_mean,
        termination_share=terminated,
        truncation_share=truncated,
        initial=starts / starts.sum(),
        noise=float(np.sqrt(float(off @ off) / freedom)) if freedom else 0.0,
    )


def _rare_losses(wanted: Floats) -> Bools:
    """(n,) whether a step cost the owner at least half as much as the worst, where few do: an accident.

    It makes a transition of its own even where nothing of it is seen in the state; a mean over tries would hide it.
    """
    usual, worst = float(np.median(wanted)), float(wanted.min())
    lost = wanted <= 0.5 * (usual + worst)
    rare = worst < min(usual, 0.0) and float(lost.mean()) <= _RARE
    return lost if rare else np.zeros(wanted.size, dtype=np.bool_)


def planning_table(
    found: Estimate, *, discount: float, least: int = 1, unknown: float = 0.0
) -> tuple[TabularMdp, Ints]:
    """The estimate as a table, and (N',) which transition of the estimate stands behind each of its own, -1 for none.

    A pair tried less than `least` times is possible only where no other was tried as often. A cell where nothing was
    tried stays what it is and pays `unknown` per timestep.
    """
    n_actions = found.counts.shape[1]
    enough = np.minimum(found.counts.max(axis=1, keepdims=True), least)
    available = (found.counts >= np.maximum(enough, 1)) & (found.counts > 0)
    blind = np.flatnonzero(~available.any(axis=1))
    available[blind, 0] = True
    return _table(found, available, blind * n_actions, blind, unknown, False, discount)


def exploring_table(found: Estimate, most: float) -> tuple[TabularMdp, Ints]:
    """The estimate with every untried pair leading to bliss, and what stands behind each transition (see above).

    Bliss ends the episode with all that `most` per timestep could ever pay. In a cell where nothing was tried,
    everything is untried.
    """
    n_states, n_actions = found.counts.shape
    untried = np.flatnonzero(found.counts.ravel() == 0)
    bliss = most / (1.0 - _CURIOUS_DISCOUNT)
    everything = np.ones((n_states, n_actions), dtype=np.bool_)
    return _table(found, everything, untried, untried // n_actions, bliss, True, _CURIOUS_DISCOUNT)


def _table(
    found: Estimate, available: Bools, added: Ints, towards: Ints, pays: float, ends: bool, discount: float
) -> tuple[TabularMdp, Ints]:
    """The estimate's transitions of available pairs, and one more for each pair in `added`."""
    n_states, n_actions = found.counts.shape
    kept = np.flatnonzero(available.ravel()[found.pair])
    pair = np.concatenate([found.pair[kept], added])
    order = np.argsort(pair, kind="stable")
    count = found.counts.ravel()[found.pair[kept]]
    n_added = added.size
    source = np.concatenate([kept, np.full(n_added, -1, dtype=np.int64)])[order]
    lengths = np.bincount(pair, minlength=n_states * n_actions)
    table = TabularMdp(
        n_states=n_states,
        n_actions=n_actions,
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        successor=np.concatenate([found.successor[kept], towards])[order],
        probability=np.concatenate([found.times[kept] / count, np.ones(n_added)])[order],
        reward=np.concatenate([found.reward[kept], np.full(n_added, pays)])[order],
        terminates=np.concatenate([found.ends[kept], np.full(n_added, ends)])[order],
        initial=found.initial,
        available=available,
        discount=discount,
        sampled_steps=int(found.counts.sum()),
    )
    return table, source


def wanted_of(found: Estimate, source: Ints, unknown: float = 0.0) -> Floats:
    """(N',) what the owner gets from every transition of a table, `unknown` where it was added."""
    return np.where(source >= 0, found.wanted[source], unknown)


@dataclass(frozen=True)
class Plan:
    """actions: (H, S) by timestep or (S,); value: what the model promises from the start."""

    actions: Ints
    value: float


def plan_in_time(table: TabularMdp, horizon: int, *, discount: float, reward: Floats | None = None) -> Plan | None:
    """The best policy by timestep; None where timesteps times cells are too many."""
    if horizon * table.n_states > MOST_CELLS_IN_TIME:
        return None
    found = backward_induction(table, horizon, discount=discount, reward=reward)
    return Plan(found.policy, start_value(table, found.value[0]))


def plan_stationary(table: TabularMdp, *, discount: float, reward: Floats | None = None) -> Plan:
    """The best policy that looks at the cell only, with a discount below one; its value is discounted."""
    found = solve(table, discount=discount, reward=reward, tolerance=_STATIONARY_TOLERANCE, compiled=False)
    return Plan(found.policy, start_value(table, found.value))


def curious(found: Estimate, *, greed: float = 0.0, aim: Aim = "reward") -> Floats:
    """(S, A) the worth of every action to whoever looks for what was tried seldom, to be compared within a cell.

    A timestep earns one over the root of its pair's tries and one; an untried pair promises bliss. greed: weight of
    the model's own mean beside it, of the reward or the objective, scaled to lie within 0 and 1.
    """
    means = found.reward_mean if aim == "reward" else found.wanted_mean
    table, source = exploring_table(found, 1.0 + greed)
    pair = table.pair_of_transition
    news = 1.0 / np.sqrt(found.counts.ravel()[pair] + 1.0)
    if greed:
        low, high = float(np.nanmin(means)), float(np.nanmax(means))
        news = news + greed * np.nan_to_num((means.ravel()[pair] - low) / max(high - low, 1e-12))
    reward = np.where(source >= 0, news, table.reward)
    value = solve(
        table, discount=_CURIOUS_DISCOUNT, reward=reward, tolerance=_STATIONARY_TOLERANCE, compiled=False
    ).value
    return action_values(table, value, discount=_CURIOUS_DISCOUNT, reward=reward)
