"""A lander that comes down on a pad, and a boat that beats against the wind. Real numbers, scripts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .craft import Craft


class Lander(Craft):
    """Height, speed upwards and fuel; the control is thrust. It lands below a speed of one, else it crashes.

    The owner counts a landing (10), a crash (-10) and fuel. pay: landing (the owner's), altitude (the exponential of
    the height is charged besides), gauge (the logarithm of the fuel left is paid), way (height as a potential, taken
    back at the end). crash: price of one in the reward. burn: price of fuel. above: how high it starts. gust: of the
    air. facts: info also tells `landed` and `impact`.
    """

    shown_names = ("height", "speed", "fuel")
    lows = (0.0, -8.0, 0.0)
    highs = (60.0, 8.0, 30.0)
    least = 0.0

    def __init__(
        self,
        pay: str = "landing",
        *,
        crash: float = 10.0,
        burn: float = 0.1,
        tank: float = 30.0,
        above: float = 6.0,
        gust: float = 0.03,
        facts: bool = False,
        **form: Any,
    ) -> None:
        self.pay, self.crash, self.burn, self.tank, self.gust, self.facts = pay, crash, burn, tank, gust, facts
        self.above = above
        super().__init__(**form)

    def begin(self) -> None:
        self.landed, self.impact = False, 0.0
        self.numbers = np.array(
            [self.np_random.uniform(self.above - 1.0, self.above + 1.0), self.np_random.uniform(-0.5, 0.0), self.tank]
        )

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        height, speed, fuel = (float(n) for n in self.numbers)
        thrust = min(float(control[0]), fuel)
        fuel -= thrust
        speed = float(np.clip(speed + 0.5 * thrust - 0.2 + self.gust * self.np_random.normal(), -8.0, 8.0))
        before, height = height, height + 0.5 * speed
        down = height <= 0.0
        self.numbers = np.array([min(max(height, 0.0), 60.0), speed, fuel])
        self.landed = down and speed > -1.0
        self.impact = max(-speed, 0.0) if down else 0.0
        terms = {"landed": 10.0 * self.landed, "crash": -self.crash * (down and not self.landed)}
        terms["fuel"] = -self.burn * thrust
        wanted = 10.0 * self.landed - 10.0 * (down and not self.landed) - self.burn * thrust
        if self.pay == "altitude":
            terms["altitude"] = -1e-3 * float(np.exp(min(height, 60.0)) - 1.0)
        elif self.pay == "gauge":
            with np.errstate(divide="ignore"):
                terms["gauge"] = 0.01 * float(np.log(fuel))
        elif self.pay == "way":
            terms["way"] = 0.3 * (before - (0.0 if down else height))
        return terms, wanted, down

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = super().step(action)
        if self.facts and self.owner is not None:
            info |= {"landed": self.landed, "impact": self.impact}
        return observation, reward, terminated, truncated, info

    def wish(self, name: str) -> float:
        height, speed, _ = (float(n) for n in self.numbers)
        if name == "land":
            aim = -0.55 - 0.16 * height
            return 0.4 + 1.6 * (aim - speed)
        if name == "hover":
            return 0.4 - 1.5 * speed
        return {"idle": 0.0, "full": 1.0, "half": 0.5}[name]


class Beat(Craft):
    """A boat beats to a mark against the wind: the nearer it points to the wind, the slower it is. The control is where
    it points, from -90 to 90 degrees off the wind. The owner counts metres won against the wind.

    pay: made (the owner's), line (the race is paid once, at the end), vane (what lies abeam is paid). veer: how fast
    the wind turns. bank: the river's banks, beyond which it runs aground, which ends the race at a price. facts: info
    also tells `aground` and `at_mark`.
    """

    shown_names = ("across", "made", "wind")
    lows = (-12.0, -5.0, -0.6)
    highs = (12.0, 60.0, 0.6)

    def __init__(
        self, pay: str = "made", *, veer: float = 0.05, bank: float = 10.0, aground: float = 5.0, mark: float = 0.0,
        facts: bool = False, **form: Any,
    ) -> None:  # fmt: skip
        self.pay, self.veer, self.bank, self.aground, self.mark, self.facts = pay, veer, bank, aground, mark, facts
        super().__init__(**form)

    def begin(self) -> None:
        self.sum, self.tack, self.is_aground, self.at_mark = 0.0, 1.0, False, False
        self.numbers = np.array([self.np_random.uniform(-3.0, 3.0), 0.0, self.np_random.uniform(-0.2, 0.2)])

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        across, made, wind = (float(n) for n in self.numbers)
        points = 0.5 * np.pi * float(control[0])
        off = abs(points - wind)
        pace = float(np.sin(min(off, 1.2))) ** 1.5
        won = pace * float(np.cos(points))
        across = across + pace * float(np.sin(points))
        wind = float(np.clip(0.95 * wind + self.veer * self.np_random.normal(), -0.6, 0.6))
        self.is_aground = abs(across) > self.bank
        self.at_mark = bool(self.mark and made + won >= self.mark)
        over = self.is_aground or self.at_mark
        self.numbers = np.array([float(np.clip(across, -12.0, 12.0)), min(made + won, 60.0), wind])
        terms = {"made": won, "aground": -self.aground * self.is_aground}
        wanted = sum(terms.values())
        if self.pay == "line":
            self.sum += wanted
            terms = {"race": self.sum if self._steps + 1 == self.limit or over else 0.0}
        elif self.pay == "time":
            terms |= {"made": 0.0, "time": -0.1, "mark": 10.0 * self.at_mark}
            wanted = sum(terms.values())
        return terms, wanted, over

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = super().step(action)
        if self.facts and self.owner is not None:
            info |= {"aground": self.is_aground, "at_mark": self.at_mark}
        return observation, reward, terminated, truncated, info

    def wish(self, name: str) -> float:
        across, _, wind = (float(n) for n in self.numbers)
        if name == "tack":
            self.tack = -1.0 if across > self.bank - 3.0 else 1.0 if across < 3.0 - self.bank else self.tack
            return (wind + self.tack * 0.9) / (0.5 * np.pi)
        return {"straight": 0.0, "left": -0.5, "right": 0.5, "abeam": 1.0 if across < 0 else -1.0}[name]
