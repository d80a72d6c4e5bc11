"""A store by the spec of test_conforming, and every way in which a simulator may differ from it."""

from __future__ import annotations

import math
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

CAP, HORIZON = 8, 20


class Store(gymnasium.Env):
    """`fault` names what is wrong, `shows` how the stock is told."""

    def __init__(self, fault: str = "", shows: str = "vector") -> None:
        self.fault, self.shows = fault, shows
        self.action_space = spaces.Discrete(4)
        self.observation_space = {
            "vector": spaces.MultiDiscrete([CAP + 1]),
            "number": spaces.Discrete(CAP + 1),
            "box": spaces.Box(0, CAP, (1,), np.float32),
            "named": spaces.Dict({"inventory": spaces.Discrete(CAP + 1), "weather": spaces.Discrete(2)}),
            "nothing": spaces.Box(0, 1, (3,), np.float32),
        }[shows]
        self.episode = -1

    def _told(self) -> Any:
        if self.shows == "number":
            return self.stock
        if self.shows == "named":
            return {"inventory": self.stock, "weather": self.weather}
        if self.shows == "nothing":
            return np.zeros(3, dtype=np.float32)
        return np.array([self.stock], dtype=np.float32 if self.shows == "box" else np.int64)

    def action_masks(self) -> Any:
        """What fits into the store; with the fault `mask` one more."""
        return np.array([self.stock + order <= CAP + (self.fault == "mask") for order in range(4)], dtype=np.int8)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        super().reset(seed=seed)
        self.episode += 1
        self.stock, self.t, self.before, self.weather = 4, 0, 0, 0
        if self.fault == "start" or (self.fault == "start_shares" and self.np_random.random() < 0.5):
            self.stock = 5
        return self._told(), {}

    def step(self, action: Any) -> Any:
        rng, order = self.np_random, int(action)
        if self.fault == "crash" and self.t == 3:
            raise RuntimeError("no such shelf")
        chance = {"demand": 0.6, "season": 0.5 + 0.25 * math.sin(2 * math.pi * self.t / 5)}.get(self.fault, 0.5)
        if self.fault == "drift":
            chance = 0.5 + 0.3 * min(1.0, self.episode / 200)
        if self.fault == "weather":
            chance = 0.8 if self.weather else 0.4
        demand = int(rng.binomial(3, chance))
        arriving = {"delay": self.before, "ignored": 0}.get(self.fault, order)
        after = min(CAP - (self.fault == "cap"), max(0, self.stock + arriving - demand))
        reward = -0.5 * self.stock - 1.0 * order + (0.1 if self.fault == "bonus" else 0.0)
        reward += 3.0 * (after == 0) * (-1 if self.fault != "sign" else 1)
        reward -= 0.25 * (self.fault == "habit" and order == self.before)
        if self.fault == "size":
            reward -= 0.5 * order
        self.stock, self.before, self.t = after, order, self.t + 1
        self.weather = int(rng.random() < 0.3)
        terminated = after == (1 if self.fault == "end" else 0)
        truncated = not terminated and self.t >= HORIZON + {"early": -1, "late": 1, "endless": 999}.get(self.fault, 0)
        return self._told(), reward, terminated, truncated, {}
