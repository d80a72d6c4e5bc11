"""observation_keys: a key of the observation is missing after the first step."""

import gymnasium
import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        box = gymnasium.spaces.Box(0.0, 60.0, (1,), np.float32)
        self.observation_space = gymnasium.spaces.Dict({"place": box, "time": box})

    def seen(self):
        place, time = np.array([self.place], np.float32), np.array([self.time], np.float32)
        return {"place": place} if self.time else {"place": place, "time": time}
