"""nan_or_inf_reward: minus infinity for standing at the wall."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, *rest = super().step(action)
        return observation, reward if self.place else -float("inf"), *rest  # HERE
