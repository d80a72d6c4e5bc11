"""observation_reused: three arrays take turns, so that an observation is overwritten three steps later."""

import itertools

import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.ring = itertools.cycle([np.zeros(2, dtype=np.float32) for _ in range(3)])

    def seen(self):
        array = next(self.ring)
        array[:] = self.place, self.time / 60
        return array
