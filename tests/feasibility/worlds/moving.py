"""Worlds of real numbers: a vessel that docks, a pole that is balanced. Their proofs are scripted policies, replayed.

`script(name)` gives the action of a named policy, which may look at everything.
"""

from __future__ import annotations

from typing import Any, ClassVar

import gymnasium
import numpy as np
from gymnasium import spaces


class Moving(gymnasium.Env):
    """What both share: the form of observation and action, the limit, the owner's number.

    scales: factor per observed number. hide: numbers not shown. reach: bound of the box of actions, of which
    nothing beyond 1 does more than 1. moves: 0 for that box, else so many evenly spaced actions.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": []}
    shown_names: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()

    def __init__(
        self,
        *,
        limit: int | None = 200,
        scales: dict[str, float] | None = None,
        hide: tuple[str, ...] | list[str] = (),
        reach: float = 1.0,
        moves: int = 0,
        owner: str | None = "owner",
        told: str = "step",
        ends_as: str = "truncated",
        pay_scale: float = 1.0,
        as_dict: bool = False,
    ) -> None:
        self.limit, self.owner, self.told, self.ends_as = limit, owner, told, ends_as
        self.pay_scale, self.as_dict, self.moves = pay_scale, as_dict, moves
        self.kept = [k for k, name in enumerate(self.shown_names) if name not in hide]
        self.factors = np.array([(scales or {}).get(self.shown_names[k], 1.0) for k in self.kept])
        high = (np.array([self.bounds[k] for k in self.kept]) * self.factors).astype(np.float32)
        if as_dict:
            names = [self.shown_names[k] for k in self.kept]
            self.observation_space = spaces.Dict(
                {n: spaces.Box(-h, h, (1,), dtype=np.float32) for n, h in zip(names, high, strict=True)}
            )
        else:
            self.observation_space = spaces.Box(-high, high, dtype=np.float32)
        self.action_space = spaces.Discrete(moves) if moves else spaces.Box(-reach, reach, (1,), dtype=np.float32)
        self.numbers = np.zeros(len(self.shown_names))
        self._steps, self._total = 0, 0.0

    def begin(self) -> None:
        """Sets `numbers` to a start."""
        raise NotImplementedError

    def advance(self, push: float) -> tuple[dict[str, float], float, bool]:
        """One step with a push between -1 and 1: reward terms, what the owner gets, whether it ends."""
        raise NotImplementedError

    def script(self, name: str) -> Any:
        """The action of a scripted policy."""
        push = float(np.clip(self.wish(name), -1.0, 1.0))
        if self.moves:
            return int(np.rint((push + 1.0) / 2.0 * (self.moves - 1)))
        return np.array([push], dtype=np.float32)

    def wish(self, name: str) -> float:
        """The push that a scripted policy wants."""
        raise NotImplementedError

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self._steps, self._total = 0, 0.0
        self.begin()
        return self._seen(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        if self.moves:
            push = 2.0 * int(action) / (self.moves - 1) - 1.0
        else:
            push = float(np.clip(np.asarray(action).reshape(-1)[0], -1.0, 1.0))
        terms, wanted, ends = self.advance(push)
        self._steps, self._total = self._steps + 1, self._total + wanted
        late = self.limit is not None and self._steps >= self.limit and not ends
        info = {} if self.owner is None else {self.owner: wanted if self.told == "step" else self._total}
        reward = self.pay_scale * float(sum(terms.values()))
        return (
            self._seen(),
            reward,
            ends or (late and self.ends_as == "terminated"),
            late and self.ends_as == "truncated",
            info,
        )

    def _seen(self) -> Any:
        numbers = np.clip(self.numbers[self.kept], -np.array(self.bounds)[self.kept], np.array(self.bounds)[self.kept])
        values = (numbers * self.factors).astype(np.float32)
        if self.as_dict:
            return {self.shown_names[k]: values[i : i + 1] for i, k in enumerate(self.kept)}
        return values


class Dock(Moving):
    """A vessel drifts towards a dock at 0 along a line; it docks when it is near and slow. The owner wants it docked.

    pay: dock, hover (paid for being near, docking ends it), progress (the way covered, with a seam in the world at 3),
    potential, wall (time costs, ramming the wall at -2 costs little), away (sign slipped), fuel (thrust dominates).
    `paint` is a number without meaning.
    """

    shown_names = ("position", "speed", "paint")
    bounds = (4.0, 3.0, 1.0)

    def __init__(
        self, pay: str = "dock", *, gust: float = 0.0, fuel: float = 0.0, seam: bool = False, **form: Any
    ) -> None:
        self.pay, self.gust, self.fuel, self.seam = pay, gust, fuel, seam
        super().__init__(**form)

    def begin(self) -> None:
        self.numbers = np.array([self.np_random.uniform(-1.5, -1.0), 0.0, self.np_random.uniform(-1, 1)])

    def advance(self, push: float) -> tuple[dict[str, float], float, bool]:
        before, speed, _ = self.numbers
        gust = self.gust * self.np_random.normal() if self.gust else 0.0
        speed = float(np.clip(speed + 0.1 * push + 0.1 * gust - 0.02 * speed, -1.5, 1.5))
        after = before + 0.1 * speed
        rammed = after < -2.0
        gained = abs(before) - abs(after)
        if self.seam and after > 1.0:  # the coordinate wraps, and the way from -1 to 0 is covered again
            after = -2.0 + 1e-6 + (after - 1.0)
            gained = 0.0 if self.pay != "progress" else max(gained, 0.0)
        self.numbers = np.array([after, speed, self.np_random.uniform(-1, 1)])
        docked = abs(after) < 0.1 and abs(speed) < 0.15
        terms = {"time": -0.05, "fuel": -self.fuel * push * push}
        if self.pay in ("dock", "potential", "fuel"):
            terms["dock"] = 10.0 * docked
        if self.pay == "potential":
            terms["way"] = 2.0 * ((0.0 if docked else -abs(after)) + abs(before))
        elif self.pay == "hover":
            terms |= {"near": 1.0 * (abs(after) < 0.4), "dock": 5.0 * docked, "time": 0.0}
        elif self.pay == "progress":
            terms |= {"way": 5.0 * max(gained, 0.0), "dock": 2.0 * docked}
        elif self.pay == "wall":
            terms |= {"time": -1.0, "dock": 10.0 * docked, "wall": -1.0 * rammed}
        elif self.pay == "away":
            terms["distance"] = 0.2 * abs(after)
        elif self.pay == "near":
            terms |= {"distance": -0.2 * abs(after), "dock": 10.0 * docked}
        return terms, float(docked), docked or (rammed and not self.seam) or (rammed and self.pay == "wall")

    def wish(self, name: str) -> float:
        x, v, _ = self.numbers
        at = {"dock": 0.0, "hover": -0.25}.get(name)
        if at is not None:
            return 3.0 * (at - x) - 4.0 * v
        if name.startswith("place"):
            return -float(name.split()[1]) * x
        return {"ahead": 1.0, "back": -1.0, "idle": 0.0}[name]


class Balance(Moving):
    """A pole on a joint: it falls unless pushed. The owner counts the steps it stands.

    pay: standing (a bonus for every step: here that is the task), effort (pushes cost far more), lean (the slip: paid
    for leaning), once (paid once at the end of a day on which it stood).
    """

    shown_names = ("angle", "rate", "colour")
    bounds = (1.0, 4.0, 1.0)

    def __init__(self, pay: str = "standing", *, gust: float = 0.2, effort: float = 0.0, **form: Any) -> None:
        self.pay, self.gust, self.effort = pay, gust, effort
        super().__init__(**form)

    def begin(self) -> None:
        self.numbers = np.array([*self.np_random.uniform(-0.1, 0.1, 2), self.np_random.uniform(-1, 1)])

    def advance(self, push: float) -> tuple[dict[str, float], float, bool]:
        angle, rate, _ = self.numbers
        turn = 6.0 * np.sin(angle) + 4.0 * push + self.gust * self.np_random.normal()
        angle, rate = angle + 0.05 * rate, rate + 0.05 * turn
        self.numbers = np.array([angle, rate, self.np_random.uniform(-1, 1)])
        fallen = bool(abs(angle) > 0.5)
        terms = {"standing": 1.0 * (not fallen)}
        if self.pay == "effort":
            terms["effort"] = -self.effort * push * push
        elif self.pay == "lean":
            terms = {"lean": abs(float(angle)), "fallen": 6.0 * fallen}
        elif self.pay == "tired":  # every step costs, falling ends it
            terms = {"cost": -1.0}
        return terms, float(not fallen), fallen

    def wish(self, name: str) -> float:
        angle, rate, _ = self.numbers
        if name == "balance":
            return -6.0 * angle - 2.0 * rate
        if name.startswith("angle"):
            return -float(name.split()[1]) * angle
        return {"idle": 0.0, "left": -1.0, "right": 1.0, "fall": float(np.sign(angle) or 1.0)}[name]
