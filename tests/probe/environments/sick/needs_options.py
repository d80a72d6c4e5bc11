"""environment_crash: reset cannot do without options."""

from walk import Walk


class Env(Walk):
    def reset(self, *, seed=None, options=None):
        answer = super().reset(seed=seed)
        self.time = options["time"]  # HERE
        return answer
