"""nan_or_inf_reward: the reward divides by what is left of the time."""

import numpy as np
from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, _, *rest = super().step(action)
        with np.errstate(all="ignore"):
            reward = float(np.float64(self.place) / np.float64(60 - self.time))
        return observation, reward, *rest  # HERE
