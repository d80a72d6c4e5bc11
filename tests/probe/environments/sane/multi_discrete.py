"""MultiDiscrete actions and observations."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    def __init__(self):
        self.observation_space = gymnasium.spaces.MultiDiscrete([4, 5, 6])
        self.action_space = gymnasium.spaces.MultiDiscrete([3, 3])

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.state, self.time = self.np_random.integers([4, 5, 6]), 0
        return self.state.copy(), {}

    def step(self, action):
        self.time += 1
        self.state = (self.state + np.array([action[0], action[1], 1])) % [4, 5, 6]
        return self.state.copy(), float(self.state.sum()), False, self.time == 40, {}
