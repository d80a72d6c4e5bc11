"""A ski lift: skiers queue at the bottom, the rope runs slow or fast, wind comes and goes, the gate opens or shuts.

State: queue, wind, skiers at the top station. Actions: rope stopped, slow, fast; gate shut, open. The owner counts
skiers brought up, and what an accident costs.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed


class Lift(Formed):
    """pay: riders (brought up), turns (of the turnstile, whichever way the skier goes), safe (wear of the rope only).

    accident, true_accident: price of a chair off the rope, fast in wind. wear, true_wear: of a fast rope.
    down: whether a gate left open with the rope stopped lets skiers out again, who come back.
    """

    actions = (3, 2)

    def __init__(
        self,
        pay: str = "riders",
        *,
        queue: int = 7,
        come: float = 0.6,
        risk: float = 0.06,
        accident: float = 60.0,
        true_accident: float = 60.0,
        wear: float = 0.2,
        true_wear: float = 0.2,
        windy: float = 0.2,
        ends: bool = False,
        **form: Any,
    ) -> None:
        self.pay, self.queue, self.come, self.risk = pay, queue, come, risk
        self.accident, self.true_accident, self.wear, self.true_wear = accident, true_accident, wear, true_wear
        self.windy, self.ends = windy, ends
        self.parts = {"queue": queue + 1, "wind": 3, "chairs": 3}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (3, 0, 0)), (0.5, (5, 1, 0))]

    def outcomes(self, state: State, action: tuple[int, int]) -> list[Outcome]:
        queue, wind, chairs = state
        rope, gate = action
        up = min(chairs, rope)
        chairs -= up
        turned = 0
        if gate and rope:
            turned = min(queue, rope, 2 - chairs)
            queue, chairs = queue - turned, chairs + turned
        elif gate and chairs:  # the rope stands and the gate is open: they walk back, through the turnstile
            turned, queue, chairs = 1, min(queue + 1, self.queue), chairs - 1
        fast = float(rope == 2)
        danger = self.risk * wind * (rope == 2)
        found = []
        for p, off in ((danger, 1), (1 - danger, 0)) if danger else ((1.0, 0),):
            terms = {"wear": -self.wear * fast, "accident": -self.accident * off}
            terms |= {"turnstile": 1.0 * turned} if self.pay == "turns" else {"riders": 1.0 * up}
            wanted = up - self.true_wear * fast - self.true_accident * off
            for q, blows in self._wind(wind):
                for r, new in ((self.come, 2), (1 - self.come, 0)):
                    after = (min(queue + new, self.queue), blows, chairs)
                    found.append(Outcome(p * q * r, after, terms, wanted, bool(off) and self.ends))
        return found

    def _wind(self, wind: int) -> list[tuple[float, int]]:
        shares = {wind: 0.0}
        for step in (-1, 1):
            at = min(max(wind + step, 0), 2)
            shares[at] = shares.get(at, 0.0) + self.windy
        shares[wind] += 1.0 - 2 * self.windy
        return [(p, at) for at, p in shares.items()]
