"""episode_of_one_step: the end is tested before the move."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, *_ = super().step(action)
        return observation, reward, self.place < 12, False, {}
