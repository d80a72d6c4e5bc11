"""seed_ignored: the generator is seeded in the constructor and goes on for ever."""

import random

from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.dice = random.Random(7)

    def step(self, action):
        return super().step(action if self.dice.random() < 0.8 else 1 - action)
