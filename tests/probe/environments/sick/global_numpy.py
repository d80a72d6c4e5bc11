"""global_rng: noise from numpy's global generator."""

import numpy as np
from walk import Walk


class Env(Walk):
    def step(self, action):
        noise = np.random.rand()  # noqa: NPY002 # HERE
        return super().step(action if noise < 0.8 else 1 - action)
