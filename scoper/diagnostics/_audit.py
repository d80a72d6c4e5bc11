"""What the audit of a reward compares: policies with what they earn, what the owner gets, and what they do.

Rungs of a ladder: floors, single actions, the best and the worst for the reward, for the owner and for the reward at
once, what was learned. In a world of arrays they are worked out exactly; by stepping they carry their standard errors.
Kinds of defects are told apart by what the best rung for the reward (`best`) does otherwise than the best one for the
owner (`wished`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoper.diagnostics import Evidence
from scoper.diagnostics._world import World, world_of
from scoper.domain.episodes import Episodes
from scoper.domain.tabular import Floats
from scoper.numerics.behaviour import Behaviour
from scoper.numerics.evaluate import Policy

CLEARLY = 3.0
"""Standard errors by which two measured means must differ to count as different."""
SLACK = 0.01
"""Share of the span of returns that policies may earn less and still count as near-optimal."""
_RELATIVE = 1e-9


@dataclass(frozen=True)
class Rung:
    """One policy. reward, wanted: means per episode, wanted None without objective; *_error: their standard errors.

    length: timesteps; terminated: share of the episodes that ended before the time limit. does: what it does in the
    world, None where that is not known. episodes: those that were measured, None where worked out.
    """

    name: str
    reward: float
    wanted: float | None
    length: float
    terminated: float
    reward_error: float = 0.0
    wanted_error: float = 0.0
    does: Behaviour | None = None
    episodes: Episodes | None = None

    @property
    def exact(self) -> bool:
        """Whether the numbers were worked out, not measured."""
        return self.episodes is None

    def earns_more(self, other: Rung) -> bool:
        """Whether it clearly earns more reward than the other."""
        return _clearly(self.reward - other.reward, self.reward_error, other.reward_error, self.reward)

    def wanted_more(self, other: Rung) -> bool:
        """Whether the owner clearly gets more than from the other."""
        if self.wanted is None or other.wanted is None:
            return False
        return _clearly(self.wanted - other.wanted, self.wanted_error, other.wanted_error, self.wanted)


def _clearly(difference: float, one: float, other: float, scale: float) -> bool:
    return difference > max(CLEARLY * math.hypot(one, other), _RELATIVE * max(1.0, abs(scale)))


class Audit:
    """The ladder of one piece of evidence; everything is worked out when first asked for."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.world: World | None = world_of(evidence)

    @cached_property
    def rungs(self) -> Mapping[str, Rung]:
        """All rungs by name: those of the world first, then what was measured by stepping, which takes their place."""
        found = {rung.name: rung for rung in self._worked_out()}
        for rung in self._measured():
            does = found[rung.name].does if rung.name in found else None
            found[rung.name] = _with_behaviour(rung, does)
        return found

    @cached_property
    def best(self) -> Rung | None:
        """The rung with the most reward; of equal ones the worst for the owner."""
        return self._top("reward", "wanted")

    @cached_property
    def wished(self) -> Rung | None:
        """The rung from which the owner gets most; of equal ones that with the most reward."""
        known = [rung for rung in self.rungs.values() if rung.wanted is not None]
        return max(known, key=lambda rung: (rung.wanted, rung.reward), default=None)

    @cached_property
    def floor_wanted(self) -> float | None:
        """What the owner gets from random actions, or from what earns the most reward where that is even less."""
        random = self.rungs.get("random")
        return None if random is None else random.wanted

    @cached_property
    def lost(self) -> float | None:
        """The share of what the owner could get beyond random actions that the best rung for the reward loses.

        None without objective, or where nothing beyond random actions is possible.
        """
        best, wished, low = self.best, self.wished, self.floor_wanted
        if best is None or wished is None or best.wanted is None or wished.wanted is None or low is None:
            return None
        reach, span = wished.wanted - low, self.wanted_span
        if reach <= max(_RELATIVE * max(1.0, abs(wished.wanted)), 0.02 * span):
            return None if wished.wanted - best.wanted <= 0.02 * span else 1.0
        return (wished.wanted - best.wanted) / reach

    @cached_property
    def wanted_span(self) -> float:
        """From the least to the most that the owner gets from any rung."""
        values = [rung.wanted for rung in self.rungs.values() if rung.wanted is not None]
        return max(values) - min(values) if values else 0.0

    @cached_property
    def reward_span(self) -> float:
        """From the least to the most reward of any rung."""
        values = [rung.reward for rung in self.rungs.values()]
        return max(values) - min(values) if values else 0.0

    @cached_property
    def diverges(self) -> bool:
        """Whether the best rung for the reward clearly gives the owner less than is possible: a fifth or more lost."""
        best, wished = self.best, self.wished
        if self.lost is None or best is None or wished is None or self.lost <= 0.2:
            return False
        return wished.wanted_more(best) and not wished.earns_more(best)

    def _top(self, first: str, second: str) -> Rung | None:
        rungs = list(self.rungs.values())
        if not rungs:
            return None
        most = max(getattr(rung, first) for rung in rungs)
        slack = _RELATIVE * max(1.0, abs(most), self.reward_span)
        near = [rung for rung in rungs if getattr(rung, first) >= most - slack]
        return min(near, key=lambda rung: math.inf if getattr(rung, second) is None else getattr(rung, second))

    def _worked_out(self) -> list[Rung]:
        world = self.world
        if world is None:
            return []
        policies: dict[str, Policy] = {"random": world.random, "myopic": world.myopic}
        if world.idle is not None:
            policies["idle"] = world.always(world.idle)
        if world.table.n_actions <= 64:
            policies |= {f"constant {a}": world.always(a) for a in range(world.table.n_actions)}
        policies |= {"reward_best": world.best(), "reward_worst": world.best(-world.table.reward)}
        policies["reward_steady"] = world.steady(min(self.evidence.discount, 1.0 - 1.0 / (10 * world.horizon)))
        if world.wanted is not None:
            policies |= {"objective_best": world.best(world.wanted), "objective_worst": world.best(-world.wanted)}
            open_ways = world.left_open(world.table.reward, world.wanted, self._slack(world))
            if open_ways is not None:
                policies["reward_best_unkind"] = open_ways.low_policy
                policies["reward_best"] = open_ways.high_policy
        return [self._rung(name, world, policy) for name, policy in policies.items()]

    def _slack(self, world: World) -> float:
        """What a tie may differ by in a timestep: rounding where exact, else a hundredth of the rewards' spread."""
        if world.exact or world.noise == 0.0:
            return 0.0
        return SLACK * float(np.std(world.table.reward)) / max(1, world.horizon)

    @staticmethod
    def _rung(name: str, world: World, policy: Policy) -> Rung:
        does = world.follow(policy)
        wanted = None if world.wanted is None else does.total(world.wanted)
        return Rung(name, does.total(world.table.reward), wanted, does.length, does.terminated, does=does)

    def _measured(self) -> list[Rung]:
        found = []
        names = {"constant": "constant best"}
        for name, episodes in self.evidence.episodes.items():
            if "/" not in name and episodes.returns.size > 1:
                found.append(measured(names.get(name, name), episodes))
        if self.evidence.model is not None:
            for aim, planned in self.evidence.model.planned.items():
                found.append(measured(f"{aim}_best", planned.episodes))
        return found


def measured(name: str, episodes: Episodes) -> Rung:
    """The rung of a policy that was followed for some episodes."""
    wanted, wanted_error = None, 0.0
    if episodes.objective is not None:
        wanted, wanted_error = _mean(episodes.objective)
    reward, reward_error = _mean(episodes.returns)
    return Rung(
        name,
        reward,
        wanted,
        float(episodes.lengths.mean()),
        float(episodes.terminated.mean()),
        reward_error,
        wanted_error,
        episodes=episodes,
    )


def _mean(values: Floats) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else 0.0


def _with_behaviour(rung: Rung, does: Behaviour | None) -> Rung:
    from dataclasses import replace

    return rung if does is None else replace(rung, does=does)
