"""process_forked: a step forks, and the copy goes on as if it were the first process."""

import os

from walk import Walk


class Env(Walk):
    forked = False

    def step(self, action):
        if self.time == 20 and not self.forked:
            self.forked = True
            os.fork()  # HERE
        return super().step(action)
