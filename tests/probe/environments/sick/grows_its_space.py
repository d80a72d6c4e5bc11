"""space_changes: every episode has as many features as it likes, and says so."""

import gymnasium
import numpy as np
from walk import Walk


class Env(Walk):
    width = 2

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.width = int(self.np_random.integers(2, 6))
        self.observation_space = gymnasium.spaces.Box(-1.0, 20.0, (self.width,), np.float32)  # HERE
        return self.seen(), {}

    def seen(self):
        return np.full(self.width, self.place, dtype=np.float32)
