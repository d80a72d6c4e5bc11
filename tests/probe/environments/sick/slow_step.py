"""step_slow: every step waits for a tenth of a second."""

import time

from walk import Walk


class Env(Walk):
    def step(self, action):
        time.sleep(0.1)  # HERE
        return super().step(action)
