"""A dict flattened, actions rescaled, frames stacked, rewards scaled, time limited."""

import gymnasium
import numpy as np
from gymnasium import spaces, wrappers


class Inner(gymnasium.Env):
    observation_space = spaces.Dict({"place": spaces.Box(-9, 9, (1,), np.float32), "on": spaces.Discrete(2)})
    action_space = spaces.Box(-3.0, 3.0, (1,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = float(self.np_random.uniform(-1, 1))
        return self.seen(), {}

    def seen(self):
        return {"place": np.array([self.place], dtype=np.float32), "on": int(self.place > 0)}

    def step(self, action):
        self.place = float(np.clip(self.place + 0.1 * action[0] + self.np_random.normal(0, 0.1), -9, 9))
        return self.seen(), -abs(self.place), abs(self.place) > 4, False, {}


class Env(gymnasium.Wrapper):
    def __init__(self):
        env = wrappers.RescaleAction(wrappers.FlattenObservation(Inner()), np.float32(-1.0), np.float32(1.0))
        env = wrappers.TransformReward(env, lambda reward: 0.1 * reward)
        super().__init__(wrappers.FrameStackObservation(wrappers.TimeLimit(env, 60), 3))
