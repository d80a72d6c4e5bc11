"""memory_leak: a dict of every transition, half a kilobyte each."""

from walk import Walk


class Env(Walk):
    log = ()

    def __init__(self):
        super().__init__()
        self.log = []

    def step(self, action):
        answer = super().step(action)
        self.log.append({"place": float(self.place), "time": str(self.time) * 100, "action": [action]})  # HERE
        return answer
