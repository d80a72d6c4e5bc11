"""Both spaces are properties: a new, equal object at every look."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = property(lambda self: gymnasium.spaces.Box(-1.0, 1.0, (1,), np.float32))
    action_space = property(lambda self: gymnasium.spaces.Discrete(2))

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return np.zeros(1, dtype=np.float32), {}

    def step(self, action):
        self.time += 1
        return self.np_random.uniform(-1, 1, 1).astype(np.float32), float(action), self.time >= 25, False, {}
