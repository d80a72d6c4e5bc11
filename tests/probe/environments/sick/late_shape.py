"""observation_shape: the last observation of an episode has one number too many."""

import numpy as np
from walk import Walk


class Env(Walk):
    def step(self, action):
        answer = super().step(action)
        if answer[2] or answer[3]:
            return (np.zeros(3, dtype=np.float32), *answer[1:])  # HERE
        return answer
