"""seed_ignored: one generator for all environments, made when the module is imported."""

import numpy as np
from walk import Walk

RNG = np.random.default_rng(3)


class Env(Walk):
    def step(self, action):
        return super().step(action if RNG.random() < 0.8 else 1 - action)
