"""The best reward per timestep in the long run, and policies that earn it.

A policy ends up in end components, in which it may stay for ever, or the episode ends and pays nothing any more. So the
best gain of every maximal end component comes first, then the best way to get to a good one (Puterman 2005, chapters 8
and 9; de Alfaro 1997, chapter 5). Inside a component relative value iteration alternates with the exact evaluation of
its greedy policy; min and max of Lh - h bound the gain for any h (Odoni 1969), so every gain is certified.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp
from scoper.errors import ProbeError, Problem
from scoper.numerics.bounds import close_enough, scale_of
from scoper.numerics.components import end_components
from scoper.numerics.kernel import Kernel, kernel_of
from scoper.numerics.linear import solve_chain
from scoper.numerics.solve import policy_iteration
from scoper.numerics.undiscounted import part

SWEEPS_BETWEEN = 20
"""Half-way backups between two exact evaluations."""
ROUNDS = 20
"""Policy improvements in a row; more than ten are rare."""
PATIENCE = 40
"""Evaluations in a row that narrow the bounds by less than a tenth: then rounding, or a gain that is not reached."""


@dataclass(frozen=True)
class AverageSolution:
    """gain (S,): best reward per timestep in the long run from every state; policy (S,) that earns it.

    |gain - best gain| <= error_bound in every state. bias (S,): relative values h with gain + h = Lh, zero at the first
    state; nan where the gain is not the same everywhere or episodes may end. converged: error_bound is at most the
    tolerance times the largest reward.
    """

    gain: Floats
    policy: Ints
    bias: Floats
    method: str
    converged: bool
    iterations: int
    residual: float
    error_bound: float

    def optimum(self) -> Floats:
        """The gain (S,), to be used as the best one; raises ProbeError unless converged."""
        if not self.converged:
            why = f"error bound {self.error_bound:.3g} after {self.iterations} iterations"
            raise ProbeError(Problem("not-converged", f"{self.method} did not converge: {why}"))
        return self.gain


@dataclass(frozen=True)
class _Stay:
    """The best way to stay in one component: gain within [low, high], pairs (s,) of the whole kernel, bias (s,)."""

    low: float
    high: float
    pairs: Ints
    bias: Floats
    iterations: int
    residual: float


def average_reward(
    mdp: TabularMdp, *, tolerance: float = 1e-9, max_iterations: int = 100_000, reward: Floats | None = None
) -> AverageSolution:
    """The best long-run average reward of `mdp`; its discount and time limit are not used.

    An episode that ends pays nothing afterwards: gain 0. `tolerance` is relative to the largest expected absolute
    reward; max_iterations counts backups per component. `reward` (N,) replaces the MDP's own.
    """
    kernel = kernel_of(mdp, reward)
    component, inside = end_components(kernel, np.ones(kernel.origin.size, dtype=np.bool_))
    stays = [
        _stay(kernel, component == number, inside, tolerance, max_iterations)
        for number in range(int(component.max(initial=-1)) + 1)
    ]
    gain, pairs, route_error = _route(mdp, kernel, component, stays)
    width = max((0.5 * (stay.high - stay.low) for stay in stays), default=0.0)
    error = width + route_error
    same = _closed(kernel, component)
    bias = stays[0].bias - stays[0].bias[0] if same else np.full(mdp.n_states, np.nan)
    return AverageSolution(
        gain=gain,
        policy=kernel.origin[pairs] % mdp.n_actions,
        bias=bias,
        method="relative value iteration with exact evaluation",
        converged=close_enough(error, tolerance * max(scale_of(kernel, gain), np.finfo(float).tiny)),
        iterations=sum(stay.iterations for stay in stays),
        residual=max((stay.residual for stay in stays), default=0.0),
        error_bound=error,
    )


def _closed(kernel: Kernel, component: Ints) -> bool:
    """Whether the whole MDP is one component that no episode leaves."""
    return not kernel.ends.any() and bool((component == 0).all())


def _stay(kernel: Kernel, member: Bools, inside: Bools, tolerance: float, max_iterations: int) -> _Stay:
    states = np.flatnonzero(member)
    number = np.full(kernel.n_states, -1, dtype=np.int64)
    number[states] = np.arange(states.size)
    pairs = np.flatnonzero(inside & member[kernel.state_of_pair])
    own = part(kernel, pairs, number, states.size)
    goal = tolerance * scale_of(own, np.zeros(1))
    bias, iterations = np.zeros(states.size), 0
    narrowest, stalled = np.inf, 0
    while True:
        greedy = own.greedy(own.backup(bias, 1.0))
        bias = _better_of(own, bias, _improved(own, greedy))
        low, high, change, greedy = _bounds(own, bias)
        iterations += 1
        stalled = 0 if high - low < 0.9 * narrowest else stalled + 1
        narrowest = min(narrowest, high - low)
        if high - low <= 2.0 * goal or iterations >= max_iterations or stalled >= PATIENCE:
            return _Stay(low, high, pairs[greedy], bias, iterations, float(np.ptp(change)))
        for _ in range(SWEEPS_BETWEEN):
            bias = bias + 0.5 * (own.best(own.backup(bias, 1.0)) - bias)
            bias = bias - bias[0]
        iterations += SWEEPS_BETWEEN


def _improved(own: Kernel, pairs: Ints) -> Floats | None:
    """(s,) the bias after some rounds of Howard's policy iteration from `pairs` (s,); None where it cannot begin."""
    found = None
    for _ in range(ROUNDS):
        bias = _evaluated(own.keep_pairs(pairs))
        if bias is None:
            break
        found = bias
        action_value = own.backup(bias, 1.0)
        candidate = own.greedy(action_value)
        better = action_value[candidate] > action_value[pairs] + 2.0 * own.rounding(bias, 1.0)
        if not better.any():
            break
        pairs = np.where(better, candidate, pairs)
    return found


