"""An arm of two joints that reaches for what it is shown, and a vat of yeast. Real numbers, scripts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .craft import Craft


class Arm(Craft):
    """Two joints turned by two motors; the hand has to be where the cup is, which is drawn at each start and shown.

    The owner counts the hand's distance and the motors' work. pay: near (the owner's), touch (nothing but 10 at the
    cup and a little price of time; the owner then counts the same). sensor: noise of the reward, evenly. moves_cup:
    whether the cup is set elsewhere when it has been touched, so that reaching goes on.
    """

    shown_names = ("shoulder", "elbow", "hand_x", "hand_y", "cup_x", "cup_y")
    lows = (-3.2, -3.2, -2.0, -2.0, -2.0, -2.0)
    highs = (3.2, 3.2, 2.0, 2.0, 2.0, 2.0)
    controls = 2

    def __init__(
        self, pay: str = "near", *, work: float = 0.05, sensor: float = 0.0, cups: int = 0, moves_cup: bool = False,
        radius: float = 0.25, **form: Any,
    ) -> None:  # fmt: skip
        self.pay, self.work, self.sensor, self.cups = pay, work, sensor, cups
        self.moves_cup, self.radius = moves_cup, radius
        super().__init__(**form)

    def begin(self) -> None:
        self.joints = self.np_random.uniform(-0.3, 0.3, 2) + np.array([0.0, 0.8])
        self._set_cup()
        self._look()

    def _set_cup(self) -> None:
        if self.cups:
            self.goal = np.array([(0.9, 0.9), (-0.5, 1.3), (2.0, 0.6)][int(self.np_random.integers(self.cups))])
        else:
            self.goal = np.array([self.np_random.uniform(-1.5, 1.5), self.np_random.uniform(0.5, 2.0)])

    def _look(self) -> None:
        first, second = self.joints
        self.hand = np.array([np.cos(first) + np.cos(first + second), np.sin(first) + np.sin(first + second)])
        a, b = self.goal
        self.cup = np.array([np.cos(a) + np.cos(a + b), np.sin(a) + np.sin(a + b)])
        self.numbers = np.array([first, second, *self.hand, *self.cup])

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        self.joints = np.clip(self.joints + 0.2 * control + 0.01 * self.np_random.normal(size=2), -3.1, 3.1)
        self._look()
        away = float(np.linalg.norm(self.hand - self.cup))
        touched = away < self.radius
        terms = {"near": -away, "work": -self.work * float(np.sum(control**2))}
        if self.pay == "touch":
            terms = {"touch": 10.0 * touched, "time": -0.05}
        elif self.pay == "cups":
            terms = {"touch": 1.0 * touched, "work": -self.work * float(np.sum(control**2))}
        wanted = sum(terms.values())
        if touched and self.moves_cup:
            self._set_cup()
            self._look()
        if self.sensor:
            terms["sensor"] = self.sensor * float(self.np_random.normal())
        return terms, wanted, bool(touched and self.pay == "touch")

    def wish(self, name: str) -> Any:
        if name == "reach":
            return (self.goal - self.joints) / 0.2
        return {"idle": np.zeros(2), "wave": np.array([1.0, -1.0]), "up": np.ones(2), "down": -np.ones(2)}[name]


class Vat(Craft):
    """Yeast, sugar and warmth; the controls are feed and cooling. Too warm and it dies, which ends the batch; where it
    is only kept alive, the cold kills it too.

    The owner counts what is drawn off less sugar and cooling. pay: grown (the owner's), alive (every step that it
    lives, which is what this owner counts). heat: that comes by itself. hot: price of its death. sway: of the hall's
    warmth. stir: of the reward, evenly.
    """

    shown_names = ("yeast", "sugar", "warmth", "room")
    lows = (0.0, 0.0, 0.0, -1.0)
    highs = (6.0, 6.0, 12.0, 1.0)
    controls = 2
    least = 0.0

    def __init__(
        self, pay: str = "grown", *, hot: float = 10.0, sway: float = 0.1, stir: float = 0.0, feed: float = 0.3,
        heat: float = 0.25, facts: bool = False, **form: Any,
    ) -> None:  # fmt: skip
        self.pay, self.hot, self.sway, self.stir, self.feed, self.heat, self.facts = (
            pay,
            hot,
            sway,
            stir,
            feed,
            heat,
            facts,
        )
        super().__init__(**form)

    def begin(self) -> None:
        self.dead, self.harvest = False, 0.0
        self.numbers = np.array([self.np_random.uniform(0.8, 1.2), 1.0, self.np_random.uniform(3.0, 5.0), 0.0])

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        yeast, sugar, warmth, room = (float(n) for n in self.numbers)
        fed, cooled = float(control[0]), float(control[1])
        pace = float(np.exp(-(((warmth - 6.0) / 2.5) ** 2)))
        eaten = min(0.4 * pace * yeast * sugar / (0.5 + sugar), sugar + fed)
        grown = 0.6 * eaten
        self.harvest = 0.12 * yeast
        room = float(np.clip(0.95 * room + self.sway * self.np_random.normal(), -1.0, 1.0))
        warmth = float(np.clip(warmth + 1.2 * eaten + self.heat + 0.2 * room - 1.0 * cooled - 0.05 * warmth, 0.0, 12.0))
        sugar = float(np.clip(sugar + fed - eaten, 0.0, 6.0))
        yeast = float(np.clip(yeast + grown - self.harvest, 0.0, 6.0))
        self.dead = warmth > 10.0 or (self.pay == "alive" and warmth < 1.0)
        self.numbers = np.array([yeast, sugar, warmth, room])
        terms = {"drawn": 2.0 * self.harvest, "sugar": -self.feed * fed, "cooling": -0.05 * cooled}
        terms["dead"] = -self.hot * self.dead
        if self.pay == "alive":
            terms = {"alive": 1.0 * (not self.dead), "sugar": -0.02 * fed}
        wanted = float(sum(terms.values()))
        if self.stir:
            terms["stir"] = self.stir * float(self.np_random.normal())
        return terms, wanted, self.dead

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = super().step(action)
        if self.facts and self.owner is not None:
            info |= {"living": not self.dead, "drawn": self.harvest}
        return observation, reward, terminated, truncated, info

    def wish(self, name: str) -> Any:
        yeast, sugar, warmth, _ = (float(n) for n in self.numbers)
        cold = 0.35 + 0.5 * (warmth - 6.0) + 0.25 * yeast * 0.4
        if name == "brew":
            return np.array([0.9 if sugar < 1.0 else 0.3 if sugar < 2.0 else 0.0, cold])
        if name == "starve":
            return np.array([0.0, cold])
        return {"idle": np.zeros(2), "full": np.ones(2), "stuff": np.array([1.0, 0.0]), "freeze": np.array([0.4, 1.0])}[
            name
        ]
