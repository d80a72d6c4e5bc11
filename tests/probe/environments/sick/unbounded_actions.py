"""action_unbounded: any real number is an action."""

import gymnasium
import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.action_space = gymnasium.spaces.Box(-np.inf, np.inf, (1,), np.float32)

    def step(self, action):
        return super().step(int(action[0] > 0))
