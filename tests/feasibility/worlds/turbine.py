"""A wind turbine that turns into the wind: the nacelle follows, the cable twists.

State: direction of the wind, of the nacelle, gust, and where the day stands. Actions: left, stay, right, untwist.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed

CATCH = (1.0, 0.55, 0.15, 0.0)
"""Share of the wind's power at so many sectors off the wind."""


class Turbine(Formed):
    """sectors: of the compass, even. pay: energy, wind (what blows, whatever is caught), turns (every move of the
    nacelle), hours (of a brake released: all of them). motor: price of a move. true_motor: to the owner.

    tide: the wind goes round with a clock of so many steps instead of drifting by chance. braked: nothing moves.
    steady: wind from one side alone, where the nacelle stands. kick: what a gust may add or take, evenly.
    """

    actions = 3

    def __init__(
        self,
        pay: str = "energy",
        *,
        sectors: int = 6,
        motor: float = 0.1,
        true_motor: float = 0.1,
        veer: float = 0.2,
        tide: int = 1,
        braked: bool = False,
        steady: bool = False,
        kick: float = 0.0,
        **form: Any,
    ) -> None:
        self.pay, self.sectors, self.motor, self.true_motor, self.veer = pay, sectors, motor, true_motor, veer
        self.tide, self.braked, self.steady, self.kick = tide, braked, steady, kick
        self.parts = {"wind": sectors, "yaw": sectors, "gust": 2, "hour": tide}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        if self.steady:
            return [(1.0, (0, 0, 0, 0))]
        return [(0.5, (0, 0, 0, 0)), (0.5, (0, self.sectors // 2, 0, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        wind, yaw, gust, hour = state
        moved = action != 1
        if not self.braked:
            yaw = (yaw + action - 1) % self.sectors
        off = abs(wind - yaw)
        caught = CATCH[min(off, self.sectors - off, 3)] * (1.0 + gust)
        spent = 0.0 if self.braked else float(moved)
        wanted = caught - self.true_motor * spent
        terms = {"energy": caught, "motor": -self.motor * spent}
        if self.pay == "wind":
            terms = {"wind": 0.4 + 0.6 * gust}
        elif self.pay == "turns":
            terms = {"turns": 0.5 * moved, "energy": 0.1 * caught}
        elif self.pay == "lee":
            terms = {"strain": -caught, "motor": -self.motor * spent}
        found = []
        for p, veered in self._veers(wind, hour):
            for q, blows in ((0.7, gust), (0.3, 1 - gust)):
                for half, kick in ((0.5, self.kick), (0.5, -self.kick)) if self.kick else ((1.0, 0.0),):
                    paid = {**terms, "gusts": kick} if self.kick else terms
                    found.append(Outcome(p * q * half, (veered, yaw, blows, (hour + 1) % self.tide), paid, wanted))
        return found

    def _veers(self, wind: int, hour: int) -> list[tuple[float, int]]:
        if self.steady:
            return [(1.0, wind)]
        if self.tide > 1:
            return [(1.0, (self.sectors // 2) if 2 * ((hour + 1) % self.tide) >= self.tide else 0)]
        return [(1 - 2 * self.veer, wind), *((self.veer, (wind + s) % self.sectors) for s in (-1, 1))]
