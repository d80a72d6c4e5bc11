"""prints: a line for every step."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        print("place", self.place)  # HERE
        return super().step(action)
