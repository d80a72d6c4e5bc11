"""seed_not_reproducible: noise that comes from the operating system."""

import os

from walk import Walk


class Env(Walk):
    def step(self, action):
        return super().step(action if os.urandom(1)[0] < 200 else 1 - action)
