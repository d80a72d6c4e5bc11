"""Keeps every frame of an episode, and forgets them in reset."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1.0, (4,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.frames = [np.zeros(4, dtype=np.float32)]
        return self.frames[0].copy(), {}

    def step(self, action):
        self.frames.append(self.np_random.random(4, dtype=np.float32))
        self.heavy = [np.ones(500) for _ in self.frames[-50:]]
        return self.frames[-1].copy(), float(action), False, len(self.frames) > 700, {"episode": list(self.frames[-2:])}
