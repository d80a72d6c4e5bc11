"""What random play reaches, and how far states are apart: exact figures of exploration by dithering.

The law of the state under the uniform random policy is followed timestep by timestep. From it come the probability of
an event within an episode, how often every state-action pair is visited, and the covering length: random steps until
every pair was probably seen. The diameter is the largest expected time that the best policy needs between two states.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Bools, Floats, TabularMdp
from scoper.numerics.kernel import tally

MOST_STATES = 300
"""Of the diameter: a goal at a time is solved for all states, S^2 numbers and S^2 A products a sweep."""
MOST_SWEEPS = 5_000
SETTLED = 1e-10


@dataclass(frozen=True)
class RandomReach:
    """How random play comes upon an event.

    probability: that an episode holds it; log10 of it, also where it is too small for a float. first (T,): that it
    happens first at this timestep. episodes: as many as hold it once or more with probability 0.95; inf for none.
    """

    probability: float
    log10_probability: float
    first: Floats
    episodes: float


@dataclass(frozen=True)
class Visits:
    """most (S, A): largest probability over the timesteps of being in the pair. total (S, A): visits of an episode.

    covering: log(2 P) / (least total / length of an episode) over the P pairs that can be visited: drawn from this law,
    as many timesteps miss any of them with probability 1/2 at most (by the union bound, as P (1 - mu)^L <= 1/2).
    unvisited: as many available pairs that random play never visits within the horizon.
    """

    most: Floats
    total: Floats
    covering: float
    unvisited: int


@dataclass(frozen=True)
class Diameter:
    """steps: largest expected timesteps between two states under the best policy, inf where one cannot be reached.

    It is bounded from below, and known within `error`. start, goal: the two states. separated: pairs of states of
    which the first does not reach the second with certainty.
    """

    steps: float
    start: int
    goal: int
    separated: int
    error: float


def reachable_states(mdp: TabularMdp, among: Bools | None = None) -> Bools:
    """(S,) states that some policy reaches from the start, the start included; by transitions `among` (N,) only."""
    source = mdp.pair_of_transition // mdp.n_actions
    moves = (mdp.probability > 0) & ~mdp.terminates & mdp.available.ravel()[mdp.pair_of_transition]
    if among is not None:
        moves &= among
    reached = mdp.initial > 0
    while True:
        grown = reached.copy()
        grown[mdp.successor[moves & reached[source]]] = True
        if (grown == reached).all():
            return reached
        reached = grown


def random_reach(mdp: TabularMdp, event: Bools, horizon: int) -> RandomReach:
    """How likely the uniform random policy takes a transition of `event` (N,) within `horizon` timesteps.

    The mass is kept scaled, so that needles of 1e-400 have a logarithm.
    """
    chance = _chances(mdp)
    source, goes_on = mdp.pair_of_transition // mdp.n_actions, ~mdp.terminates
    here, scale = mdp.initial.astype(np.float64), 0.0
    first, logs = np.zeros(horizon), []
    for t in range(horizon):
        moved = here[source] * chance
        hit = float(moved[event].sum())
        first[t] = hit * math.exp(max(scale, -745.0))
        if hit > 0.0:
            logs.append(math.log(hit) + scale)
        on = goes_on & ~event
        here = tally(mdp.successor[on], moved[on], mdp.n_states)
        if 0.0 < (mass := float(here.sum())) < 1e-100:
            here, scale = here / mass, scale + math.log(mass)
    if not logs:
        return RandomReach(0.0, -math.inf, first, math.inf)
    peak = max(logs)
    log_p = min(0.0, peak + math.log(math.fsum(math.exp(value - peak) for value in logs)))
    p = math.exp(max(log_p, -745.0))
    return RandomReach(p, log_p / math.log(10.0), first, _needed(p))


def _needed(probability: float, sure: float = 0.95) -> float:
    if probability >= sure:
        return 1.0
    return math.inf if probability <= 1e-300 else math.ceil(math.log1p(-sure) / math.log1p(-probability))


def random_visits(mdp: TabularMdp, horizon: int) -> Visits:
    """How often the uniform random policy visits every pair within `horizon` timesteps of an episode."""
    chance = _chances(mdp)
    source, on = mdp.pair_of_transition // mdp.n_actions, ~mdp.terminates
    share = mdp.available / mdp.available.sum(axis=1, keepdims=True)
    here = mdp.initial.astype(np.float64)
    most, total = np.zeros_like(share), np.zeros_like(share)
    for _ in range(horizon):
        now = here[:, None] * share
        most, total = np.maximum(most, now), total + now
        here = tally(mdp.successor[on], (here[source] * chance)[on], mdp.n_states)
    seen = total[mdp.available & (total > 0.0)]
    rarest = float(seen.min(initial=math.inf)) / max(float(total.sum()), 1e-300)
    return Visits(most, total, math.log(2.0 * seen.size) / rarest, int((mdp.available & (total <= 0.0)).sum()))


def _chances(mdp: TabularMdp) -> Floats:
    """(N,) the probability of the transition given its state, under random play."""
    pair = mdp.pair_of_transition
    share = (mdp.available / mdp.available.sum(axis=1, keepdims=True)).ravel()
    return np.asarray(mdp.probability * share[pair], dtype=np.float64)


def diameter(mdp: TabularMdp, *, restart: bool = True, among: Bools | None = None) -> Diameter | None:
    """The diameter of the states `among` (S,), all when None; None for more than `MOST_STATES` states.

    restart: an episode that ends begins anew, so that its step leads to the start distribution; otherwise it leads
    nowhere. The expected time h_g solves h_g(s) = 1 + min_a sum_s' p(s'|s, a) h_g(s') off the goal g (Puterman 2005,
    section 7.2.6); iterated from zero it rises to it.
    """
    if mdp.n_states > MOST_STATES:
        return None
    moves = _moves(mdp, restart)
    usable = mdp.available.ravel()
    sure = _certain(mdp, moves, usable)
    time, error = _times(mdp, moves, usable, sure)
    members = np.ones(mdp.n_states, dtype=np.bool_) if among is None else among
    inside = members[:, None] & members[None, :]
    shown = np.where(inside, time, -np.inf)
    start, goal = np.unravel_index(int(np.argmax(shown)), shown.shape)
    return Diameter(float(shown.max()), int(start), int(goal), int((inside & ~sure).sum()), error)


def _moves(mdp: TabularMdp, restart: bool) -> Floats:
    """(S*A, S) dense probabilities."""
    pairs = mdp.n_states * mdp.n_actions
    pair, on = mdp.pair_of_transition, ~mdp.terminates
    cell = pair[on] * mdp.n_states + mdp.successor[on]
    moves = tally(cell, mdp.probability[on], pairs * mdp.n_states).reshape(pairs, mdp.n_states)
    if restart:
        ended = tally(pair[~on], mdp.probability[~on], pairs)
        moves = moves + ended[:, None] * mdp.initial[None, :]
    return moves


def _certain(mdp: TabularMdp, moves: Floats, usable: Bools) -> Bools:
    """(S, S) whether some policy gets from the first to the second with probability one (de Alfaro 1997, chapter 3)."""
    size, actions = mdp.n_states, mdp.n_actions
    may, loses = (moves > 0.0).astype(np.float32), moves.sum(axis=1) < 1.0 - 1e-9
    goal = np.eye(size, dtype=np.bool_)
    sure = np.ones((size, size), dtype=np.bool_)
    while True:
        safe = usable[:, None] & ~loses[:, None] & ((may @ (~sure).astype(np.float32)) == 0.0)
        reach = goal.copy()
        for _ in range(size):
            touches = safe & ((may @ reach.astype(np.float32)) > 0.0)
            wider = reach | touches.reshape(size, actions, size).any(axis=1)
            if (wider == reach).all():
                break
            reach = wider
        if (reach == sure).all():
            return sure
        sure = reach


def _times(mdp: TabularMdp, moves: Floats, usable: Bools, sure: Bools) -> tuple[Floats, float]:
    """(S, S) expected timesteps, inf where not certain; and how far the last sweep still moved them, extrapolated."""
    size, actions = mdp.n_states, mdp.n_actions
    leaves = (moves @ (~sure).astype(np.float64)) > 0.0
    barred = leaves | ~usable[:, None] | (moves.sum(axis=1) < 1.0 - 1e-9)[:, None]
    time, change, before = np.zeros((size, size)), math.inf, math.inf
    for _ in range(MOST_SWEEPS):
        step = np.where(barred, np.inf, 1.0 + moves @ time)
        after = step.reshape(size, actions, size).min(axis=1)
        np.fill_diagonal(after, 0.0)
        after[~sure] = 0.0
        before, change = change, float((after - time).max(initial=0.0))
        time = after
        if change <= SETTLED * max(1.0, float(time.max(initial=0.0))):
            break
    rate = min(change / before, 1.0 - 1e-12) if 0.0 < before < math.inf else 0.0
    return np.where(sure, time, np.inf), change * rate / (1.0 - rate) + change
