"""state_leaks_over_reset: the wear of earlier episodes is still there after a reset."""

from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.wear = 0.0

    def step(self, action):
        self.wear += 0.001
        observation, reward, *rest = super().step(action)
        return observation, reward - self.wear, *rest
