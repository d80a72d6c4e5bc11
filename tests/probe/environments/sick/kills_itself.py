"""environment_crash: sends itself the signal that nothing can catch."""

import os
import signal

from walk import Walk


class Env(Walk):
    def step(self, action):
        if self.time == 30:
            os.kill(os.getpid(), signal.SIGKILL)  # HERE
        return super().step(action)
