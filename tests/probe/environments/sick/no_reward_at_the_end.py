"""reward_type: the last step pays None."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, terminated, truncated, info = super().step(action)
        return observation, None if terminated else reward, terminated, truncated, info  # HERE
