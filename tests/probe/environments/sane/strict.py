"""Refuses a step after the end, and an action that is not of its space; both are its right."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1.0, (1,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)
    over = True

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.over = False
        return self.np_random.random(1, dtype=np.float32), {}

    def step(self, action):
        if self.over:
            raise gymnasium.error.ResetNeeded("reset first")
        if not self.action_space.contains(action):
            raise gymnasium.error.InvalidAction(str(action))
        self.over = bool(self.np_random.random() < 0.1)
        return self.np_random.random(1, dtype=np.float32), float(action), self.over, False, {}
