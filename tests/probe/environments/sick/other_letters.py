"""observation_outside_space: a text with a sign that is not in the space's charset."""

import gymnasium
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        self.observation_space = gymnasium.spaces.Text(12)

    def seen(self):
        return f"place {self.place}"
