"""base_class: everything is there but the base class."""

import gymnasium


class Env:
    observation_space = gymnasium.spaces.Discrete(5)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        self.time = 0
        return 0, {}

    def step(self, action):
        self.time += 1
        return self.time % 5, float(action), self.time == 20, False, {}

    def close(self):
        pass
