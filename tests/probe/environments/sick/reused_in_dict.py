"""observation_reused: the dict is new every time, the array inside is not."""

import gymnasium
import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.observation_space = gymnasium.spaces.Dict({"both": self.observation_space})
        self.buffer = np.zeros(2, dtype=np.float32)

    def seen(self):
        self.buffer[:] = self.place, self.time / 60
        return {"both": self.buffer}
