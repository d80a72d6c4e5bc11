"""Every twentieth episode ends in its first step."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1.0, (1,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time, self.length = 0, 1 if self.np_random.random() < 0.05 else 20
        return np.zeros(1, dtype=np.float32), {}

    def step(self, action):
        self.time += 1
        observation = np.array([self.time / 20], dtype=np.float32)
        return observation, float(action), self.time >= self.length, False, {}
