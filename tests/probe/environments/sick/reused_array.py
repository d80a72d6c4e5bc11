"""observation_reused: one array is filled and returned again and again."""

import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.buffer = np.zeros(2, dtype=np.float32)

    def seen(self):
        self.buffer[:] = self.place, self.time / 60
        return self.buffer
