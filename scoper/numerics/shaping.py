"""Is a reward term potential-based shaping? The potential if it is, and what no potential explains.

A term F(s, s') = discount * Phi(s') - Phi(s), with Phi zero once the episode has ended, changes no optimal policy of
any MDP (Ng, Harada and Russell 1999, theorem 1); every other one changes some. Phi is fitted by least squares over the
transitions that can happen. `scoper.numerics.shaping_proof` holds the walks that prove the contrary: from a state,
every endless or ended walk sums up to -Phi, so two that differ leave no potential.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp
from scoper.numerics.kernel import tally
from scoper.numerics.reach import reachable_states

EXACT = 1e-7
"""Residual as a share of the largest amount below which a term counts as potential-based."""
DENSE_STATES = 1_200
ROUNDS = 4
MOST_STEPS = 20_000

Level = Literal["transition", "pair"]


@dataclass(frozen=True)
class PotentialFit:
    """potential (S,): Phi, nan in states out of reach; zero-mean where a constant makes no difference.

    residual (N,): the amount minus the fitted shaping, 0 where a transition cannot happen or is not asked about; with
    level "pair" the expected one of every pair is meant, and stands at its first transition. largest: of |residual|;
    unexplained: share of the amounts' sum of squares that is left. left_over: spread of Phi over the states in which an
    episode can be cut by the time limit: without discount as much return hangs on where that happens. end_value: spread
    of the potentials that ended episodes would need, nan unless these were left free.
    """

    potential: Floats
    residual: Floats
    largest: float
    unexplained: float
    is_potential: bool
    left_over: float
    end_value: float


def fit_potential(
    mdp: TabularMdp,
    amount: Floats,
    *,
    discount: float | None = None,
    horizon: int | None = None,
    level: Level = "transition",
    free_ends: bool = False,
) -> PotentialFit:
    """The potential that explains `amount` (N,) per transition best, over what some policy can make happen.

    level: "pair" asks whether the expected amount of every pair is shaping, which is enough to keep the optimal
    policies of this MDP. free_ends: let ended episodes have a potential as well, per state they end in: a term that is
    shaping only so pays a bonus for how the episode ends. horizon: for `left_over`.
    """
    gamma = mdp.discount if discount is None else float(discount)
    usable = possible(mdp)
    system = _system(mdp, np.asarray(amount, dtype=np.float64), usable, gamma, level, free_ends)
    solution, residual = _least_squares(system)
    size = float(np.abs(system.wanted).max(initial=0.0))
    total = float(system.wanted @ system.wanted)
    largest = float(np.abs(residual).max(initial=0.0))
    reached = reachable_states(mdp)
    phi = np.where(reached, solution[: mdp.n_states], np.nan)
    per_transition = np.zeros(mdp.successor.size)
    per_transition[system.place] = residual
    ends = np.unique(mdp.successor[usable & mdp.terminates])
    return PotentialFit(
        potential=phi,
        residual=per_transition,
        largest=largest,
        unexplained=float(residual @ residual) / total if total > 0.0 else 0.0,
        is_potential=largest <= EXACT * size,
        left_over=_spread(phi[_alive(mdp, usable, horizon)]) if horizon is not None else 0.0,
        end_value=_spread(solution[mdp.n_states + ends]) if free_ends else float("nan"),
    )


def possible(mdp: TabularMdp) -> Bools:
    """(N,) transitions that can happen under some policy."""
    pair = mdp.pair_of_transition
    return (mdp.probability > 0) & mdp.available.ravel()[pair] & reachable_states(mdp)[pair // mdp.n_actions]


def fit_potential_to_samples(
    here: Floats, there: Floats, ended: Bools, amount: Floats, discount: float, rng: np.random.Generator
) -> float:
    """Share of the amounts' variance that shaping by a potential linear in the features leaves, on steps left out.

    here, there (n, F): features of the state before and after; ended (n,): terminated, so that Phi is zero. A constant
    is added to the features. Five folds; 0 is shaping, 1 and more is nothing of the kind. Zero amounts leave 0.
    """
    ones = np.ones((here.shape[0], 1))
    after = np.where(ended[:, None], 0.0, np.concatenate([there, ones], axis=1))
    design = discount * after - np.concatenate([here, ones], axis=1)
    total = float(amount @ amount)
    if total <= 0.0:
        return 0.0
    fold, left = rng.permutation(here.shape[0]) % 5, 0.0
    for number in range(5):
        out = fold == number
        weights = np.linalg.lstsq(design[~out], amount[~out], rcond=1e-9)[0]
        left += float(((amount[out] - design[out] @ weights) ** 2).sum())
    return left / total


@dataclass(frozen=True)
class _System:
    """Rows sum(value * unknown[column]) = wanted; place: the transition that a row stands for."""

    row: Ints
    column: Ints
    value: Floats
    wanted: Floats
    place: Ints
    n_unknowns: int

    def apply(self, unknown: Floats) -> Floats:
        return tally(self.row, self.value * unknown[self.column], self.wanted.size)

    def transposed(self, rows: Floats) -> Floats:
        return tally(self.column, self.value * rows[self.row], self.n_unknowns)


def _system(mdp: TabularMdp, amount: Floats, usable: Bools, gamma: float, level: Level, free_ends: bool) -> _System:
    chosen = np.flatnonzero(usable)
    pair = mdp.pair_of_transition[chosen]
    if level == "transition":
        row, weight, first = np.arange(chosen.size), np.ones(chosen.size), chosen
    else:
        _, first_of, row = np.unique(pair, return_index=True, return_inverse=True)
        weight, first = mdp.probability[chosen], chosen[first_of]
    wanted = tally(row, weight * amount[chosen], first.size)
    goes_on = ~mdp.terminates[chosen]
    counts = goes_on | free_ends
    after = mdp.successor[chosen] + np.where(goes_on, 0, mdp.n_states)
    rows = np.concatenate([np.arange(first.size), row[counts]])
    columns = np.concatenate([mdp.pair_of_transition[first] // mdp.n_actions, after[counts]])
    values = np.concatenate([-np.ones(first.size), gamma * weight[counts]])
    return _System(rows, columns.astype(np.int64), values, wanted, first, mdp.n_states * (2 if free_ends else 1))


def _least_squares(system: _System) -> tuple[Floats, Floats]:
    """The unknowns of least squares and least norm, and the residuals; dense where small, else conjugate gradients."""
    unknown, residual = np.zeros(system.n_unknowns), system.wanted
    used = np.unique(system.column)
    if used.size <= DENSE_STATES:
        number = np.zeros(system.n_unknowns, dtype=np.int64)
        number[used] = np.arange(used.size)
        order = np.argsort(system.row, kind="stable")
        normal = _normal(system, number, used.size, order)
        inverse = np.linalg.pinv(normal, rcond=1e-12, hermitian=True)
        for _ in range(ROUNDS):
            unknown[used] += inverse @ system.transposed(residual)[used]
            residual = system.wanted - system.apply(unknown)
        return unknown, residual
    return _conjugate(system)


def _normal(system: _System, number: Ints, size: int, order: Ints) -> Floats:
    """The dense matrix of the normal equations: every row's entries with one another."""
    row, column, value = system.row[order], number[system.column[order]], system.value[order]
    count = np.bincount(row, minlength=system.wanted.size)
    begin = np.concatenate([[0], np.cumsum(count)])[:-1]
    matrix = np.zeros(size * size)
    for shift in range(int(count.max(initial=0))):
        at = begin[row] + shift
        inside = shift < count[row]
        other = at[inside]
        matrix += tally(column[inside] * size + column[other], value[inside] * value[other], size * size)
    return matrix.reshape(size, size)


