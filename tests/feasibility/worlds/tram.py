"""A tram behind another one: it wants to keep four blocks away, while a signal turns red by its own clock.

State: blocks to the tram ahead, the signal's phase. Actions: hold, drive, hurry. The owner counts the miss of four
blocks as a loss.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, held
from .forms import Formed


class Tram(Formed):
    """pay: even (the miss is charged), square, spread (the slip: the miss is paid), service (1 a
    step less the miss), stops (1 a step), closing (blocks
    gained on the tram ahead). red: how many of the signal's phases are red. haste: price of hurrying.
    leaving: whether the tram can be taken to the depot, which ends the shift (a fourth action).
    """

    def __init__(
        self,
        pay: str = "even",
        *,
        blocks: int = 9,
        phases: int = 6,
        red: int = 2,
        haste: float = 0.05,
        true_haste: float = 0.05,
        jitter: float = 0.15,
        leaving: bool = False,
        **form: Any,
    ) -> None:
        self.pay, self.blocks, self.phases, self.red, self.haste = pay, blocks, phases, red, haste
        self.true_haste, self.jitter, self.leaving = true_haste, jitter, leaving
        self.actions = 4 if leaving else 3
        self.parts = {"gap": blocks, "phase": phases}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0 / self.phases, (2, phase)) for phase in range(self.phases)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        gap, phase = state
        if action == 3:
            return [Outcome(1.0, state, {"depot": 0.0}, 0.0, True)]
        stopped = phase < self.red
        change = 2 if stopped else (1, 0, -2)[action]
        hurried = float(action == 2)
        found = []
        for p, extra in ((self.jitter, 1), (self.jitter, -1), (1 - 2 * self.jitter, 0)):
            after = held(gap + change + extra, self.blocks)
            miss = abs(after - 4) / 4.0
            terms = {"haste": -self.haste * hurried}
            if self.pay in ("even", "service"):
                terms |= {"headway": -miss, "service": 1.0 * (self.pay == "service")}
            elif self.pay == "square":
                terms["headway"] = -miss * miss
            elif self.pay == "spread":
                terms["headway"] = miss
            elif self.pay == "closing":
                terms["closing"] = float(max(gap - after, 0))
            else:
                terms = {"stop": 1.0}
            wanted = (1.0 if self.leaving else 0.0) - miss - self.true_haste * hurried
            found.append(Outcome(p, (after, (phase + 1) % self.phases), terms, wanted))
        return found
