"""observation_outside_space: the place goes beyond the bound that the space states."""

import gymnasium
import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.observation_space = gymnasium.spaces.Box(0.0, 5.0, (2,), np.float32)
