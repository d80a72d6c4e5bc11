"""state_leaks_over_reset: a default of the class is changed by every episode."""

from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.visits = [0] * 20

    def step(self, action):
        observation, reward, *rest = super().step(action)
        self.visits[self.place] += 1
        return observation, reward + 1.0 / self.visits[self.place], *rest
