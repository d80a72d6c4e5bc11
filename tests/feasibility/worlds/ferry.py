"""A car ferry between two banks: cars queue on both, are loaded, carried, landed. The owner counts tolls less fuel.

State: bank, the two queues, cars aboard. Actions: load two cars, cross, put two ashore again, moor for the day.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed


class Ferry(Formed):
    """fuel: price of a crossing in the reward (true_fuel: for the owner). mooring: whether the day can be ended.

    pay: toll (a car landed), boarding (a car that drives aboard), trips (a crossing), deck (a toll also for every
    quarter of an hour that a car stands on deck), queue (cars kept waiting are charged), traffic (a car that arrives).
    """

    actions = 4

    def __init__(
        self,
        pay: str = "toll",
        *,
        room: int = 5,
        hold: int = 4,
        near: float = 0.5,
        far: float = 0.4,
        fuel: float = 0.4,
        true_fuel: float = 0.4,
        mooring: bool = False,
        deck: float = 1.0,
        **form: Any,
    ) -> None:
        self.pay, self.room, self.hold, self.near, self.far = pay, room, hold, near, far
        self.fuel, self.true_fuel, self.mooring, self.deck = fuel, true_fuel, mooring, deck
        self.parts = {"bank": 2, "near": room, "far": room, "aboard": hold + 1}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (0, 1, 0, 0)), (0.5, (0, 2, 1, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        bank, queues, aboard = state[0], [state[1], state[2]], state[3]
        if action == 3 and self.mooring:
            return [Outcome(1.0, state, {"moored": 0.0}, 0.0, True)]
        landed = loaded = crossed = 0
        if action == 0:
            loaded = min(2, queues[bank], self.hold - aboard)
            queues[bank], aboard = queues[bank] - loaded, aboard + loaded
        elif action == 1:
            bank, landed, aboard, crossed = 1 - bank, aboard, 0, 1
        elif action == 2:
            back = min(2, aboard, self.room - 1 - queues[bank])
            queues[bank], aboard = queues[bank] + back, aboard - back
        terms = self._terms(landed, loaded, crossed, sum(queues), aboard)
        wanted = landed - self.true_fuel * crossed
        found = []
        for p, n in ((self.near, 1), (1 - self.near, 0)):
            for q, f in ((self.far, 1), (1 - self.far, 0)):
                after = (bank, min(queues[0] + n, self.room - 1), min(queues[1] + f, self.room - 1), aboard)
                paid = {"traffic": float(n + f)} if self.pay == "traffic" else terms
                found.append(Outcome(p * q, after, paid, wanted))
        return found

    def _terms(self, landed: int, loaded: int, crossed: int, waiting: int, aboard: int) -> dict[str, float]:
        terms = {"fuel": -self.fuel * crossed}
        if self.pay in ("toll", "deck"):
            terms["toll"] = 1.0 * landed
        if self.pay == "deck":
            terms["on_deck"] = self.deck * aboard
        elif self.pay == "boarding":
            terms["boarded"] = 1.0 * loaded
        elif self.pay == "trips":
            terms["service"] = 1.0 * crossed
        elif self.pay == "queue":
            terms["waiting"] = -0.2 * (waiting + aboard)
        return terms
