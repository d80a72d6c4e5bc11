"""A generator of its own, renewed when a seed is given and carried on when none is."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(21)
    action_space = gymnasium.spaces.Discrete(3)

    def __init__(self):
        self.rng = np.random.default_rng()

    def reset(self, *, seed=None, options=None):
        if seed is not None:
            self.rng = np.random.default_rng(seed)
        self.stock, self.time = int(self.rng.integers(21)), 0
        return self.stock, {}

    def step(self, action):
        self.time += 1
        self.stock = int(np.clip(self.stock + action - self.rng.integers(3), 0, 20))
        return self.stock, -abs(self.stock - 10.0), False, self.time == 30, {}
