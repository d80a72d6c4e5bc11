"""Discrete spaces that do not start at zero."""

import gymnasium


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(11, start=-5)
    action_space = gymnasium.spaces.Discrete(3, start=-1)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = int(self.np_random.integers(-2, 3))
        return self.place, {}

    def step(self, action):
        self.place += int(action)
        ends = abs(self.place) == 5
        return self.place, float(self.place), ends, False, {}
