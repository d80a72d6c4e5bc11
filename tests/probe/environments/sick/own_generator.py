"""seed_ignored: a generator of its own that no reset seeds."""

import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.noise = np.random.default_rng()

    def step(self, action):
        return super().step(action if self.noise.random() < 0.8 else 1 - action)
