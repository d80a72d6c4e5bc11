"""reset_signature: only the observation, as Gym had it before 0.26."""

from walk import Walk


class Env(Walk):
    def reset(self, *, seed=None, options=None):
        return super().reset(seed=seed)[0]  # HERE
