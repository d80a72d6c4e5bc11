"""environment_crash: asks the system to end it, as a watchdog does."""

import os
import signal

from walk import Walk


class Env(Walk):
    def step(self, action):
        if self.time == 30:
            os.kill(os.getpid(), signal.SIGTERM)  # HERE
        return super().step(action)
