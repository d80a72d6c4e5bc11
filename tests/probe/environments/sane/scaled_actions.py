"""Actions from -400 to 400, one of them with wide and one with narrow bounds."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    def __init__(self):
        self.action_space = gymnasium.spaces.Box(
            np.array([-400.0, 0.0], np.float32), np.array([400.0, 0.1], np.float32), dtype=np.float32
        )
        self.observation_space = gymnasium.spaces.Box(-1e6, 1e6, (1,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.height, self.time = self.np_random.uniform(0, 1000), 0
        return np.array([self.height], np.float32), {}

    def step(self, action):
        self.time += 1
        self.height = float(np.clip(self.height + action[0] - 10 * action[1], -1e6, 1e6))
        return np.array([self.height], np.float32), -abs(self.height), False, self.time == 60, {}
