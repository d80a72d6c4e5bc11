"""memory_leak: keeps a frame of every step for ever."""

import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.frames = []

    def step(self, action):
        self.frames.append(np.ones(2000))  # HERE
        return super().step(action)
