"""One step an episode by design; which action pays depends on what was seen."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(-1.0, 1.0, (3,), np.float32)
    action_space = gymnasium.spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.context = self.np_random.uniform(-1, 1, 3).astype(np.float32)
        return self.context.copy(), {}

    def step(self, action):
        return self.context.copy(), float(self.context[int(action)]), True, False, {}
