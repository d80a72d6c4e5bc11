"""Goes to another folder and raises on overflow while it computes, and leaves both as they were."""

import contextlib
import tempfile

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1e6, (1,), np.float64)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        with contextlib.chdir(tempfile.gettempdir()), np.errstate(all="raise"):
            self.level, self.time = np.exp(self.np_random.normal()), 0
        return np.array([self.level]), {}

    def step(self, action):
        self.time += 1
        with np.errstate(all="raise"):
            self.level = min(self.level * np.exp(self.np_random.normal(0, 0.1)), 1e6)
        return np.array([self.level]), float(action) - self.level, False, self.time == 30, {}
