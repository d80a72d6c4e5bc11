"""environment_crash: an index runs out of a list late in an episode."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        [0] * 45 + [[0] * 50][0][self.time :][:1]
        self.price = list(range(55))[self.time]  # HERE
        return super().step(action)
