"""Holds the last 1500 frames of 8 kB: memory rises to 12 MB and stays there; its steps do not get slower."""

from collections import deque

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1.0, (1000,), np.float64)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self):
        self.frames = deque(maxlen=1500)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return self.np_random.random(1000), {}

    def step(self, action):
        self.time += 1
        self.frames.append(self.np_random.random(1000))
        return self.frames[-1].copy(), float(action), False, self.time == 50, {}