def _conjugate(system: _System) -> tuple[Floats, Floats]:
    """CGLS (Hestenes and Stiefel 1952): least squares without the matrix."""
    unknown, residual = np.zeros(system.n_unknowns), system.wanted.copy()
    gradient = system.transposed(residual)
    direction, size = gradient.copy(), float(gradient @ gradient)
    goal = 1e-26 * size
    for _ in range(MOST_STEPS):
        if size <= goal or size == 0.0:
            break
        moved = system.apply(direction)
        step = size / float(moved @ moved)
        unknown += step * direction
        residual = residual - step * moved
        gradient = system.transposed(residual)
        before, size = size, float(gradient @ gradient)
        direction = gradient + (size / before) * direction
    return unknown, system.wanted - system.apply(unknown)


def _alive(mdp: TabularMdp, usable: Bools, horizon: int) -> Bools:
    """(S,) where an episode can be after `horizon` timesteps."""
    source, on = mdp.pair_of_transition // mdp.n_actions, usable & ~mdp.terminates
    here = mdp.initial > 0
    for _ in range(horizon):
        after = np.zeros_like(here)
        after[mdp.successor[on & here[source]]] = True
        here = after
    return here


def _spread(values: Floats) -> float:
    return float(np.ptp(values)) if values.size else 0.0
