"""A library wants numpy's global generator: it is seeded from the environment's own, and put back."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(-10.0, 10.0, (1,), np.float64)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        kept, self.time = np.random.get_state(), 0  # noqa: NPY002
        np.random.seed(int(self.np_random.integers(2**31)))  # noqa: NPY002
        self.noise = np.clip(np.random.normal(size=30), -5, 5)  # noqa: NPY002
        np.random.set_state(kept)  # noqa: NPY002
        return np.zeros(1), {}

    def step(self, action):
        self.time += 1
        return self.noise[self.time - 1 : self.time].copy(), float(action), False, self.time == 30, {}
