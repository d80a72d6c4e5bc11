"""Rewards of ten thousand, and a penalty of half a million."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 40.0, (1,), np.float32)
    action_space = gymnasium.spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.stock, self.day = 10, 0
        return np.array([self.stock], dtype=np.float32), {}

    def step(self, action):
        self.day += 1
        demand = int(self.np_random.poisson(2))
        sold = min(self.stock, demand)
        self.stock = min(40, self.stock - sold + int(action) * 2)
        reward = 1e4 * sold - (5e5 if self.stock == 0 else 0.0)
        return np.array([self.stock], dtype=np.float32), reward, False, self.day == 30, {}
