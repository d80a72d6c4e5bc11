"""space_huge: 2**40 actions."""

import gymnasium
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.action_space = gymnasium.spaces.Discrete(2**40)

    def step(self, action):
        return super().step(action % 2)
