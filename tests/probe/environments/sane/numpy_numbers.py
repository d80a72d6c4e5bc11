"""numpy's own numbers everywhere: reward float32, flags numpy booleans, a discrete observation as int64."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(16)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = np.int64(self.np_random.integers(1, 5))
        return self.place, {}

    def step(self, action):
        self.place = np.clip(self.place + (2 * action - 1), 0, 15)
        return self.place, np.float32(self.place) / np.float32(15), self.place == 15, self.place == np.int64(0), {}
