"""seed_not_reproducible: a table is drawn without a seed when the module is imported, and is another one next time."""

import numpy as np
from walk import Walk

BONUS = np.random.default_rng().random(60)


class Env(Walk):
    def step(self, action):
        observation, reward, terminated, truncated, info = super().step(action)
        return observation, reward + float(BONUS[self.time - 1]), terminated, truncated, info
