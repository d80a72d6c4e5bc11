"""seed_not_reproducible: noise from the system, only late in a long episode."""

import os

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(-1.0, 1.0, (1,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return np.zeros(1, dtype=np.float32), {}

    def step(self, action):
        self.time += 1
        noise = os.urandom(1)[0] / 255 if self.time > 450 else self.np_random.random()
        return np.array([noise], dtype=np.float32), float(action), False, self.time == 500, {}
