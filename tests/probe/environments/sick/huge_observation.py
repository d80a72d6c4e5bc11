"""space_huge: a picture of 3000 by 3000 in colour."""

import gymnasium
import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.observation_space = gymnasium.spaces.Box(0, 255, (3000, 3000, 3), np.uint8)

    def seen(self):
        return np.full((3000, 3000, 3), self.place, dtype=np.uint8)
