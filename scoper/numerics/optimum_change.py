"""Does another reward change what is optimal, and does the return depend on the policy at all?

Optimal actions are compared as sets, ties included: what counts is how much of the first reward the best and the worst
policy lose that are optimal for the second one. Both are solved exactly, by restricting the MDP to those actions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scoper.domain.tabular import Bools, Floats, TabularMdp
from scoper.numerics.evaluate import evaluate
from scoper.numerics.kernel import Kernel, kernel_of
from scoper.numerics.reach import reachable_states
from scoper.numerics.solve import action_values, solve, start_value

TIE = 1e-9
"""Share of the largest value by which an action may fall short and count as optimal."""


@dataclass(frozen=True)
class OptimumChange:
    """What the policies that are optimal for the second reward return of the first one, at the start.

    best: the first reward's optimum; worst: its least return, or that of random play where it has no limit, -inf when
    that has none either. by_second: what those policies return of it, at least and at most. state: one within reach in
    which no action is optimal for both, None when there is none; under a time limit with all its timesteps left.
    """

    best: float
    worst: float
    by_second: tuple[float, float]
    state: int | None

    @property
    def loss(self) -> tuple[float, float]:
        """Shares of the span from worst to best that the luckiest and the unluckiest choice among ties lose.

        Where every policy returns the same but for rounding there is nothing to lose.
        """
        low, high = self.by_second
        worst = self.worst if np.isfinite(self.worst) else min(low, self.best)
        span = self.best - worst
        if not span > TIE * max(abs(self.best), abs(worst)):
            return 0.0, 0.0
        return max(0.0, (self.best - high) / span), max(0.0, (self.best - low) / span)

    @property
    def changed(self) -> bool:
        """Whether some policy that is optimal for the second reward is not for the first; a millionth is rounding."""
        return self.loss[1] > 1e-6


def optimum_change(
    mdp: TabularMdp, first: Floats, second: Floats, *, discount: float | None = None, horizon: int | None = None
) -> OptimumChange:
    """What optimising `second` (N,) does to `first` (N,), both rewards per transition.

    Without discount and horizon only one optimal policy of the second reward is judged: there, ties may never end.
    Raises ProbeError where an optimum cannot be certified.
    """
    gamma = mdp.discount if discount is None else float(discount)
    if horizon is not None:
        return _within(mdp, first, second, gamma, horizon)
    high = solve(mdp, discount=gamma, reward=first)
    low = _least(mdp, first, gamma)
    other = solve(mdp, discount=gamma, reward=second)
    wanted = _optimal(mdp, high.optimum(), first, gamma)
    chosen = _optimal(mdp, other.optimum(), second, gamma)
    if gamma < 1.0:
        kept = replace(mdp, available=chosen)
        least = -start_value(mdp, solve(kept, discount=gamma, reward=-first).optimum())
        most = start_value(mdp, solve(kept, discount=gamma, reward=first).optimum())
    else:
        least = most = start_value(mdp, evaluate(mdp, other.policy, discount=gamma, reward=first))
    return OptimumChange(start_value(mdp, high.value), low, (least, most), _parting(mdp, wanted, chosen))


def return_span(
    mdp: TabularMdp, reward: Floats, *, discount: float | None = None, horizon: int | None = None
) -> tuple[float, float]:
    """The least and the largest expected return of any policy at the start: equal when the policy does not matter."""
    gamma = mdp.discount if discount is None else float(discount)
    if horizon is None:
        signs = [start_value(mdp, solve(mdp, discount=gamma, reward=sign * reward).optimum()) for sign in (-1.0, 1.0)]
        return -signs[0], signs[1]
    kernel = kernel_of(mdp, reward)
    low, high = np.zeros(mdp.n_states), np.zeros(mdp.n_states)
    for _ in range(horizon):
        low = -kernel.best(-kernel.backup(low, gamma))
        high = kernel.best(kernel.backup(high, gamma))
    return start_value(mdp, low), start_value(mdp, high)


def _least(mdp: TabularMdp, reward: Floats, gamma: float) -> float:
    lowest = solve(mdp, discount=gamma, reward=-reward)
    if lowest.converged and np.isfinite(value := start_value(mdp, lowest.value)):
        return -value
    uniform = mdp.available / mdp.available.sum(axis=1, keepdims=True)
    known = start_value(mdp, evaluate(mdp, uniform, discount=gamma, reward=reward))
    return known if np.isfinite(known) else -np.inf


def _optimal(mdp: TabularMdp, value: Floats, reward: Floats, gamma: float) -> Bools:
    """(S, A) the actions that are optimal but for rounding."""
    q = action_values(mdp, value, discount=gamma, reward=reward)
    slack = _slack(mdp, value, reward)
    return np.asarray((q >= q.max(axis=1, keepdims=True) - slack) & mdp.available)


def _slack(mdp: TabularMdp, value: Floats, reward: Floats) -> float:
    known = np.abs(value[np.isfinite(value)]).max(initial=0.0)
    return TIE * max(float(known), float(np.abs(reward[mdp.probability > 0]).max(initial=0.0)), 1e-300)


def _parting(mdp: TabularMdp, wanted: Bools, chosen: Bools) -> int | None:
    apart = np.flatnonzero(reachable_states(mdp) & ~(wanted & chosen).any(axis=1))
    return int(apart[0]) if apart.size else None


def _within(mdp: TabularMdp, first: Floats, second: Floats, gamma: float, horizon: int) -> OptimumChange:
    ours, theirs = kernel_of(mdp, first), kernel_of(mdp, second)
    best, worst, other, least, most = (np.zeros(mdp.n_states) for _ in range(5))
    wanted, chosen = np.ones(ours.origin.size, dtype=np.bool_), np.ones(ours.origin.size, dtype=np.bool_)
    for _ in range(horizon):
        q, rival = ours.backup(best, gamma), theirs.backup(other, gamma)
        wanted, chosen = _top(ours, q), _top(theirs, rival)
        worst = -ours.best(-ours.backup(worst, gamma))
        least = -ours.best(np.where(chosen, -ours.backup(least, gamma), -np.inf))
        most = ours.best(np.where(chosen, ours.backup(most, gamma), -np.inf))
        best, other = ours.best(q), theirs.best(rival)
    both = np.zeros((2, mdp.n_states * mdp.n_actions), dtype=np.bool_)
    both[:, ours.origin] = wanted, chosen
    state = _parting(mdp, *both.reshape(2, mdp.n_states, mdp.n_actions))
    begin = [start_value(mdp, value) for value in (best, worst, least, most)]
    return OptimumChange(begin[0], begin[1], (begin[2], begin[3]), state)


def _top(kernel: Kernel, q: Floats) -> Bools:
    """(P,) the best pairs of every state but for rounding."""
    slack = TIE * max(float(np.abs(q).max(initial=0.0)), float(kernel.magnitude.max(initial=0.0)), 1e-300)
    return np.asarray(q >= kernel.best(q)[kernel.state_of_pair] - slack)
