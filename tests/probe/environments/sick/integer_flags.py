"""flag_type: terminated is 0 or 1."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, terminated, truncated, info = super().step(action)
        return observation, reward, int(terminated), truncated, info  # HERE
