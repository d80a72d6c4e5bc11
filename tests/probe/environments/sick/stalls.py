"""step_stalls: one step in fifty waits for more than a second."""

import time

from walk import Walk


class Env(Walk):
    n = 0

    def step(self, action):
        self.n += 1
        if self.n % 50 == 0:
            time.sleep(1.3)  # HERE
        return super().step(action)
