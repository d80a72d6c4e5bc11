"""flag_type: truncated is None."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        return (*super().step(action)[:3], None if self.time < 60 else True, {})  # HERE
