"""environment_crash: ends the process when the goal is reached."""

import os

from walk import Walk


class Env(Walk):
    def step(self, action):
        answer = super().step(action)
        if answer[2]:
            os._exit(0)  # HERE
        return answer
