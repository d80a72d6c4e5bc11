"""environment_crash: one of the actions of the action space is refused."""

import gymnasium
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.action_space = gymnasium.spaces.Discrete(5)

    def step(self, action):
        assert action < 4, "no such action"  # HERE
        return super().step(action % 2)
