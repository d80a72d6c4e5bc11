"""Observations are made once, cannot be written to, and come again."""

import gymnasium
import numpy as np

ROWS = np.eye(8, dtype=np.float32)
ROWS.setflags(write=False)


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1.0, (8,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = int(self.np_random.integers(4))
        return ROWS[self.place], {}

    def step(self, action):
        self.place = min(max(self.place + (1 if action else -1), 0), 7)
        return ROWS[self.place], float(self.place == 7), self.place == 7, False, {}
