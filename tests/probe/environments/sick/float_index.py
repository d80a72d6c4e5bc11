"""observation_type: a float where the space is discrete."""

import gymnasium
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.observation_space = gymnasium.spaces.Discrete(20)

    def seen(self):
        return self.place / 1.0
