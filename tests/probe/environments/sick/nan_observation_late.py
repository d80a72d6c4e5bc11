"""nan_or_inf_observation: a logarithm of zero at the last step of an episode."""

import numpy as np
from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, *rest = super().step(action)
        observation[1] = np.nan if self.time >= 55 else observation[1]
        return (observation, *rest)  # HERE
