"""The reward that random play hardly ever meets, and what a learner settles for that improves on random play.

A reward counts as hidden where no floor meets it and where it makes up what the best known policy earns beyond every
floor. How likely random actions meet it is the exact forward recursion (`scoper.numerics.reach`); what a first
improvement settles for is greedy play for the action values of random play (policy improvement, Howard 1960).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.diagnostics import Evidence
from scoper.diagnostics._audit import Audit
from scoper.diagnostics._rung import Rung
from scoper.diagnostics._world import World
from scoper.domain.tabular import Floats, Ints
from scoper.numerics.kernel import kernel_of
from scoper.numerics.reach import random_reach

TIMESTEPS, MEETINGS = 100_000, 10.0
"""Timesteps that are assumed for a learner's seed, and how often they should meet what there is to learn."""
HIDDEN = 0.5
"""Share of what can be gained over every floor that lies in rewards that random play hardly ever meets."""
_RANGE, _OFTEN = 0.05, 0.05
_MOST_WORK = 60_000_000
_STANDARD_ERRORS = 3.0


@dataclass(frozen=True)
class Hidden:
    """level: the least of the hidden rewards. share: of the gain of `best` over `floor` that lies in them.

    chance: that a random episode meets one; log10 of it; needed: episodes that meet one with probability 0.95; length:
    timesteps of a random episode. settled: the share of the gain that a first improvement on random play reaches, None
    where too large to work out; lure: the largest reward that it collects, ended: how likely it ends the episode;
    typical: the median reward of random play.
    """

    level: float
    share: float
    whole: float
    chance: float
    log10_chance: float
    needed: float
    length: float
    best: Rung
    floor: Rung
    settled: float | None
    lure: float
    ended: float
    typical: float
    exact: bool

    @property
    def is_rare(self) -> bool:
        """Whether a learner's timesteps meet it less than ten times by chance."""
        return self.meetings < MEETINGS

    @property
    def meetings(self) -> float:
        """How often it is expected to be met by chance in the timesteps assumed."""
        return self.chance * TIMESTEPS / max(self.length, 1.0)

    @property
    def is_lured(self) -> bool:
        """Whether a first improvement settles for less than half, and for something that pays and ends the episode."""
        worth_it = self.lure - self.typical >= _RANGE * (self.level - self.typical)
        settles = self.settled is not None and self.settled < HIDDEN and (self.share >= HIDDEN or self.ended >= HIDDEN)
        return settles and worth_it and self.lure < self.level


def hidden_reward(evidence: Evidence, *, held: bool = True) -> Hidden | None:
    """The rewards that are hardly ever met and that make up most of what can be gained; None for none.

    held: not met by actions that are held either, the gain being over these floors too; otherwise by random play alone.
    """
    audit = evidence.audit
    world, random, best = audit.world, audit.rungs.get("random"), best_known(audit)
    floor = _floor(audit) if held else random
    if world is None or random is None or random.does is None or floor is None or best is None or best.does is None:
        return None
    gain = best.reward - floor.reward
    if not best.earns_more(floor) or gain <= 0.0:
        return None
    paid = _certain(evidence, world)
    blind = random.does.times
    constant = [rung.does.times for rung in audit.rungs.values() if rung.name.startswith("constant ") and rung.does]
    met = np.max([blind, *constant], axis=0) if held else blind
    enough = MEETINGS * max(random.length, 1.0) / TIMESTEPS
    level = _least_hidden(paid, best.does.times, met, enough, _seen_by_floors(evidence, held))
    if level is None:
        return None
    below = float(paid[(paid < level) & (met > 0)].max(initial=-np.inf))
    below = level if not np.isfinite(below) else below
    typical = _median(paid, blind)
    share = float(best.does.times @ np.maximum(paid - below, 0.0)) / gain
    whole = float(best.does.times[paid >= level] @ (paid[paid >= level] - typical)) / gain
    if whole < HIDDEN:
        return None
    reach = random_reach(world.table, paid >= level, world.horizon)
    settled, lure, ended = _settled(world, floor.reward, gain, evidence.discount)
    return Hidden(
        level=level,
        share=min(1.0, share),
        whole=min(1.0, whole),
        chance=reach.probability,
        log10_chance=reach.log10_probability,
        needed=reach.episodes,
        length=random.length,
        best=best,
        floor=floor,
        settled=settled,
        lure=lure,
        ended=ended,
        typical=typical,
        exact=world.exact,
    )


