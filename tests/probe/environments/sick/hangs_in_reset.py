"""environment_hang: the fifth reset waits for a server."""

import time

from walk import Walk


class Env(Walk):
    n = 0

    def reset(self, *, seed=None, options=None):
        self.n += 1
        if self.n == 5:
            time.sleep(1e6)  # HERE
        return super().reset(seed=seed)
