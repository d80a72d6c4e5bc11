"""nan_or_inf_observation: a variance becomes negative in the thousandth step of an episode."""

import gymnasium
import numpy as np


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Dict({"spread": gymnasium.spaces.Box(-np.inf, np.inf, (1,), np.float64)})
    action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return {"spread": np.ones(1)}, {}

    def step(self, action):
        self.time += 1
        with np.errstate(all="ignore"):
            spread = np.sqrt(np.array([1000.5 - self.time]))
        return {"spread": spread}, float(action.sum()), False, self.time == 1100, {}
