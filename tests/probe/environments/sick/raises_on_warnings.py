"""process_changed: after some steps every warning of every library is an exception."""

import warnings

from walk import Walk


class Env(Walk):
    def step(self, action):
        if self.time > 3:
            warnings.simplefilter("error")  # HERE
        return super().step(action)
