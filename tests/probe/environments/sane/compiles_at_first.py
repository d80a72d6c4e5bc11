"""The first step of a process takes a second, as compiling does; the others take nothing."""

import time

import gymnasium
import numpy as np

COMPILED = []


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1.0, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return self.np_random.random(2, dtype=np.float32), {}

    def step(self, action):
        if not COMPILED:
            time.sleep(1.0)
            COMPILED.append(True)
        self.time += 1
        return self.np_random.random(2, dtype=np.float32), float(action), False, self.time == 30, {}
