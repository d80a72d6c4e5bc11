"""Environments of packages that register nothing by themselves, made the way their own documentation says.

Named by specs that `strangers.py` writes: strangers_made.py:decisionrl with the argument name, and so on.
"""

import gymnasium
import numpy as np


def decisionrl(name):
    """An environment of decisionrl through its own adapter."""
    import decisionrl.envs

    decisionrl.envs.register_envs()
    return gymnasium.make(f"decisionrl/{name}-v0", disable_env_checker=True)


def gym_classics2(name):
    """An environment of gym-classics2 after its own registration."""
    import warnings

    import gym_classics2

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gym_classics2.register()
    return gymnasium.make(name, disable_env_checker=True)


def bsuite(name):
    """An experiment of bsuite, whose interface is dm_env's, as a Gymnasium environment; its seed is its own."""
    import bsuite as package

    return FromDmEnv(package.load_from_id(name))


class FromDmEnv(gymnasium.Env):
    """The least that makes a dm_env environment one of Gymnasium's."""

    def __init__(self, inner):
        self.inner = inner
        spec = inner.observation_spec()
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, spec.shape, np.float32)
        self.action_space = gymnasium.spaces.Discrete(inner.action_spec().num_values)

    def reset(self, *, seed=None, options=None):
        """The first observation."""
        super().reset(seed=seed)
        return np.asarray(self.inner.reset().observation, np.float32), {}

    def step(self, action):
        """An episode's end is a termination when its last discount is 0."""
        answer = self.inner.step(int(action))
        ended, over = answer.last(), answer.last() and answer.discount == 0
        observation = np.asarray(answer.observation, np.float32)
        return observation, float(answer.reward or 0.0), bool(over), bool(ended and not over), {}
