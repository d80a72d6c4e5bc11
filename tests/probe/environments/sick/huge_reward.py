"""reward_overflow: the goal pays 1e38."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, *rest = super().step(action)
        return observation, 1e38 * reward, *rest  # HERE
