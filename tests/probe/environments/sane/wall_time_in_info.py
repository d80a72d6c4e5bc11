"""Every info tells the time and how long the step took, which no two runs share."""

import time

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1.0, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return self.np_random.random(2, dtype=np.float32), {"now": time.time()}

    def step(self, action):
        began = time.perf_counter()
        self.time += 1
        observation = self.np_random.random(2, dtype=np.float32)
        told = {"now": time.time(), "took_s": time.perf_counter() - began}
        return observation, float(observation[action]), False, self.time == 40, told
