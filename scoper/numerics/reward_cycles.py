"""The loop that pays best, and whether going round it pays more than finishing: can the reward be farmed?

The best mean reward of a loop is the best long-run gain (Karp 1978 for deterministic MDPs), which
`scoper.numerics.average` certifies; where nothing is drawn the loop is read off its policy. Within a time limit two
plans are then compared: never letting the episode end, and ending it in time. Looping may be the task: this module
measures, it does not judge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp
from scoper.errors import InputError, Problem
from scoper.numerics.average import average_reward
from scoper.numerics.kernel import Kernel, kernel_of
from scoper.numerics.reach import reachable_states

MOST_CELLS = 200_000_000
DAWDLING = 1e-9
"""Share of the largest reward that a timestep of the finishing plan costs besides, so that ties are not waited out."""
NEGLIGIBLE = 1e-6
"""Discount to the power of the timesteps that an endless horizon is cut at."""


@dataclass(frozen=True)
class Loop:
    """A closed walk: state i and action i lead to state i + 1, the last to the first, and pay reward i.

    transitions: their numbers in the MDP. mean: reward per timestep. exact: nothing on it is drawn, so that it can
    be walked at will; otherwise it is the likeliest one of a policy, and its mean is not the gain.
    """

    states: tuple[int, ...]
    actions: tuple[int, ...]
    rewards: tuple[float, ...]
    transitions: tuple[int, ...]
    mean: float
    exact: bool


@dataclass(frozen=True)
class Plan:
    """value: its return; timesteps: its expected length; probability: that it does what it is to do."""

    value: float
    timesteps: float
    probability: float


@dataclass(frozen=True)
class LoopReport:
    """gain: the best long-run reward per timestep from any state that can be reached, within `error`.

    loop: one that earns it, None where the best is to end. staying: the best plan that avoids the end. finishing: the
    plan that ends in time and has the largest return minus gain times its timesteps: to it no loop is worth going
    round, so it is the return of getting done. horizon: the timesteps both have.
    """

    gain: float
    error: float
    loop: Loop | None
    staying: Plan
    finishing: Plan
    horizon: int

    @property
    def pays(self) -> bool:
        """Whether going round pays more than getting done, both being possible more often than not."""
        possible = self.loop is not None and self.staying.probability > 0.5 and self.finishing.probability > 0.5
        return possible and self.gain > self.error and self.staying.value > self.finishing.value


def reward_loops(
    mdp: TabularMdp, *, horizon: int | None = None, discount: float | None = None, reward: Floats | None = None
) -> LoopReport:
    """The best loop of `mdp` beside the best way to finish, from its start distribution.

    horizon: the MDP's when None; without any, the timesteps after which the discount leaves a millionth. Raises
    ValueError for a discount of 1 without a horizon, InputError when horizon times pairs are too many.
    """
    gamma = mdp.discount if discount is None else float(discount)
    limit = _limit(mdp.horizon if horizon is None else horizon, gamma)
    paid = mdp.reward if reward is None else np.asarray(reward, dtype=np.float64)
    kernel = kernel_of(mdp, paid)
    if limit * kernel.origin.size > MOST_CELLS:
        size = f"{limit} timesteps times {kernel.origin.size} state-action pairs"
        raise InputError(Problem("horizon-too-long", f"{size} are too many to compare loops with", mdp.source))
    gain, error, loop = best_loop(mdp, paid)
    staying = _plan(kernel, mdp.initial, limit, gamma, fails=end_of(kernel), at_limit=0.0, price=0.0)
    none = np.zeros(kernel.origin.size)
    price = max(gain, 0.0) + DAWDLING * float(kernel.magnitude.max(initial=0.0))
    finishing = _plan(kernel, mdp.initial, limit, gamma, fails=none, at_limit=1.0, price=price)
    return LoopReport(gain, error, loop, staying, finishing, limit)


def best_loop(mdp: TabularMdp, reward: Floats | None = None) -> tuple[float, float, Loop | None]:
    """The best long-run reward per timestep within reach, the error of that, and a loop that earns it."""
    paid = mdp.reward if reward is None else reward
    solution = average_reward(mdp, reward=paid)
    reached = reachable_states(mdp)
    best = np.where(reached, solution.gain, -np.inf)
    here = int(np.argmax(best))
    loop = follow(mdp, solution.policy, here, paid)
    return float(best[here]), solution.error_bound, loop


def follow(mdp: TabularMdp, policy: Ints, state: int, reward: Floats) -> Loop | None:
    """The loop that `policy` (S,) gets into from `state` when always the likeliest happens; None where it may end."""
    seen: dict[int, int] = {}
    walk: list[int] = []
    states: list[int] = []
    sure: list[bool] = []
    while state not in seen:
        seen[state] = len(walk)
        pair = state * mdp.n_actions + int(policy[state])
        options = np.arange(mdp.offsets[pair], mdp.offsets[pair + 1])
        options = options[mdp.probability[options] > 0]
        if mdp.terminates[options].any():
            return None
        likely = int(options[np.argmax(mdp.probability[options])])
        walk.append(likely)
        states.append(state)
        sure.append(bool(mdp.probability[likely] >= 1.0 - 1e-12))
        state = int(mdp.successor[likely])
    first = seen[state]
    rewards = tuple(float(reward[i]) for i in walk[first:])
    return Loop(
        states=tuple(states[first:]),
        actions=tuple(int(policy[s]) for s in states[first:]),
        rewards=rewards,
        transitions=tuple(walk[first:]),
        mean=math.fsum(rewards) / len(rewards),
        exact=all(sure[first:]),
    )


def as_choices(mdp: TabularMdp, amount: Floats) -> tuple[TabularMdp, Ints]:
    """The MDP in which the outcome is chosen too: every transition that can happen is an action of its own.

    Only states within reach have several; the others stay where they are, unpaid. Returns it, paying `amount` (N,),
    and the transition (S, A') behind every action, -1 for none.
    """
    pair = mdp.pair_of_transition
    usable = (mdp.probability > 0) & mdp.available.ravel()[pair] & reachable_states(mdp)[pair // mdp.n_actions]
    chosen = np.flatnonzero(usable)
    source = pair[chosen] // mdp.n_actions
    per_state = np.bincount(source, minlength=mdp.n_states)
    width = max(1, int(per_state.max(initial=0)))
    slot = np.arange(chosen.size) - np.concatenate([[0], np.cumsum(per_state)])[source]
    behind = np.full((mdp.n_states, width), -1, dtype=np.int64)
    behind[source, slot] = chosen
    idle = per_state == 0
    available = behind >= 0
    available[idle, 0] = True
    counts = available.ravel().astype(np.int64)
    at = behind.ravel()[available.ravel()]
    real = at >= 0
    home = np.repeat(np.arange(mdp.n_states), available.sum(axis=1))
    graph = replace(
        mdp,
        n_actions=width,
        offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]),
        successor=np.where(real, mdp.successor[at], home),
        probability=np.ones(at.size),
        reward=np.where(real, amount[at], 0.0),
        terminates=np.where(real, mdp.terminates[at], False),
        available=available,
        action_labels=(),
        state_labels=(),
    )
    return graph, behind


def _limit(horizon: int | None, discount: float) -> int:
    if horizon is not None:
        return horizon
    if discount >= 1.0:
        raise ValueError("loops are compared within a horizon, or with a discount below 1")
    return 1 if discount <= 0.0 else math.ceil(math.log(NEGLIGIBLE) / math.log(discount))


def end_of(kernel: Kernel) -> Floats:
    """(P,) the probability that the episode ends in a pair."""
    return np.where(kernel.ends, 1.0 - kernel.mass, 0.0)


def _plan(
    kernel: Kernel, initial: Floats, horizon: int, discount: float, *, fails: Floats, at_limit: float, price: float
) -> Plan:
    """The plan of the largest return, less `price` a timestep, to which failing is worse than any reward.

    fails (P,): probability of failing in a pair; at_limit: that of an episode that is cut.
    """
    penalty = 2.0 * horizon * (float(kernel.magnitude.max(initial=0.0)) + price) + 1.0
    value, net, length = (np.zeros(kernel.n_states) for _ in range(3))
    failing = np.full(kernel.n_states, at_limit)
    for _ in range(horizon):
        paid, kept = kernel.backup(value, discount), kernel.backup(net, discount) - price
        lost, longer = kernel.expect(failing) + fails, kernel.expect(length) + 1.0
        chosen = kernel.greedy(kept - penalty * lost)
        value, net, failing, length = paid[chosen], kept[chosen], lost[chosen], longer[chosen]
    begins: Bools = initial > 0
    at_start = [float(initial[begins] @ what[begins]) for what in (value, length, failing)]
    return Plan(at_start[0], at_start[1], 1.0 - at_start[2])
