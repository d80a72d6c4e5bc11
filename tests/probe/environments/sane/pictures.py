"""Pictures of 96 by 96 in colour, a new array every time."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0, 255, (96, 96, 3), np.uint8)
    action_space = gymnasium.spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place, self.time = int(self.np_random.integers(90)), 0
        return self._see(), {}

    def _see(self):
        picture = np.zeros((96, 96, 3), dtype=np.uint8)
        picture[self.place : self.place + 4, :, 1] = 255
        return picture

    def step(self, action):
        self.time += 1
        self.place = int(np.clip(self.place + int(action) - 1, 0, 91))
        return self._see(), float(self.place > 80), False, self.time >= 120, {}
