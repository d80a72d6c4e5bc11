"""handle_leak: now and then a reset starts a program that nobody waits for."""

import subprocess

from walk import Walk


class Env(Walk):
    def reset(self, *, seed=None, options=None):
        answer = super().reset(seed=seed)
        if self.place == 2:
            self.program = subprocess.Popen(["sleep", "20"])  # HERE
        return answer
