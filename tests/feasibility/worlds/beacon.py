"""A lighthouse on a rock, and a sonar over a shoal.

The keeper's owner counts ships that pass safely less oil; the fisher's owner counts steps above the shoal.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, held
from .forms import Formed

OFF, LIT, FILL = range(3)


class Beacon(Formed):
    """State: hour of eight (the last `dark` ones are night), fog, oil. Actions: lamp off, lamp lit, fill up oil.

    Lit in the dark or in fog a ship is guided; unlit, it may be wrecked. In clear daylight nothing is to be done.
    wreck: its price. oil: price of a filled measure. guided: what a guided ship pays. fogs: chance that fog comes (it
    goes with 0.4). over: whether a wreck ends the service. life: after so many episodes the lamp's two levers are
    swapped. facts: info also tells `safe` and `oil_left`.
    """

    actions = 3
    measures = 6

    def __init__(
        self,
        *,
        dark: int = 3,
        wreck: float = 8.0,
        oil: float = 0.2,
        guided: float = 1.0,
        fogs: float = 0.1,
        over: bool = False,
        life: int = 0,
        facts: bool = False,
        **form: Any,
    ) -> None:
        self.dark, self.wreck, self.oil, self.guided, self.fogs = dark, wreck, oil, guided, fogs
        self.over, self.life, self.facts, self.age, self.changes = over, life, facts, 0, life > 0
        self.parts = {"hour": 8, "fog": 2, "oil": self.measures + 1}
        super().__init__(**form)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        self.age += 1
        return super().reset(seed=seed, options=options)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = super().step(action)
        if self.facts and self.owner is not None:
            info |= {"safe": not terminated, "oil_left": self._state[2]}
        return observation, reward, terminated, truncated, info

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (0, 0, 3)), (0.5, (2, 1, 5))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        hour, fog, oil = state
        if self.life and (self.age // self.life) % 2:
            action = (LIT, OFF, FILL)[action]
        burning = action == LIT and oil > 0
        needed = hour >= 8 - self.dark or fog == 1
        filled = int(action == FILL and oil < self.measures) + int(action == FILL and oil < self.measures - 1)
        after = held(oil - burning + filled, self.measures + 1)
        risk = 0.3 if needed and not burning else 0.0
        found = []
        for wrecked, p in ((1, risk), (0, 1.0 - risk)):
            if p == 0.0:
                continue
            pay = {"guided": self.guided * (needed and burning), "wreck": -self.wreck * wrecked}
            pay["oil"] = -self.oil * filled
            wanted = sum(pay.values())
            turn = 0.4 if fog else self.fogs
            for q, later in ((1.0 - turn, fog), (turn, 1 - fog)):
                ends = bool(wrecked and self.over)
                found.append(Outcome(p * q, ((hour + 1) % 8, later, after), pay, wanted, ends))
        return found


class Sonar(Formed):
    """A shoal swims round a fjord of four reaches one way or the other, and turns now and then; the boat follows.

    State: how far the shoal is ahead of the boat, how far it was, the boat's last move, which way it swims. The last
    is told by the other three together. Actions: back, wait, ahead. diesel: price of a move; turns: chance of turning.
    """

    actions = 3

    def __init__(self, *, diesel: float = 0.1, turns: float = 0.1, track: bool = True, **form: Any) -> None:
        self.diesel, self.turns, self.track = diesel, turns, track
        self.parts = {"gap": 4, "before": 4 if track else 1, "moved": 3 if track else 1, "way": 2}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        rows = [(gap, way) for gap in (1, 2) for way in (0, 1)]
        if not self.track:
            return [(0.25, (gap, 0, 0, way)) for gap, way in rows]
        return [(0.25, (gap, (gap - (1 if way else -1)) % 4, 1, way)) for gap, way in rows]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        gap, _, _, way = state
        found = []
        for p, swims in ((1.0 - self.turns, way), (self.turns, 1 - way)):
            after = (gap + (1 if swims else -1) - (action - 1)) % 4
            catch = float(after == 0)
            terms = {"above": catch, "diesel": -self.diesel * (action != 1)}
            kept = (gap, action) if self.track else (0, 0)
            found.append(Outcome(p, (after, *kept, swims), terms, sum(terms.values())))
        return found
