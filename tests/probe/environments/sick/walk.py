"""The base of the sick environments: sound itself, a walk to the right with random slips, at most 60 timesteps."""

import gymnasium
import numpy as np


class Walk(gymnasium.Env):
    def __init__(self):
        self.observation_space = gymnasium.spaces.Box(-1.0, 20.0, (2,), np.float32)
        self.action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place, self.time = int(self.np_random.integers(3)), 0
        return self.seen(), {}

    def seen(self):
        return np.array([self.place, self.time / 60], dtype=np.float32)

    def step(self, action):
        self.time += 1
        slips = self.np_random.random() < 0.1
        self.place = max(0, self.place + (1 if action == 1 and not slips else -1))
        terminated = self.place == 12
        return self.seen(), float(terminated), terminated, self.time >= 60, {}
