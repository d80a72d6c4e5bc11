"""Walks that prove a reward term not to be potential-based shaping: a loop that pays, or two walks that disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.numerics.reach import reachable_states
from scoper.numerics.reward_cycles import as_choices, best_loop
from scoper.numerics.shaping import EXACT, PotentialFit, possible
from scoper.numerics.solve import solve

MOST_SOURCES = 64
"""States from which two walks are looked for, without discount."""


@dataclass(frozen=True)
class Walk:
    """Transitions in order; from number `again` on they repeat for ever, None where the episode ends or the walk stops.

    total: the discounted sum of the amounts, over all repetitions; of an undiscounted loop that of one round.
    """

    transitions: tuple[int, ...]
    states: tuple[int, ...]
    actions: tuple[int, ...]
    again: int | None
    total: float


@dataclass(frozen=True)
class Disproof:
    """kind "loop": one walk that returns, its sum not zero, without discount. "walks": two walks from one state.

    Without discount these meet again, or both end. "residual": neither was found, and the one transition is where the
    fitted potential fails most; no closed walk proves it, the least squares do.
    """

    kind: Literal["loop", "walks", "residual"]
    walks: tuple[Walk, ...]
    difference: float


def disprove(mdp: TabularMdp, amount: Floats, fit: PotentialFit, *, discount: float | None = None) -> Disproof | None:
    """The proof that `amount` (N,) is not shaping, per transition; None when `fit` says that it is."""
    if fit.is_potential:
        return None
    gamma = mdp.discount if discount is None else float(discount)
    graph, behind = as_choices(mdp, amount)
    least = EXACT * float(np.abs(amount[possible(mdp)]).max(initial=0.0))
    found = _discounted(mdp, graph, behind, amount, gamma) if gamma < 1.0 else _undiscounted(mdp, graph, behind, amount)
    if found is not None and abs(found.difference) > least:
        return found
    worst = int(np.argmax(np.abs(fit.residual)))
    return Disproof("residual", (_walk(mdp, amount, [worst], None, gamma),), float(fit.residual[worst]))


def _discounted(mdp: TabularMdp, graph: TabularMdp, behind: Ints, amount: Floats, gamma: float) -> Disproof:
    """The best and the worst walk from the state where they differ most: both would sum up to -Phi."""
    most, least = (solve(graph, discount=gamma, reward=sign * graph.reward) for sign in (1.0, -1.0))
    gap = np.where(reachable_states(mdp), most.value + least.value, -np.inf)
    start = int(np.argmax(gap))
    walks = tuple(_followed(mdp, graph, behind, amount, s.policy, start, gamma) for s in (most, least))
    return Disproof("walks", walks, walks[0].total - walks[1].total)


def _followed(
    mdp: TabularMdp, graph: TabularMdp, behind: Ints, amount: Floats, policy: Ints, state: int, gamma: float
) -> Walk:
    seen: dict[int, int] = {}
    taken: list[int] = []
    while state not in seen:
        seen[state] = len(taken)
        step = int(behind[state, policy[state]])
        taken.append(step)
        if mdp.terminates[step]:
            return _walk(mdp, amount, taken, None, gamma)
        state = int(mdp.successor[step])
    return _walk(mdp, amount, taken, seen[state], gamma)


def _walk(mdp: TabularMdp, amount: Floats, taken: list[int], again: int | None, gamma: float) -> Walk:
    powers = gamma ** np.arange(len(taken))
    paid = amount[taken]
    total = float(powers @ paid)
    if again is not None and gamma < 1.0:
        length = len(taken) - again
        round_ = float(powers[again:] @ paid[again:])
        total += round_ * gamma**length / (1.0 - gamma**length)
    elif again is not None:
        total = float(paid[again:].sum())
    pairs = mdp.pair_of_transition[taken]
    states, actions = pairs // mdp.n_actions, pairs % mdp.n_actions
    return Walk(tuple(taken), tuple(states.tolist()), tuple(actions.tolist()), again, total)


def _undiscounted(mdp: TabularMdp, graph: TabularMdp, behind: Ints, amount: Floats) -> Disproof | None:
    size = float(np.abs(graph.reward).max(initial=0.0))
    for sign in (1.0, -1.0):
        gain, error, loop = best_loop(graph, sign * graph.reward)
        if loop is not None and gain > max(error, EXACT * size):
            taken = [int(behind[s, a]) for s, a in zip(loop.states, loop.actions, strict=True)]
            walk = _walk(mdp, amount, taken, 0, 1.0)
            return Disproof("loop", (walk,), walk.total)
    return _two_ways(mdp, amount)


def _two_ways(mdp: TabularMdp, amount: Floats) -> Disproof | None:
    """Where no loop pays: the richest and the poorest walk from one state to one place, the end being a place."""
    usable = np.flatnonzero(possible(mdp))
    source = mdp.pair_of_transition[usable] // mdp.n_actions
    target = np.where(mdp.terminates[usable], mdp.n_states, mdp.successor[usable])
    forks = np.unique(source)
    begins = np.flatnonzero(mdp.initial > 0)
    sources = np.unique(np.concatenate([begins, forks]))[:MOST_SOURCES] if forks.size > MOST_SOURCES else forks
    best: Disproof | None = None
    for start in sources:
        rich, rich_by = _longest(mdp.n_states, int(start), source, target, amount[usable])
        poor, poor_by = _longest(mdp.n_states, int(start), source, target, -amount[usable])
        with np.errstate(invalid="ignore"):
            gap = np.nan_to_num(rich + poor, nan=-np.inf, neginf=-np.inf)
        place = int(np.argmax(gap))
        if best is None or gap[place] > best.difference:
            walks = tuple(
                _walk(mdp, amount, [int(usable[i]) for i in _traced(place, int(start), by, source)], None, 1.0)
                for by in (rich_by, poor_by)
            )
            if all(walk.transitions for walk in walks):
                best = Disproof("walks", walks, walks[0].total - walks[1].total)
    return best


def _longest(n_states: int, start: int, source: Ints, target: Ints, amount: Floats) -> tuple[Floats, Ints]:
    """(S+1,) the largest sum of a walk from `start` to every place, and the step it arrives by (Bellman 1958)."""
    value, by = np.full(n_states + 1, -np.inf), np.full(n_states + 1, -1, dtype=np.int64)
    value[start] = 0.0
    slack = 1e-12 * max(float(np.abs(amount).max(initial=0.0)), 1e-300)
    for _ in range(n_states + 1):
        offered = value[source] + amount
        better = np.flatnonzero(offered > value[target] + slack)
        if not better.size:
            break
        order = better[np.argsort(offered[better], kind="stable")]
        value[target[order]], by[target[order]] = offered[order], order
    return value, by


def _traced(place: int, start: int, by: Ints, source: Ints) -> list[int]:
    """The steps to `place`, from their last one back."""
    steps: list[int] = []
    while by[place] >= 0 and len(steps) <= by.size:
        steps.append(int(by[place]))
        place = int(source[by[place]])
        if place == start:
            break
    return steps[::-1]
