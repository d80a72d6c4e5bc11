"""step_signature: info is a list."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        return (*super().step(action)[:4], [])  # HERE
