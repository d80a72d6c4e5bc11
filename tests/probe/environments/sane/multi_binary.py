"""MultiBinary actions and observations, an int8 array each."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    def __init__(self):
        self.observation_space = gymnasium.spaces.MultiBinary(6)
        self.action_space = gymnasium.spaces.MultiBinary(6)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.lamps = self.np_random.integers(0, 2, 6, dtype=np.int8)
        return self.lamps.copy(), {}

    def step(self, action):
        self.lamps = np.bitwise_xor(self.lamps, np.asarray(action, dtype=np.int8))
        lit = int(self.lamps.sum())
        return self.lamps.copy(), lit / 6, lit == 6, False, {}
