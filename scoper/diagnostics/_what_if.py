"""What would come of another reward: the world is solved again with it, and the owner's number is looked at.

A kind of defect is shown by its repair: flip the sign, drop or rescale a term, let every timestep cost or pay, close a
way - if what then earns the most serves the owner, the reward failed in this and in nothing else. Without an objective
the same solving tells how behaviour changes, which shows a shape and judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoper.diagnostics._world import World
from scoper.domain.tabular import Floats
from scoper.numerics.behaviour import Behaviour

if TYPE_CHECKING:
    from scoper.diagnostics._audit import Audit

BACK, NEARLY, LEFT = 0.15, 0.25, 0.25
"""The share of the objective that a repaired reward loses at most; a little more where a quarter is left."""


@dataclass(frozen=True)
class Outcome:
    """What earns the most of another pay (N,). lost: the owner's share as in `Audit.lost`, nan without objective.

    restores: whether the objective comes back: hardly a share is lost any more, where the reward itself lost much.
    """

    pay: Floats
    does: Behaviour
    lost: float
    restores: bool


class WhatIf:
    """The world of an audit under other rewards; every one is solved once."""

    def __init__(self, audit: Audit, world: World) -> None:
        self._audit, self.world = audit, world
        self._known: dict[str, Outcome] = {}

    @property
    def as_it_is(self) -> Outcome:
        """What the reward itself makes best here, in the same sights as the changes."""
        return self.pays("as it is", lambda: self.world.table.reward)

    def pays(self, name: str, pay: Callable[[], Floats]) -> Outcome:
        """The outcome of a pay (N,) per transition; `name` stands for it, so that it is solved once."""
        if name not in self._known:
            self._known[name] = self._solved(np.asarray(pay(), dtype=np.float64), name)
        return self._known[name]

    def _solved(self, pay: Floats, name: str) -> Outcome:
        world = self.world
        sights = {1.0 - 1.0 / world.horizon, min(self._audit.evidence.discount, 1.0 - 1.0 / (100 * world.horizon))}
        found = [world.follow(world.steady(sight, pay)) for sight in sorted(sights)]
        does = max(found, key=lambda each: each.total(pay))
        lost = self._lost(does)
        before = lost if name == "as it is" else self.as_it_is.lost
        mended = lost <= 0.5 * before and (lost <= BACK or (lost <= NEARLY and lost <= LEFT * before))
        return Outcome(pay, does, lost, bool(mended and before > BACK))

    def _lost(self, does: Behaviour) -> float:
        """The share between the owner's floor and optimum that a behaviour misses, both as the world has them."""
        wanted, known = self.world.wanted, self._references
        if wanted is None or known is None:
            return float("nan")
        low, high = known
        return (high - does.total(wanted)) / (high - low)

    @property
    def _references(self) -> tuple[float, float] | None:
        wanted = self.world.wanted
        if wanted is None:
            return None
        steady = [rung for rung in self._audit.rungs.values() if rung.does is not None and not rung.timed]
        values = {rung.name: rung.does.total(wanted) for rung in steady if rung.does is not None}
        low, high = values.get("random", min(values.values())), max(values.values())
        span = high - min(values.values())
        low = low if high - low > 0.02 * span else min(values.values())
        return (low, high) if high > low else None


def what_if(audit: Audit) -> WhatIf | None:
    """The changes of an audit's world, kept with it; None where there is no world."""
    if audit.world is None:
        return None
    kept = audit.__dict__.get("_what_if")
    if not isinstance(kept, WhatIf):
        kept = audit.__dict__["_what_if"] = WhatIf(audit, audit.world)
    return kept
