"""An episode has 6,000 timesteps and truncates itself."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    def __init__(self):
        self.observation_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (1,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.x, self.v, self.time = self.np_random.uniform(-0.5, 0.5), 0.0, 0
        return self._see(), {}

    def _see(self):
        return np.array([self.x, self.v], dtype=np.float32)

    def step(self, action):
        self.time += 1
        self.v = float(np.clip(0.9 * self.v + 0.1 * float(action[0]), -1, 1))
        self.x = float(np.clip(self.x + 0.1 * self.v, -1, 1))
        return self._see(), -abs(self.x), False, self.time >= 6000, {"time": self.time}
