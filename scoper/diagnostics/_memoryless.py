"""How well a rule can do that sees only what a spec says is observed: the best one that a local search finds.

To find the best is NP-hard (Littman 1994). From several starts, the action of one observation at a time is changed
while that helps; what is found is a lower bound of what is possible without memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.diagnostics import Evidence
from scoper.diagnostics._world import World
from scoper.domain.tabular import Floats, Ints

_MOST_RULES, _MOST_WORK, _SWEEPS = 400, 40_000_000, 6


@dataclass(frozen=True)
class Memoryless:
    """share_lost: of the optimum's gain over random actions, by the best rule found; searches: rules tried."""

    share_lost: float
    reached: float
    best: float
    n_states: int
    n_observations: int
    searches: int


def memoryless_loss(evidence: Evidence) -> Memoryless | None:
    """None where the state is seen, nothing is to be gained, or no arrays are known."""
    world, observed = evidence.audit.world, evidence.observed
    if world is None or observed is None:
        return None
    _, place = np.unique(observed, return_inverse=True)
    place = place.ravel().astype(np.int64)
    n_seen = int(place.max()) + 1
    if n_seen == world.table.n_states:
        return None
    far = 1.0 - 1.0 / (3 * world.horizon)
    informed = world.steady(far)
    best = _worth(world, informed)
    random = world.follow(world.random)
    chance = random.total(world.table.reward)
    if best - chance <= 1e-9 * max(1.0, abs(best)):
        return None
    reached, tried = chance, 0
    for start in (_likeliest(informed, place, random.visited, world), np.zeros(n_seen, dtype=np.int64)):
        found, work = _climbed(world, start, place)
        reached, tried = max(reached, found), tried + work
        if best - reached <= 1e-6 * (best - chance):
            break
    return Memoryless((best - reached) / (best - chance), reached, best, world.table.n_states, n_seen, tried)


def _worth(world: World, policy: Ints) -> float:
    return world.follow(policy).total(world.table.reward)


def _likeliest(informed: Ints, place: Ints, visited: Floats, world: World) -> Ints:
    """(O,) per observation the action that the informed rule takes most often there."""
    n_actions = world.table.n_actions
    votes = np.bincount(place * n_actions + informed, weights=visited + 1e-12, minlength=(place.max() + 1) * n_actions)
    return np.asarray(votes.reshape(-1, n_actions).argmax(axis=1), dtype=np.int64)


def _climbed(world: World, rule: Ints, place: Ints) -> tuple[float, int]:
    """The worth of the rule after changing one observation's action at a time while that helps, and the work."""
    best, work = _worth(world, _available(world, rule[place])), 1
    most = max(20, min(_MOST_RULES, _MOST_WORK // max(1, world.table.successor.size * world.horizon)))
    for _ in range(_SWEEPS):
        before = best
        for seen in range(rule.size):
            for action in range(world.table.n_actions):
                if action == rule[seen] or work >= most:
                    continue
                changed = rule.copy()
                changed[seen] = action
                worth, work = _worth(world, _available(world, changed[place])), work + 1
                if worth > best + 1e-9 * max(1.0, abs(best)):
                    best, rule = worth, changed
        if best <= before:
            break
    return best, work


def _available(world: World, policy: Ints) -> Ints:
    first = world.table.available.argmax(axis=1)
    allowed = world.table.available[np.arange(policy.size), policy]
    return np.where(allowed, policy, first).astype(np.int64)
