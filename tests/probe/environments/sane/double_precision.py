"""float64 observations in a float64 space without bounds."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    def __init__(self):
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (3,), np.float64)
        self.action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.state = self.np_random.normal(size=3)
        return self.state.copy(), {}

    def step(self, action):
        self.state = 0.95 * self.state + self.np_random.normal(size=3) * (1.0 if action else 0.5)
        far = bool(np.abs(self.state).max() > 6)
        return self.state.copy(), 1.0, far, False, {}
