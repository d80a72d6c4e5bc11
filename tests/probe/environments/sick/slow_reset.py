"""reset_slow: every reset takes more than a second."""

import time

from walk import Walk


class Env(Walk):
    def reset(self, *, seed=None, options=None):
        time.sleep(1.2)  # HERE
        return super().reset(seed=seed)
