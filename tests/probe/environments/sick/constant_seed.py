"""seed_ignored: reset takes a seed and always uses 42."""

import numpy as np
from walk import Walk


class Env(Walk):
    def reset(self, *, seed=None, options=None):
        self._np_random = np.random.default_rng(42)
        self.place, self.time = int(self.np_random.integers(3)), 0
        return self.seen(), {}