def _bounds(own: Kernel, bias: Floats) -> tuple[float, float, Floats, Ints]:
    action_value = own.backup(bias, 1.0)
    greedy = own.greedy(action_value)
    change = action_value[greedy] - bias
    slack = own.rounding(bias, 1.0)
    return float(change.min()) - slack, float(change.max()) + slack, change, greedy


def _better_of(own: Kernel, first: Floats, second: Floats | None) -> Floats:
    if second is None:
        return first
    widths = [np.subtract(*_bounds(own, bias)[1::-1]) for bias in (first, second)]
    return second if widths[1] < widths[0] else first


def _evaluated(chain: Kernel) -> Floats | None:
    """(s,) the bias of a chain with one closed class, by its visits between returns to a state; None if it has several.

    With T the steps and R the reward until the first return to the reference state, the gain is R / T and the bias the
    expected reward minus gain times steps until then (renewal theory; Puterman 2005, section 8.2).
    """
    everything = np.ones(chain.origin.size, dtype=np.bool_)
    closed, _ = end_components(chain, everything)
    if int(closed.max(initial=-1)) != 0:
        return None
    home = int(np.argmax(closed == 0))
    cut = _returning(chain, home)
    steps = solve_chain(cut, 1.0, np.ones(chain.n_states))
    earned = solve_chain(cut, 1.0, chain.reward)
    if not (np.isfinite(steps).all() and np.isfinite(earned).all()) or steps[home] <= 0.0:
        return None
    bias = earned - earned[home] / steps[home] * steps
    return np.asarray(bias - bias[0], dtype=np.float64)


def _returning(chain: Kernel, home: int) -> Kernel:
    """The chain in which arriving at `home` ends the episode."""
    kept = chain.successor != home
    counts = np.bincount(chain.pair_of_transition[kept], minlength=chain.origin.size)
    arrives = np.bincount(chain.pair_of_transition[~kept], minlength=chain.origin.size) > 0
    return Kernel(
        n_states=chain.n_states,
        first_pair=chain.first_pair,
        origin=chain.origin,
        offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]),
        successor=chain.successor[kept],
        weight=chain.weight[kept],
        reward=chain.reward,
        magnitude=chain.magnitude,
        ends=chain.ends | arrives,
        fan_out=chain.fan_out,
    )


def _route(mdp: TabularMdp, kernel: Kernel, component: Ints, stays: list[_Stay]) -> tuple[Floats, Ints, float]:
    """Gain (S,), pairs (S,) and the error that the way to the components adds."""
    pairs = kernel.first_pair[:-1].copy()
    gains = np.array([0.5 * (stay.low + stay.high) for stay in stays])
    for number, stay in enumerate(stays):
        pairs[component == number] = stay.pairs
    largest = float(np.abs(gains).max(initial=0.0))
    if _closed(kernel, component) or largest == 0.0:
        return np.full(kernel.n_states, gains[0] if largest else 0.0), pairs, 0.0
    lowest = float(gains.min(initial=0.0)) - largest  # so that settling beats idling
    settled = policy_iteration(_settling(mdp, component, gains - lowest, -lowest), discount=1.0)
    if not settled.converged:
        return settled.value + lowest, pairs, float("inf")
    first = np.full(kernel.n_states, -1, dtype=np.int64)
    moving = settled.policy < mdp.n_actions
    chosen = np.arange(mdp.n_states) * mdp.n_actions + np.where(moving, settled.policy, 0)
    first[moving] = np.searchsorted(kernel.origin, chosen[moving])
    stops = np.unique(component[~moving])
    travels = moving & ~np.isin(component, stops[stops >= 0])
    pairs[travels] = first[travels]
    return settled.value + lowest, pairs, settled.error_bound


def _settling(mdp: TabularMdp, component: Ints, payoff: Floats, at_end: float) -> TabularMdp:
    """The MDP of getting somewhere: one more action settles in the state's component for its `payoff`.

    Nothing is paid on the way, `at_end` when the episode ends by itself.
    """
    settles = component >= 0
    lengths = np.diff(mdp.offsets).reshape(mdp.n_states, mdp.n_actions)
    counts = np.concatenate([lengths, settles[:, None].astype(np.int64)], axis=1)
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts.ravel())])
    extra = offsets[1:].reshape(counts.shape)[settles, -1] - 1
    old = np.ones(int(offsets[-1]), dtype=np.bool_)
    old[extra] = False
    successor, probability = np.zeros(old.size, dtype=mdp.successor.dtype), np.ones(old.size)
    reward, terminates = np.zeros(old.size), np.ones(old.size, dtype=np.bool_)
    successor[old], probability[old], terminates[old] = mdp.successor, mdp.probability, mdp.terminates
    successor[extra] = np.flatnonzero(settles)
    reward[old] = np.where(mdp.terminates, at_end, 0.0)
    reward[extra] = payoff[component[settles]]
    return TabularMdp(
        n_states=mdp.n_states,
        n_actions=mdp.n_actions + 1,
        offsets=offsets,
        successor=successor,
        probability=probability,
        reward=reward,
        terminates=terminates,
        initial=mdp.initial,
        available=np.concatenate([mdp.available, settles[:, None]], axis=1),
        discount=1.0,
        source=mdp.source,
    )
