"""no_episode_end: neither terminated nor truncated, ever."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, *_ = super().step(action)
        self.place, self.time = self.place % 12, self.time % 60
        return observation, reward, False, False, {}
