"""environment_crash: the action space begins at 1, the table at 0."""

import gymnasium
from walk import Walk

FORCES = (0, 1, 1)


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.action_space = gymnasium.spaces.Discrete(3, start=1)

    def step(self, action):
        return super().step(FORCES[action])  # HERE
