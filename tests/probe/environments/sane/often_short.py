"""A fall that random actions survive for one or two steps."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(100)
    action_space = gymnasium.spaces.Discrete(8)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return 0, {}

    def step(self, action):
        right = int(action) == (self.time * 3) % 8
        self.time += 1
        return min(self.time, 99), 1.0, not right or self.time == 99, False, {}

    def render(self):
        return np.zeros((8, 8, 3), dtype=np.uint8)
