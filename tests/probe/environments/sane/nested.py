"""A Dict in a Dict, a Tuple in it, and a MultiBinary."""

import gymnasium
import numpy as np
from gymnasium import spaces


class Env(gymnasium.Env):
    def __init__(self):
        inner = spaces.Dict({"flags": spaces.MultiBinary(4), "kind": spaces.Discrete(3)})
        pair = spaces.Tuple((spaces.Discrete(5), spaces.Box(0.0, 1.0, (2,), np.float32)))
        self.observation_space = spaces.Dict({"inner": inner, "pair": pair})
        self.action_space = spaces.Discrete(4)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return self._see(0), {}

    def _see(self, action):
        flags = np.zeros(4, dtype=np.int8)
        flags[action] = 1
        pair = (self.time % 5, self.np_random.random(2, dtype=np.float32))
        return {"inner": {"flags": flags, "kind": np.int64(self.time % 3)}, "pair": pair}

    def step(self, action):
        self.time += 1
        return self._see(action), float(action == self.time % 4), self.time == 25, False, {}
