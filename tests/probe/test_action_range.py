"""Which part of a box of actions does anything, found by replaying."""

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces

from scoper.probe.action_range import SHARES, action_range


class Pushed(gymnasium.Env):
    """A point that goes where it is pushed, at most by `most`, not at all below `least`; the second push is idle."""

    def __init__(self, bound=1.0, most=np.inf, least=0.0):
        self.observation_space = spaces.Box(-np.inf, np.inf, (1,))
        self.action_space = spaces.Box(-bound, bound, (2,), dtype=np.float32)
        self.most, self.least = most, least

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.at = self.np_random.normal()
        return np.array([self.at], dtype=np.float32), {}

    def step(self, action):
        push = float(np.clip(action[0], -self.most, self.most))
        self.at += (push if abs(push) > self.least else 0.0) + self.np_random.normal()
        return np.array([self.at], dtype=np.float64), -abs(self.at), False, False, {}


@pytest.mark.parametrize(
    ("env", "saturates", "wakes"),
    [(Pushed(), 1.0, 0.0), (Pushed(500.0, most=1.0), 0.003, 0.0), (Pushed(least=0.5), 1.0, 0.3)],
)
def test_the_shares_are_those_that_were_built_in_and_an_idle_component_is_told(env, saturates, wakes):
    """Pushes beyond 1 of 500 are alike from a share of 0.003 on; up to 0.5 nothing happens, 0.3 being tried last."""
    first, second = action_range(env, [1, 2, 3], pace=1e5).parts

    assert (first.saturates, first.wakes, first.moves) == (saturates, wakes, True)
    assert not second.moves


def test_no_box_no_bounds_and_no_time_are_no_answer():
    env = Pushed()
    assert action_range(env, [1, 2, 3], pace=10.0) is None
    env.action_space = spaces.Box(-np.inf, np.inf, (1,))
    assert action_range(env, [1, 2, 3], pace=1e5) is None
    env.action_space = spaces.Discrete(3)
    assert action_range(env, [1, 2, 3], pace=1e5) is None


def test_shares_rise_to_the_bound():
    assert list(SHARES) == sorted(SHARES)
    assert SHARES[-1] == 1.0
