"""space_changes: late in an episode an action is taken out of the space."""

import gymnasium
from walk import Walk


class Env(Walk):
    def step(self, action):
        answer = super().step(action)
        if self.time == 15:
            self.action_space = gymnasium.spaces.Discrete(1)  # HERE
        return answer

    def reset(self, *, seed=None, options=None):
        self.action_space = gymnasium.spaces.Discrete(2)
        return super().reset(seed=seed)
