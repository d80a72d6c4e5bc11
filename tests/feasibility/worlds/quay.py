"""A quay: a crane takes containers off a ship, onto the yard and onto trucks, or leaves them on the apron.

State: containers aboard, in the yard, on the hook, a truck that waits. Actions: hook one from the ship, hook one from
the yard, set it on the yard, set it on the truck, leave it on the apron (the fire lane), wait.
"""

from __future__ import annotations

import math
from typing import Any

from .base import Outcome, State
from .forms import Formed

SHIP, YARD, STORE, LOAD, APRON, WAIT = range(6)


class Quay(Formed):
    """pay: loaded (the owner's: trucks loaded, less what lies about), hooked (every container hooked is paid, a truck
    charged), booked (set down in the yard and on the truck both count), empty (a closed spreader counts as a load),
    apron (the fire lane is free), room (the logarithm of free yard places), rent (a flat fee), stays (only what lies
    in the yard is paid).

    come: chance of another container aboard. trucks: chance that one comes. lane: the owner's price of the fire lane.
    life: after so many episodes the hooks' levers are swapped, and back.
    """

    actions = 6

    def __init__(
        self,
        pay: str = "loaded",
        *,
        ship: int = 3,
        yard: int = 3,
        come: float = 0.35,
        trucks: float = 0.4,
        lane: float = 2.0,
        lying: float = 0.1,
        life: int = 0,
        **form: Any,
    ) -> None:
        self.pay, self.ship, self.yard, self.come, self.trucks = pay, ship, yard, come, trucks
        self.lane, self.lying, self.life, self.age = lane, lying, life, 0
        self.changes = life > 0
        self.parts = {"ship": ship + 1, "yard": yard + 1, "hook": 2, "truck": 2}
        super().__init__(**form)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        self.age += 1
        return super().reset(seed=seed, options=options)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (2, 0, 0, 0)), (0.5, (self.ship, 1, 0, 1))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        ship, yard, hook, truck = state
        if self.life and (self.age // self.life) % 2:
            action = (STORE, LOAD, SHIP, YARD, WAIT, APRON)[action]
        hooked = stored = loaded = left = 0
        if action == SHIP and ship and not hook:
            ship, hook, hooked = ship - 1, 1, 1
        elif action == YARD and yard and not hook:
            yard, hook, hooked = yard - 1, 1, 1
        elif action == STORE and hook and yard < self.yard:
            yard, hook, stored = yard + 1, 0, 1
        elif action == LOAD and hook and truck:
            truck, hook, loaded = 0, 0, 1
        elif action == APRON and hook:
            hook, left = 0, 1
        empty = int(action == LOAD and not hook and not loaded)
        lies = self.lying * (ship + yard)
        wanted = 1.0 * loaded - self.lane * left - lies
        terms = self._terms(hooked, stored, loaded, left, empty, yard, lies)
        found = []
        for p, more in self._maybe(self.come, ship < self.ship):
            for q, comes in self._maybe(self.trucks, not truck):
                found.append(Outcome(p * q, (ship + more, yard, hook, truck + comes), terms, wanted))
        return found

    @staticmethod
    def _maybe(chance: float, room: bool) -> list[tuple[float, int]]:
        return [(chance, 1), (1.0 - chance, 0)] if room else [(1.0, 0)]

    def _terms(
        self, hooked: int, stored: int, loaded: int, left: int, empty: int, yard: int, lies: float
    ) -> dict[str, float]:
        terms = {"loaded": 1.0 * loaded, "lying": -lies, "lane": -self.lane * left}
        if self.pay == "hooked":
            terms |= {"hooked": 1.0 * hooked, "loaded": -0.5 * loaded}
        elif self.pay == "booked":
            terms["stored"] = 1.5 * stored
        elif self.pay == "empty":
            terms["loaded"] = 1.0 * (loaded + empty)
        elif self.pay == "apron":
            terms |= {"lane": 0.0, "lying": -3.0 * lies}
        elif self.pay == "room":
            free = self.yard - yard
            terms["room"] = 0.2 * math.log(free) if free else -math.inf
        elif self.pay == "rent":
            terms = {"rent": 2.0}
        elif self.pay == "stays":
            terms = {"storage": 0.4 * yard, "lane": -self.lane * left}
        return terms