def best_known(audit: Audit) -> Rung | None:
    """The rung with the most reward whose behaviour in the world is known: measured ones before promised ones."""
    known = [rung for rung in audit.steady if rung.does is not None]
    world = audit.world
    if world is not None and not world.exact:
        known = [rung for rung in known if rung.episodes is not None] or known
    return max(known, key=lambda rung: rung.reward, default=None)


def _floor(audit: Audit) -> Rung | None:
    floors = [r for r in audit.rungs.values() if r.name in ("random", "idle") or r.name.startswith("constant")]
    measured = [rung for rung in floors if rung.episodes is not None]
    exact = audit.world is not None and audit.world.exact
    return max(floors if exact else measured or floors, key=lambda rung: rung.reward, default=None)


def _certain(evidence: Evidence, world: World) -> Floats:
    """(N,) the reward of every transition, less what chance may have added to a mean of few tries."""
    if world.exact or evidence.model is None or world.noise <= 0.0:
        return world.table.reward
    tries = np.maximum(evidence.model.transition_counts, 1)
    return np.asarray(world.table.reward - _STANDARD_ERRORS * world.noise / np.sqrt(tries), dtype=np.float64)


def _seen_by_floors(evidence: Evidence, held: bool) -> float:
    """The largest reward of the floors' own episodes."""
    floors = ("random", "idle", "constant") if held else ("random",)
    sets = [e for name, e in evidence.episodes.items() if name.split("/")[0] in floors]
    return max((e.reward_high for e in sets), default=-np.inf) if not evidence.table else -np.inf


def _least_hidden(paid: Floats, best: Floats, met: Floats, enough: float, seen: float) -> float | None:
    """The least reward of which, with all above it, the floors meet less than `enough` an episode."""
    levels = np.unique(paid[best > 1e-9])[::-1]
    order = np.argsort(paid, kind="stable")[::-1]
    times = np.cumsum(met[order])
    place = np.searchsorted(-paid[order], -levels, side="right") - 1
    rare = times[place] < enough
    count = int(rare.argmin()) if not rare.all() else rare.size
    hidden = levels[:count]
    hidden = hidden[hidden > seen]
    return float(hidden[-1]) if hidden.size else None


def _settled(world: World, floor: float, gain: float, discount: float) -> tuple[float | None, float, float]:
    """Of greedy play for random play's values: its share of the gain, its largest usual reward, how often it ends."""
    if world.horizon * world.table.successor.size > _MOST_WORK:
        return None, -np.inf, 0.0
    does = world.follow(improved_on_random(world, discount))
    usual = does.times > _OFTEN
    lure = float(world.table.reward[usual].max()) if usual.any() else -np.inf
    return (does.total(world.table.reward) - floor) / gain, lure, does.terminated


def improved_on_random(world: World, discount: float) -> Ints:
    """(S,) the actions that are best where random play follows until the time limit, as discounted as learners do."""
    kernel, value = kernel_of(world.table), np.zeros(world.table.n_states)
    q = kernel.reward
    for _ in range(world.horizon):
        q = kernel.backup(value, discount)
        value = np.add.reduceat(q, kernel.first_pair[:-1]) / np.diff(kernel.first_pair)
    return np.asarray(kernel.origin[kernel.greedy(q)] % world.table.n_actions, dtype=np.int64)


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return float(values[order][min(int(np.searchsorted(total, 0.5 * total[-1])), values.size - 1)])
