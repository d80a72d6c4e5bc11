"""nan_or_inf_reward: the reward is NaN only where a long straight walk ends."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, terminated, *rest = super().step(action)
        return observation, float("nan") if terminated else reward, terminated, *rest  # HERE
