"""Environments that limit themselves; loaded by the probe's child through an entry point."""

import gymnasium


class Cut(gymnasium.Env):
    """Action 1 moves right on a short line, every step at its end pays 1; truncates itself, never terminates."""

    def __init__(self, length=100, spread=0):
        self.observation_space = gymnasium.spaces.Discrete(5)
        self.action_space = gymnasium.spaces.Discrete(2)
        self.length, self.spread = length, spread

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = self.place = 0
        self.limit = self.length + int(self.np_random.integers(self.spread + 1))
        return 0, {}

    def step(self, action):
        self.steps += 1
        self.place = min(4, max(0, self.place + (1 if action else -1)))
        return self.place, float(self.place == 4), False, self.steps >= self.limit, {}


class Listed(gymnasium.Env):
    """Takes only some values of its argument."""

    def __init__(self, size="small"):
        self.observation_space = gymnasium.spaces.Discrete({"small": 3, "large": 5}[size])
        self.action_space = gymnasium.spaces.Discrete(2)
