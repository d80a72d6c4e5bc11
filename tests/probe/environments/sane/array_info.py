"""info holds arrays, a nested dict and the time that the step took."""

import time

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(10)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place, self.time = 5, 0
        return 5, {"map": np.zeros((10, 10)), "began": time.time()}

    def step(self, action):
        self.time += 1
        self.place = int(np.clip(self.place + (1 if action else -1), 0, 9))
        info = {"map": self.np_random.random((10, 10)), "deep": {"clock": time.perf_counter()}, "action_mask": [1, 1]}
        return self.place, float(self.place == 9), self.place == 0, self.time == 50, info
