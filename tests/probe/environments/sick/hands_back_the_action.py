"""observation_reused: the caller's own action lies in the observation, and reset writes into it."""

import gymnasium
import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        place = gymnasium.spaces.Box(-1.0, 20.0, (1,), np.float32)
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (1,), np.float32)
        self.observation_space = gymnasium.spaces.Dict({"place": place, "last": self.action_space})
        self.last = np.zeros(1, dtype=np.float32)

    def seen(self):
        return {"place": np.array([self.place], dtype=np.float32), "last": self.last}

    def reset(self, *, seed=None, options=None):
        self.last[:] = 0
        return super().reset(seed=seed)

    def step(self, action):
        self.last = action
        return super().step(int(action[0] > 0))
