"""observation_outside_space: a sine and a cosine that rounding puts beyond 1 by a ten-millionth."""

import gymnasium
import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.observation_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float64)

    def seen(self):
        angle = np.pi * self.place / 2
        return np.array([np.cos(angle), np.sin(angle)]) * (1 + 1e-7)
