"""A potter's kiln that follows a firing curve, and a camera on two axes that follows a bird. Real numbers, scripts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .craft import Craft


class Kiln(Craft):
    """A burner heats a kiln that loses heat; the owner counts the misses of the firing curve and the gas as a loss.

    pay: curve (the owner's), gas (gas dominates), flipped (the slip: the miss is paid), cone (the whole firing is
    judged at its end), strain (the root of what is left below the kiln's limit, which is no number above it), capped
    (the miss is cut at a little, so that gas decides).
    """

    shown_names = ("heat", "wanted", "phase")
    lows = (0.0, 0.0, 0.0)
    highs = (3.0, 1.5, 1.0)
    least = 0.0

    def __init__(self, pay: str = "curve", *, gas: float = 0.05, draught: float = 0.01, **form: Any) -> None:
        self.pay, self.gas, self.draught = pay, gas, draught
        super().__init__(**form)

    def begin(self) -> None:
        self.firing, self.at = 0.0, 0
        self.numbers = np.array([self.np_random.uniform(0.0, 0.3), self.target(0), 0.0])

    def target(self, step: int) -> float:
        """The firing curve: up, held, down, over 80 steps."""
        return float(np.interp(step % 80, [0, 30, 50, 80], [0.2, 1.2, 1.2, 0.2]))

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        burner = float(control[0])
        heat = float(self.numbers[0])
        heat = max(heat + 0.16 * burner - 0.06 * heat + self.draught * self.np_random.normal(), 0.0)
        self.at += 1
        wanted = self.target(self.at)
        self.numbers = np.array([heat, wanted, (self.at % 80) / 80])
        miss = abs(heat - wanted)
        gain = -miss - 0.05 * burner
        terms = {"miss": -miss, "gas": -self.gas * burner}
        if self.pay == "flipped":
            terms["miss"] = miss
        elif self.pay == "capped":
            terms["miss"] = -min(miss, 0.02)
        elif self.pay == "cone":
            self.firing += gain
            terms = {"cone": self.firing if self._steps + 1 == self.limit else 0.0}
        elif self.pay == "strain":
            with np.errstate(invalid="ignore"):
                terms["strain"] = -0.05 * (1.0 - float(np.sqrt(2.0 - heat)))
        return terms, gain, False

    def wish(self, name: str) -> float:
        if name == "curve":
            heat = float(self.numbers[0])
            return (self.target(self.at + 1) - 0.94 * heat) / 0.16
        return {"off": 0.0, "half": 0.5, "full": 1.0}[name]


class Gimbal(Craft):
    """Two motors turn a camera after a bird; the owner counts frames with the bird in them, less torn cables.

    pay: frames (the bird in the frame, and how far it is off), torque (torque dominates), glare (brightness in the
    picture, which is most at the sun). wear: after so many outings the motors are plugged in the other way round.
    haze: noise of the picture's worth.
    """

    shown_names = ("off_x", "off_y", "rate_x", "rate_y", "sun_x", "sun_y")
    lows = (-3.0, -3.0, -2.0, -2.0, -3.0, -3.0)
    highs = (3.0, 3.0, 2.0, 2.0, 3.0, 3.0)
    controls = 2

    def __init__(
        self, pay: str = "frames", *, torque: float = 0.02, wear: int = 0, haze: float = 0.0, **form: Any
    ) -> None:
        self.pay, self.torque, self.wear, self.haze, self.age = pay, torque, wear, haze, 0
        super().__init__(**form)

    def begin(self) -> None:
        self.age += 1
        off = self.np_random.uniform(-1.0, 1.0, 2)
        self.numbers = np.concatenate([off, np.zeros(2), off + np.array([1.5, 1.0])])

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        turned = -control if self.wear and (self.age // self.wear) % 2 else control
        off, rate, sun = self.numbers[:2], self.numbers[2:4], self.numbers[4:]
        rate = np.clip(0.8 * rate + 0.2 * turned, -2.0, 2.0)
        flight = 0.05 * self.np_random.normal(size=2)
        moved = 0.25 * rate
        off, sun = np.clip(off + moved + flight, -3.0, 3.0), np.clip(sun + moved, -3.0, 3.0)
        self.numbers = np.concatenate([off, rate, sun])
        far = float(np.hypot(*off))
        effort = float(turned @ turned)
        frame = float(far < 0.4)
        terms = {"frame": frame, "off": -0.1 * far, "torque": -self.torque * effort}
        if self.pay == "glare":
            terms = {"contrast": float(np.exp(-float(np.hypot(*sun)))), "torque": -self.torque * effort}
        if self.haze:
            terms["haze"] = self.haze * float(self.np_random.normal())
        return terms, frame - 0.1 * far - 0.02 * effort, False

    def wish(self, name: str) -> Any:
        off, rate, sun = self.numbers[:2], self.numbers[2:4], self.numbers[4:]
        if name == "follow":
            return -2.0 * off - 1.5 * rate
        if name == "sun":
            return -2.0 * sun - 1.5 * rate
        return {"idle": 0.0, "spin": 1.0, "back": -1.0}[name]
