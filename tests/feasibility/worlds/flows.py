"""More worlds of real numbers: a tank held at a level, savings that compound. Their proofs are scripted, replayed."""

from __future__ import annotations

from typing import Any

import numpy as np

from .moving import Moving


class Tank(Moving):
    """A tank with a demand that goes up and down over the day; the owner wants its level near the middle.

    pay: level, clipped (misses beyond a little all look alike and a valve move costs), overflow (the slip: paid for a
    full tank), blind (a float that sticks beyond 0.6), late (the sum of the day at its end),
    root (no number below -1.2).
    """

    shown_names = ("level", "demand", "hour")
    bounds = (2.0, 2.0, 1.0)

    def __init__(
        self, pay: str = "level", *, wear: float = 0.0, drift: float = 0.0, jitter: float = 0.0, **form: Any
    ) -> None:
        self.pay, self.wear, self.drift, self.jitter, self.age = pay, wear, drift, jitter, 0
        super().__init__(**form)

    def begin(self) -> None:
        self.age += 1
        self.hour = int(self.np_random.integers(24))
        self.day = 0.0
        self.numbers = np.array([self.np_random.uniform(-0.8, 0.8), self._demand(), self.hour / 24])

    def _demand(self) -> float:
        return 0.5 * float(np.sin(2 * np.pi * self.hour / 24))

    def advance(self, push: float) -> tuple[dict[str, float], float, bool]:
        level = float(self.numbers[0])
        gain = 1.0 / (1.0 + self.drift * self.age) if self.drift else 1.0
        if self.drift and (self.age // 15) % 2:
            gain = -gain
        level = float(
            np.clip(level + 0.3 * gain * push - 0.3 * self._demand() + 0.02 * self.np_random.normal(), -1.5, 1.5)
        )
        self.hour = (self.hour + 1) % 24
        self.numbers = np.array([level, self._demand(), self.hour / 24])
        miss = abs(level)
        shock = self.jitter * float(self.np_random.choice([-1.0, 1.0])) if self.jitter else 0.0
        terms = {"level": -miss + shock, "wear": -self.wear * abs(push)}
        if self.pay == "clipped":
            terms["level"] = max(-miss, -0.05)
        elif self.pay == "overflow":
            terms["level"] = level
        elif self.pay == "blind":  # beyond 0.6 the float sticks and reads as the middle
            terms["level"] = -(miss if miss < 0.6 else 0.0)
        elif self.pay == "root":  # a formula for a weir, which has no answer for a level below its crest
            terms["level"] = float(np.sqrt(level + 1.2)) - miss if level > -1.2 else float("nan")
        elif self.pay == "late":
            self.day -= miss
            last = self.limit is not None and self._steps + 1 >= self.limit
            terms["level"] = self.day if last else 0.0
        return terms, -miss, False

    def wish(self, name: str) -> float:
        level, demand = self.numbers[:2]
        if name == "hold":
            return demand - 3.0 * level
        return {"idle": 0.0, "open": 1.0, "shut": -1.0}[name]


class AimedTank(Tank):
    """A tank whose level should be where an order says, high or low; it may be shown at the first moment only."""

    shown_names = ("level", "demand", "hour", "order")
    bounds = (2.0, 2.0, 1.0, 1.0)

    def __init__(self, *, stays: bool = False, **form: Any) -> None:
        self.stays = stays
        super().__init__(**form)

    def begin(self) -> None:
        super().begin()
        self.order = float(self.np_random.choice([-1.0, 1.0]))
        self.numbers = np.array([*self.numbers[:3], self.order])

    def advance(self, push: float) -> tuple[dict[str, float], float, bool]:
        level, shown = float(self.numbers[0]), self.numbers[3]
        self.numbers = self.numbers[:3]
        super().advance(push)
        self.numbers = np.array([*self.numbers, shown if self.stays else 0.0])
        miss = abs(level - 0.8 * self.order)
        return {"order": -miss}, -miss, False

    def wish(self, name: str) -> float:
        level, demand = self.numbers[:2]
        aim = {"hold": 0.8 * self.order, "middle": 0.0, "high": 0.8, "low": -0.8}.get(name)
        return demand + 3.0 * (aim - level) if aim is not None else {"idle": 0.0, "open": 1.0, "shut": -1.0}[name]


class Savings(Moving):
    """Savings that grow by what is put at stake; the owner wants regular payouts without ruin.

    pay: wealth (all of it, every step: without bound), growth (its logarithm), payout.
    """

    shown_names = ("wealth", "luck")
    bounds = (1e30, 1.0)

    def __init__(self, pay: str = "wealth", *, edge: float = 0.12, **form: Any) -> None:
        self.pay, self.edge = pay, edge
        if pay != "wealth":
            self.bounds = (60.0, 1.0)
        super().__init__(**form)

    def begin(self) -> None:
        self.logarithm = 0.0
        self.numbers = np.array([1.0 if self.pay == "wealth" else 0.0, 0.0])

    def advance(self, push: float) -> tuple[dict[str, float], float, bool]:
        stake = 0.5 * (push + 1.0)
        won = self.np_random.random() < 0.5 + self.edge
        change = float(np.log(max(1.0 + stake * (0.9 if won else -0.6), 1e-3)))
        self.logarithm += change
        worth = float(np.exp(np.clip(self.logarithm, -60, 65)))
        self.numbers = np.array([worth if self.pay == "wealth" else self.logarithm, 1.0 if won else -1.0])
        terms = {"worth": worth} if self.pay == "wealth" else {"growth": change}
        return terms, change, False

    def wish(self, name: str) -> float:
        return {"half": 0.0, "all": 1.0, "nothing": -1.0}[name]
