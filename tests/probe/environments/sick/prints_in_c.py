"""prints: a native library writes to file descriptor 1."""

import os

from walk import Walk


class Env(Walk):
    def step(self, action):
        os.write(1, b"solver: ok\n")
        return super().step(action)
