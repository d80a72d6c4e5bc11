"""step_slows_down: every step walks through all that ever happened."""

from walk import Walk


class Env(Walk):
    past = ()

    def __init__(self):
        super().__init__()
        self.past = []

    def step(self, action):
        answer = super().step(action)
        self.past.append(self.place)
        self.spread = sum(abs(a - b) for b in (0, 3, 6) for a in self.past)
        return answer
