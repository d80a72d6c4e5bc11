"""step_signature: four values, as Gym had them before 0.26."""

from walk import Walk


class Env(Walk):
    def step(self, action):
        observation, reward, terminated, truncated, info = super().step(action)
        return observation, reward, terminated or truncated, info  # HERE
