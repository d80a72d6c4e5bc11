"""No randomness at all: every seed gives the same episode, and reset need not use it."""

import gymnasium


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(30)
    action_space = gymnasium.spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        self.place, self.time = 3, 0
        return self.place, {}

    def step(self, action):
        self.time += 1
        self.place = (self.place * (int(action) + 1) + 7) % 30
        return self.place, float(self.place == 29), self.place == 29, self.time == 80, {}
