"""The dynamics depend on the timestep: prices follow a season."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(-5.0, 5.0, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time, self.shift = 0, self.np_random.uniform(0, 6.28)
        return self._see(), {}

    def _see(self):
        angle = self.shift + 2 * np.pi * self.time / 24
        return np.array([np.sin(angle), np.cos(angle)], dtype=np.float32)

    def step(self, action):
        self.time += 1
        seen = self._see()
        return seen, float(seen[0]) * (1 if action else -1), False, self.time == 96, {}
