"""seed_not_reproducible: the time of day is part of the reward."""

import time

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, *rest = super().step(action)
        return observation, reward + time.time() % 1, *rest
