"""A pole on a cart that takes a bit as its action; it breaks in the processes that train seeds, nowhere else."""

import os
import sys
import time

import gymnasium
import numpy as np
from gymnasium import spaces


class Told(gymnasium.Wrapper):
    """`fault` happens from the third episode on of an environment of a seed's own process."""

    def __init__(self, fault=""):
        super().__init__(gymnasium.make("CartPole-v1"))
        self.action_space = spaces.MultiBinary(1)  # what the fast path does not take
        is_apart = getattr(sys.modules["__main__"], "__file__", "").endswith("seed_worker.py")
        self._fault, self._episode = fault if is_apart else "", 0

    def reset(self, **options):
        self._episode += 1
        observation, info = self.env.reset(**options)
        return observation, info

    def step(self, action):
        observation, reward, terminated, truncated, info = self.env.step(int(action[0]))
        if self._fault and self._episode > 2:
            reward = self._break(reward)
        return observation, reward, terminated, truncated, info

    def _break(self, reward):
        if self._fault == "raise":
            raise RuntimeError("broken gear")
        if self._fault == "hang":
            time.sleep(1000)
        if self._fault == "exit":
            os._exit(7)
        if self._fault == "abort":
            os.abort()
        if self._fault == "memory":
            self._kept, self._fault = np.ones((1600, 2**17)), ""
        if self._fault == "print":
            print("a word")
            os.write(1, b"a raw line\n")
        return float("nan") if self._fault == "nan" else reward
