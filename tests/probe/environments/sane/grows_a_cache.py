"""A cache that fills up to a thousand entries and counts of what it did."""

import functools

import gymnasium
import numpy as np


@functools.lru_cache(maxsize=1000)
def table(place):
    return np.full(50, place, dtype=np.float64)


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(2000)
    action_space = gymnasium.spaces.Discrete(2)
    episodes = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.episodes += 1
        self.place, self.time = int(self.np_random.integers(2000)), 0
        return self.place, {"episodes": self.episodes}

    def step(self, action):
        self.time += 1
        self.place = (self.place + (17 if action else 1)) % 2000
        return self.place, float(table(self.place)[0]) / 2000, False, self.time == 90, {"total": self.episodes}
