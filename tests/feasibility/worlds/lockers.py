"""A wall of parcel lockers: parcels come to the counter, are put into small or large boxes, are fetched.

State: free small boxes, free large ones, the parcel at the counter (none, small, large). Actions: small box, large
box, back to the depot, move a parcel from one box to another.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed

NONE, SMALL, LARGE = range(3)


class Lockers(Formed):
    """pay: stored (parcels put away, once), doors (every door that closes upon a parcel), space (getting
    more space is paid, losing it is free).

    effort: price of a door. wraps: a parcel for a full kind of box is booked all the same (the owner's parcel lost).
    fetched: chance a step that a small and a large one are fetched.
    """

    actions = 4

    def __init__(
        self,
        pay: str = "stored",
        *,
        small: int = 3,
        large: int = 2,
        fetched: tuple[float, float] | list[float] = (0.35, 0.25),
        come: float = 0.9,
        effort: float = 0.1,
        true_effort: float = 0.1,
        wraps: bool = False,
        **form: Any,
    ) -> None:
        self.pay, self.small, self.large, self.fetched, self.come = pay, small, large, fetched, come
        self.effort, self.true_effort, self.wraps = effort, true_effort, wraps
        self.parts = {"small": small + 1, "large": large + 1, "parcel": 3}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (self.small, self.large, SMALL)), (0.5, (self.small, self.large, LARGE))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        small, large, parcel = state
        stored = back = lost = doors = 0
        fits = parcel and (action == 1 or (action == 0 and parcel == SMALL))
        if fits and (small, large)[action]:
            small, large, stored, doors = small - (action == 0), large - (action == 1), 1, 1
        elif fits and self.wraps:
            lost, doors = 1, 1
        elif action == 2 and parcel:
            back = 1
        elif action == 3 and small < self.small:
            doors = 1
        gone = bool(stored or back or lost)
        wanted = stored - 1.0 * back - 3.0 * lost - self.true_effort * doors
        found = []
        for p, s in self._fetch(self.fetched[0], small < self.small):
            for q, big in self._fetch(self.fetched[1], large < self.large):
                terms = self._terms(stored + lost, back, doors, s + big - stored)
                for r, new in (
                    ((self.come * 0.6, SMALL), (self.come * 0.4, LARGE), (1 - self.come, NONE))
                    if gone or not parcel
                    else ((1.0, parcel),)
                ):
                    found.append(Outcome(p * q * r, (small + s, large + big, new), terms, wanted))
        return found

    def _fetch(self, chance: float, some: bool) -> list[tuple[float, int]]:
        return [(chance, 1), (1 - chance, 0)] if some else [(1.0, 0)]

    def _terms(self, stored: int, back: int, doors: int, freed: int) -> dict[str, float]:
        terms = {"returned": -1.0 * back, "doors": -self.effort * doors}
        if self.pay == "stored":
            terms["stored"] = 1.0 * stored
        elif self.pay == "doors":
            terms["closed_doors"] = 1.0 * doors
        elif self.pay == "space":
            terms |= {"stored": 0.3 * stored, "space_gained": 1.0 * max(freed, 0)}
        return terms
