"""Actions are a tuple of a choice and an amount; observations are a tuple too."""

import gymnasium
import numpy as np
from gymnasium import spaces


class Env(gymnasium.Env):
    action_space = spaces.Tuple((spaces.Discrete(3), spaces.Box(0.0, 1.0, (1,), np.float32)))
    observation_space = spaces.Tuple((spaces.Discrete(3), spaces.Box(0.0, 100.0, (1,), np.float32)))

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.kind, self.level = int(self.np_random.integers(3)), 50.0
        return self._see(), {}

    def _see(self):
        return self.kind, np.array([self.level], dtype=np.float32)

    def step(self, action):
        kind, amount = action
        right = int(kind) == self.kind
        self.level = float(np.clip(self.level + (5.0 if right else -8.0) * float(amount[0]) - 1.0, 0, 100))
        self.kind = int(self.np_random.integers(3))
        return self._see(), float(right), self.level <= 0, False, {}
