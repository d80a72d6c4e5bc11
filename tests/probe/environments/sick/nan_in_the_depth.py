"""nan_or_inf_observation: one number deep in a nested observation, and only left of the start."""

import gymnasium
import numpy as np
from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        box = gymnasium.spaces.Box(-np.inf, np.inf, (2,), np.float32)
        inner = gymnasium.spaces.Tuple((gymnasium.spaces.Discrete(20), box))
        self.observation_space = gymnasium.spaces.Dict({"body": gymnasium.spaces.Dict({"joint": inner})})

    def seen(self):
        height = 0.0 if self.time < 20 or self.place else np.inf * 0.0
        return {"body": {"joint": (self.place, np.array([self.place, height], dtype=np.float32))}}
