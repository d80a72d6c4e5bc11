"""A continuing task that is cut after 500 timesteps, with a constant part in its reward."""

import gymnasium
import numpy as np


class Endless(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(-10.0, 10.0, (1,), np.float32)
    action_space = gymnasium.spaces.Box(-1.0, 1.0, (1,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.x = 0.0
        return np.zeros(1, dtype=np.float32), {}

    def step(self, action):
        self.x = float(np.clip(0.9 * self.x + float(action[0]) + self.np_random.normal() * 0.1, -10, 10))
        return np.array([self.x], dtype=np.float32), 1.0 - self.x**2, False, False, {}


def Env():
    return gymnasium.wrappers.TimeLimit(Endless(), 500)
