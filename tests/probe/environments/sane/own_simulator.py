"""The simulator is an object of its own with a generator that reset seeds."""

import gymnasium
import numpy as np


class Queue:
    def __init__(self, rng):
        self.rng, self.length = rng, 0

    def advance(self, served):
        self.length = max(0, self.length - served) + int(self.rng.poisson(1.0))


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0, 1000, (1,), np.int64)
    action_space = gymnasium.spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.queue, self.time = Queue(np.random.default_rng(self.np_random.integers(2**31))), 0
        return np.array([0]), {}

    def step(self, action):
        self.time += 1
        self.queue.advance(int(action))
        return np.array([self.queue.length]), -float(self.queue.length) - int(action), False, self.time == 48, {}
