"""A shaper that lets packets out of a queue, and a culture that is fed. Real numbers, scripts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .craft import Craft


class Shaper(Craft):
    """Packets come in waves; what is sent costs by the square of the rate. The owner counts delay and cost as a loss.

    pay: delay (the owner's), sent (the rate asked for, whether or not there are packets), backlog (the slip: packets
    waiting are paid), exponential (the exponential of the queue is charged, and the queue has no end), capped
    (the queue is charged up to a little), seen (packets waiting at the second port, to which they may be moved, are not
    seen). price: of a full rate.
    """

    shown_names = ("queue", "wave", "aside")
    lows = (0.0, 0.0, 0.0)
    highs = (60.0, 1.0, 60.0)
    controls = 2
    least = 0.0

    def __init__(self, pay: str = "delay", *, price: float = 0.3, burst: float = 0.15, **form: Any) -> None:
        self.pay, self.price, self.burst = pay, price, burst
        super().__init__(**form)

    def begin(self) -> None:
        self.hour = int(self.np_random.integers(24))
        self.numbers = np.array([self.np_random.uniform(0.0, 2.0), self.wave(), 0.0])

    def wave(self) -> float:
        """What comes in at this hour, on average."""
        return 0.5 + 0.35 * float(np.sin(2 * np.pi * self.hour / 24))

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        rate, moved = float(control[0]), float(control[1])
        queue, wave, aside = (float(n) for n in self.numbers)
        sent = min(1.2 * rate, queue)
        shift = min(0.8 * moved, queue - sent)
        queue, aside = queue - sent - shift, 0.98 * aside + shift
        come = max(wave + self.burst * self.np_random.normal(), 0.0)
        queue, self.hour = queue + come, self.hour + 1
        self.numbers = np.array([queue, self.wave(), aside])
        cost = self.price * rate * rate
        gain = -0.2 * queue - 0.3 * aside - cost
        terms = {"queue": -0.2 * queue, "aside": -0.3 * aside, "rate": -cost}
        if self.pay == "sent":
            terms = {"throughput": rate, "aside": -0.3 * aside}
        elif self.pay == "backlog":
            terms["queue"] = 0.2 * queue
        elif self.pay == "exponential":
            terms["queue"] = -float(np.exp(min(queue, 600.0)))
        elif self.pay == "capped":
            terms["queue"] = -0.2 * min(queue, 0.5)
        elif self.pay == "seen":
            terms["aside"] = 0.0
        return terms, gain, False

    def wish(self, name: str) -> Any:
        queue = float(self.numbers[0])
        if name == "send":
            return (min(queue / 1.2, 0.9), 0.0)
        return {"shut": (0.0, 0.0), "open": (1.0, 0.0), "hide": (0.0, 1.0), "both": (1.0, 1.0)}[name]


class Culture(Craft):
    """A yeast culture: feeding makes it grow, and makes it swing. The owner counts doublings.

    pay: mass (what there is, without end), doublings. swing, growth: of a fully fed
    culture, a step.
    """

    shown_names = ("doublings", "last")
    lows = (-60.0, -3.0)
    highs = (60.0, 3.0)
    least = 0.0

    def __init__(self, pay: str = "doublings", *, swing: float = 0.6, growth: float = 0.2, **form: Any) -> None:
        self.pay, self.swing, self.growth = pay, swing, growth
        super().__init__(**form)

    def begin(self) -> None:
        self.numbers = np.array([0.0, 0.0])

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        fed = float(control[0])
        gained = self.growth * fed - 0.75 * self.growth * fed * fed + self.swing * fed * float(self.np_random.normal())
        size = float(self.numbers[0]) + gained
        self.numbers = np.array([size, gained])
        if self.pay == "mass":
            return {"mass": float(np.exp(size))}, gained, False
        return {"doublings": gained}, gained, False

    def wish(self, name: str) -> float:
        return {"starve": 0.0, "measured": 2 / 3, "full": 1.0}[name]
