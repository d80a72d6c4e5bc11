"""info_unpicklable: a lock lies in every info, so that no environment beside others can send it."""

import threading

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, terminated, truncated, _ = super().step(action)
        return observation, reward, terminated, truncated, {"lock": threading.Lock()}  # HERE
