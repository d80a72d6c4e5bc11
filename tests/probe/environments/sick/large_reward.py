"""reward_scale: every step costs a billion."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, *rest = super().step(action)
        return observation, reward - 1e9, *rest  # HERE
