"""Changes of what is paid, tried on the world of the audit before anything is applied: cheap, and only a promise.

A change is told as an amount (N,) per transition. `search` looks for the gentlest one of a series that brings the
owner's number back; without an objective nothing can be told, and nothing is promised.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scoper.diagnostics import Evidence
from scoper.diagnostics._what_if import Outcome, WhatIf, what_if
from scoper.diagnostics._world import World
from scoper.domain.tabular import Floats

FACTORS: tuple[float, ...] = (0.5, 2.0, 0.2, 5.0, 0.1, 10.0, 0.05, 20.0, 0.02, 50.0, 0.01, 100.0, 0.003, 300.0)
"""By which a part of the reward is tried to weigh less or more, the gentlest first."""
AMOUNTS: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""What is tried to be added per timestep, in units of what a timestep pays or costs on average."""

ENOUGH = 0.85
"""The share of the attainable objective that a change must promise: a little more than it must keep when applied."""

_HINT = 1e-5
_WORK, _MOST, _LEAST = 4_000_000, 200, 4
"""Transitions times changes that are solved for, about ten seconds; and the most and the fewest changes."""


@dataclass(frozen=True)
class Found:
    """A weight that brings the objective back in the known world. share: of the attainable objective, there."""

    weight: float
    share: float


class Trials:
    """The known world under other pays."""

    def __init__(self, changes: WhatIf) -> None:
        self._changes = changes
        self.world: World = changes.world
        self.reward: Floats = changes.world.table.reward
        size = max(1, changes.world.table.successor.size)
        self._left = max(_LEAST, min(_MOST, _WORK // size))

    @property
    def is_judged(self) -> bool:
        """Whether there is an objective to judge by."""
        return self.world.wanted is not None

    @property
    def unit(self) -> float:
        """What a timestep pays or costs on average under random actions, 1 where that is nothing."""
        does = self.world.follow(self.world.random)
        size = float(does.times @ np.abs(self.reward)) / max(float(does.times.sum()), 1e-300)
        return size if size > 0.0 else 1.0

    def outcome(self, name: str, pay: Floats) -> Outcome:
        """What comes of another pay (N,); `name` stands for it."""
        return self._changes.pays(f"repair {name}", lambda: pay)

    def share(self, name: str, pay: Floats) -> float | None:
        """The share of the attainable objective that the best of `pay` gets, if the objective comes back; else None.

        It must come back also where equally good policies are told apart against the owner. In a large world only
        so many changes are tried, and the later ones promise nothing.
        """
        self._left -= 1
        if self._left < 0:
            return None
        least = 1.0
        for words, hint in ((name, 0.0), (f"{name}, unkind", -_HINT)):
            outcome = self.outcome(words, pay if not hint else pay + hint * self._scale(pay) * self._wanted)
            least = min(least, 1.0 - outcome.lost)
            if not outcome.restores or least < ENOUGH:
                return None
        return least

    @property
    def _wanted(self) -> Floats:
        assert self.world.wanted is not None
        return self.world.wanted

    def _scale(self, pay: Floats) -> float:
        """The size of a pay in units of the owner's number."""
        size, wanted = float(np.ptp(pay)), float(np.ptp(self._wanted))
        return (size if size > 0.0 else 1.0) / wanted if wanted > 0.0 else 0.0

    def search(self, name: str, part: Floats, weights: Iterable[float]) -> Found | None:
        """The first weight with which reward + weight * part (N,) brings the objective back."""
        if not np.any(part):
            return None
        for weight in weights:
            share = self.share(f"{name} {weight:g}", self.reward + weight * part)
            if share is not None:
                return Found(weight, share)
        return None


def trials_of(evidence: Evidence) -> Trials | None:
    """The trials of an evidence; None where there is no world."""
    changes = what_if(evidence.audit)
    return None if changes is None else Trials(changes)
