"""reset takes whatever it is given, and samples its start from the observation space."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    def __init__(self):
        self.observation_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)

    def reset(self, **kwargs):
        super().reset(seed=kwargs.get("seed"))
        if kwargs.get("seed") is not None:
            self.observation_space.seed(kwargs["seed"])
        self.state, self.time = self.observation_space.sample(), 0
        return self.state.copy(), {}

    def step(self, action):
        self.time += 1
        self.state = np.clip(self.state + 0.1 * action, -1, 1).astype(np.float32)
        return self.state.copy(), -float((self.state**2).sum()), False, self.time >= 30, {}
