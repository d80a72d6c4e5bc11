"""A map drawn once with a generator of its own, which is never used again."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    def __init__(self, size=8):
        self.map_rng = np.random.default_rng(0)
        self.holes = self.map_rng.random((size, size)) < 0.1
        self.holes[0, 0] = False
        self.observation_space = gymnasium.spaces.Discrete(size * size)
        self.action_space = gymnasium.spaces.Discrete(4)
        self.size = size

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.x = self.y = 0
        return 0, {}

    def step(self, action):
        turned = (int(action) + int(self.np_random.integers(-1, 2))) % 4
        dx, dy = ((1, 0), (0, 1), (-1, 0), (0, -1))[turned]
        self.x, self.y = int(np.clip(self.x + dx, 0, self.size - 1)), int(np.clip(self.y + dy, 0, self.size - 1))
        goal = self.x == self.y == self.size - 1
        return self.x * self.size + self.y, float(goal), bool(goal or self.holes[self.x, self.y]), False, {}
