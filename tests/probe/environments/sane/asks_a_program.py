"""Asks another program in some resets, and waits until it has answered."""

import subprocess

import gymnasium


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(10)
    action_space = gymnasium.spaces.Discrete(2)
    count = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count, self.time = self.count + 1, 0
        if self.count % 20 == 1:
            subprocess.run(["true"], check=True)
        return int(self.np_random.integers(10)), {}

    def step(self, action):
        self.time += 1
        return int(self.np_random.integers(10)), float(action), False, self.time == 20, {}
