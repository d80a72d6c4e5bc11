"""environment_crash: a native library reads address zero."""

import ctypes

from walk import Walk


class Env(Walk):
    n = 0

    def step(self, action):
        self.n += 1
        if self.n == 300:
            ctypes.string_at(0)  # HERE
        return super().step(action)
